// What has left the browser, by company.
import { make } from "./pieces.js";

export const list = make("div");
const companies = new Map();
const HOT = ["e-mail address", "customer number", "your entries"];

export function showCompanies(known) {
  for (const name of companies.keys()) if (!known.some((company) => company.name === name)) companies.delete(name);
  for (const company of known) {
    if (!companies.has(company.name)) companies.set(company.name, make("details", { class: "demo-company" }, make("summary"), make("ul")));
    const [summary, items] = companies.get(company.name).children;
    summary.replaceChildren(...summed(company));
    items.replaceChildren(...company.lines.map((line) => make("li", {}, ...described(line), chips(line.carried))));
  }
  const wanted = known.map((company) => companies.get(company.name));
  if (wanted.length !== list.children.length || wanted.some((one, index) => one !== list.children[index])) list.replaceChildren(...wanted);
}

// A company closed: everything that came along with its requests, and the two latest of them.
function summed({ name, count, lines }) {
  const carried = [...new Set(lines.flatMap((line) => line.carried))];
  const latest = lines.slice(0, 2).map((line) => make("span", { class: "demo-latest" }, ...described(line)));
  return [make("b", {}, name), make("span", { class: "demo-number" }, String(count)), chips(carried), ...latest];
}

function described({ host, what, count, time }) {
  return [make("span", { title: `latest at ${time}` }, count > 1 ? `${what} (${count}×)` : what), " ", make("small", {}, host)];
}

function chips(carried) {
  const words = [...HOT.filter((word) => carried.includes(word)), ...carried.filter((word) => !HOT.includes(word))];
  const quiet = carried.includes("cookie") ? [] : [make("i", { "data-quiet": "" }, "no cookie")];
  return make("span", { class: "demo-chips" }, ...words.map((word) => make("i", HOT.includes(word) ? { "data-hot": "" } : {}, word)), ...quiet);
}
