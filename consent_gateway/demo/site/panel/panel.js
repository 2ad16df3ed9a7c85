// The panel of the demo: shows live what the stand-ins for third parties have received.
import { list, showCompanies } from "./companies.js";
import { google, note, rows, showGoogle } from "./google.js";
import { make, shield } from "./pieces.js";

const unprotected = location.host === "{{unprotected}}";
const side = unprotected ? "unprotected" : "protected";
const elsewhere = `http://${unprotected ? "{{gateway}}" : "{{unprotected}}"}${location.pathname}${location.search}`;
const panel = document.getElementById("demo-panel");
const NEWSLETTER = "/news?utm_source=newsletter&utm_medium=email&email=anna%40example.org";

// ---- pieces -----------------------------------------------------------------------------------

const number = make("b", {}, "0");
const barNumber = make("b", {}, "0");
const label = make("span");
const barLabel = make("span");
const barRest = make("i");
const live = make("p", { class: "demo-live", "aria-live": "polite" });
const calm = make("p", { class: "demo-calm" });

function build() {
  const bar = make("button", { type: "button", class: "demo-bar", "aria-expanded": "false", "aria-controls": "demo-body" }, barNumber, barLabel, barRest);
  bar.addEventListener("click", () => bar.setAttribute("aria-expanded", String(panel.toggleAttribute("data-open"))));
  const again = make("button", { type: "button", class: "demo-again" }, "Start over");
  again.addEventListener("click", startOver);
  panel.dataset.side = side;
  panel.replaceChildren(
    live,
    bar,
    make("div", { class: "demo-body", id: "demo-body" },
      make("div", { class: "demo-side" },
        make("h2", { class: "demo-badge" }, shield(unprotected), unprotected ? "Without the gateway" : "Behind the gateway"),
        make("p", {}, `This page’s code asks for: ${panel.dataset.holds}.`),
        make("a", { class: "demo-link", href: elsewhere, rel: "noreferrer" }, unprotected ? "Back behind the gateway" : "See the same page without protection")),
      make("section", { "aria-labelledby": "demo-left" },
        make("h3", { id: "demo-left" }, "What has left your browser"),
        make("p", { class: "demo-count" }, number, label), calm, list),
      make("section", { "aria-labelledby": "demo-google" },
        make("h3", { id: "demo-google" }, "What went to Google, and in which form"), google, rows, note),
      tries(),
      make("div", { class: "demo-foot" },
        make("div", {}, again),
        make("p", {}, unprotected ? "A new visit: the number of this side goes to zero." : "A new visit: the number goes to zero, and your choice is forgotten, so that you are asked again."),
        make("p", {}, make("a", { href: "http://{{catalogue}}/" }, "Every service of the catalogue, held and loaded side by side")),
        make("p", {}, "LinkedIn, Google, YouTube and Zoom are stand-ins on your own computer. They are sent what the real ones were measured to be sent, and nothing leaves this machine."))),
  );
}

function tries() {
  if (unprotected) return make("p", {}, "Same browser, same page, and nobody has asked you anything.");
  const items = [
    ["“Reject all” in the notice: the number stays at zero."],
    ["Load only the film or a button in its place: one click, one company."],
    ["“Accept all”, and compare what Google gets."],
    [make("a", { href: NEWSLETTER }, "The newsletter’s link"), " has an e-mail address in it. See where it ends up."],
  ];
  return make("section", { "aria-labelledby": "demo-try" },
    make("h3", { id: "demo-try" }, "Things to try"),
    make("ol", { class: "demo-tries" }, ...items.map((item) => make("li", {}, ...item))));
}

// ---- what has left the browser ------------------------------------------------------------------

function showCount(count) {
  const requests = `request${count === 1 ? "" : "s"}`;
  const words = `${requests} to other companies in this visit`;
  number.textContent = barNumber.textContent = String(count);
  label.textContent = words;
  barLabel.textContent = requests;
  barRest.textContent = `to other companies, ${unprotected ? "without" : "behind"} the gateway`;
  panel.dataset.count = count ? "some" : "none";
  if (live.textContent !== `${count} ${words}`) live.textContent = `${count} ${words}`;
  calm.textContent = count
    ? "Each of them also carries your IP address and what browser you use."
    : "Your browser has talked to this website and to nobody else.";
}

// ---- the stream ---------------------------------------------------------------------------------------

// Everything is numbered that reaches a third party. A visit begins with the first page that a tab
// opens of this version of the site: with the last number from before that page was sent.
const VISIT = "demo-visit";
let since = panel.dataset.sent;
try {
  since = sessionStorage.getItem(VISIT) || since;
} catch {
  // without storage every page is a visit of its own
}

function begin(number) {
  since = number;
  try {
    sessionStorage.setItem(VISIT, number);
  } catch {
    // as above
  }
}

async function startOver() {
  const answer = await fetch("/demo/start-over", { method: "POST" });
  begin(await answer.text());
  if (!unprotected) return location.reload();
  stream.close();
  listen();
}

let stream;
function listen() {
  stream = new EventSource(`/demo/traffic?side=${side}&since=${since}`);
  stream.onmessage = ({ data }) => {
    const view = JSON.parse(data);
    showCount(view.count);
    showCompanies(view.companies);
    showGoogle(view, unprotected);
  };
}

begin(since);
build();
showCount(0);
listen();
addEventListener("pagehide", () => stream.close());
addEventListener("pageshow", (event) => event.persisted && listen());
