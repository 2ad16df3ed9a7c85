// What went to Google: what the page's code would send beside what the gateway has sent on.
import { make } from "./pieces.js";

export const google = make("p");
export const rows = make("table");
export const note = make("p", { class: "demo-note" });

const gone = Symbol("not sent");
const or = (value) => value || gone;
const bare = (address) => address.replace(/^http:\/\//, "");
const FIELDS = [
  ["Your IP address", () => "visible", () => "not sent: Google sees the gateway’s"],
  ["Who you are", (hit) => `${hit.client} (in a cookie for two years)`, (hit) => `${hit.client} (a pseudonym that changes daily)`],
  ["Customer number", (hit) => hit.user, (hit) => or(hit.user)],
  ["Page", (hit) => bare(hit.page), (hit) => or(bare(hit.page))],
  ["Page before", (hit) => bare(hit.before) || "none", (hit) => or(bare(hit.before))],
  ["Browser", (hit) => hit.browser, (hit) => or(hit.browser)],
  ["Language", (hit) => hit.language, (hit) => or(hit.language)],
  ["Screen", (hit) => hit.screen, (hit) => or(hit.screen)],
];

function ownHit() {
  const brands = navigator.userAgentData ? navigator.userAgentData.brands.filter(({ brand }) => !brand.includes("Not")) : [];
  const browser = brands.length ? `${brands[0].brand} ${brands[0].version} with exact version, on ${navigator.userAgentData.platform} with version and processor` : navigator.userAgent;
  return {
    client: "a number", user: "customer-4711", page: location.href, before: document.referrer, browser,
    language: navigator.language.toLowerCase(), screen: `${screen.width}x${screen.height}`,
  };
}

export function showGoogle(view, unprotected) {
  const here = new URL(location.href);
  const at = (hit, withQuery) => {
    const page = URL.canParse(hit.page) ? new URL(hit.page) : here;
    return page.pathname === here.pathname && (!withQuery || page.search === here.search);
  };
  const direct = view.direct.find((hit) => at(hit, true));
  const through = view.through.find((hit) => at(hit, false));
  const left = direct || (unprotected ? null : ownHit());
  google.textContent = said(view, direct, through, unprotected);
  rows.replaceChildren(...(left ? table(left, through, unprotected) : []));
  note.textContent = noted(left, direct, through, unprotected);
}

function said(view, direct, through, unprotected) {
  if (unprotected) return direct ? "This visit, straight from your browser:" : "Nothing yet.";
  const own = view.companies.some(({ lines }) => lines.some(({ what }) => what.startsWith("Analytics")));
  const sent = `The gateway has sent on ${view.through_count} measurement${view.through_count === 1 ? "" : "s"}`;
  if (through) return `${sent}${own ? "" : ", your browser none"}. This page view:`;
  return view.through_count ? "Of this page nothing (yet). Without the gateway it would be:" : "Nothing. Without the gateway it would be:";
}

function noted(left, direct, through, unprotected) {
  if (unprotected) return through || !left ? "" : "Accept in the version behind the gateway, and the right column fills.";
  return direct ? "" : "Left: what the page’s code asks Google’s script to send, from your browser. Right: what arrived.";
}

function table(left, through, unprotected) {
  const head = make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Without the gateway"), make("th", { scope: "col" }, "Through the gateway")));
  return [head, ...FIELDS.map(([name, without, sent]) => {
    const value = through ? sent(through) : gone;
    const missing = value === gone || value.startsWith("not sent");
    const right = unprotected && !through ? make("td", { "data-wait": "" }, "–") : make("td", missing ? { "data-gone": "" } : {}, value === gone ? "not sent" : value);
    return make("tbody", {}, make("tr", {}, make("th", { colspan: "2", scope: "rowgroup" }, name)), make("tr", {}, make("td", {}, ...marked(without(left))), right));
  })];
}

// What points to a person is marked: the query of an address, the customer number.
function marked(value) {
  return value.replaceAll("%40", "@").split(/(\?.*$|customer-\d+)/).map((part, index) => (index % 2 ? make("mark", {}, part) : part));
}
