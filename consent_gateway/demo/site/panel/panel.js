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
const live = make("p", { class: "demo-live", "aria-live": "polite" });
const calm = make("p", { class: "demo-calm" });

function build() {
  const bar = make("button", { type: "button", class: "demo-bar", "aria-expanded": "false", "aria-controls": "demo-body" }, barNumber, barLabel);
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
        make("p", {}, unprotected ? "Sets the record of this side to zero." : "Sets this side to zero and forgets your choice, so that you are asked again."),
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
  const words = `request${count === 1 ? "" : "s"} to other companies`;
  number.textContent = barNumber.textContent = String(count);
  label.textContent = words;
  barLabel.replaceChildren(words, make("br"), unprotected ? "without the gateway" : "behind the gateway");
  panel.dataset.count = count ? "some" : "none";
  if (live.textContent !== `${count} ${words}`) live.textContent = `${count} ${words}`;
  calm.textContent = count
    ? "Each of them also carries your IP address and what browser you use."
    : "Your browser has talked to this website and to nobody else.";
}

// ---- the stream ---------------------------------------------------------------------------------------

async function startOver() {
  await fetch(`/demo/start-over?side=${side}`, { method: "POST" });
  if (!unprotected) location.reload();
}

let stream;
function listen() {
  stream = new EventSource(`/demo/traffic?side=${side}`);
  stream.onmessage = ({ data }) => {
    const view = JSON.parse(data);
    showCount(view.count);
    showCompanies(view.companies);
    showGoogle(view, unprotected);
  };
}

build();
showCount(0);
listen();
addEventListener("pagehide", () => stream.close());
addEventListener("pageshow", (event) => event.persisted && listen());
