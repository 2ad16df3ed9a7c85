// Fills the panel: every word of the recording goes in as text.
"use strict";

const byId = (id) => document.getElementById(id);
const sides = [...document.querySelectorAll("section[data-side]")];
let pages = [];

function made(name, text, attributes = {}) {
  const element = document.createElement(name);
  element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function said(text) {
  byId("said").textContent = text;
}

function load() {
  const page = pages[byId("page").selectedIndex];
  if (!page) return;
  for (const side of sides) {
    const address = page[side.dataset.side];
    side.querySelector("a").href = address;
    side.querySelector("iframe").src = address;
  }
}

// A page that is still loading goes on contacting, and would be counted for the next visitor. Its own "load" may come
// while it is left: only of the empty page that follows is the document ours to see.
function unload() {
  const left = sides.map((side) => {
    const frame = side.querySelector("iframe");
    return new Promise((resolve) => {
      frame.addEventListener("load", function came() {
        if (!frame.contentDocument) return;
        frame.removeEventListener("load", came);
        resolve();
      });
      frame.src = "about:blank";
    });
  });
  return Promise.all(left);
}

async function post(path, form = {}) {
  const answer = await fetch(path, { method: "POST", body: new URLSearchParams(form) }).catch(() => null);
  if (!answer) said("The replay does not answer any more.");
  else if (!answer.ok) said(`That did not work: ${path} was answered ${answer.status}.`);
  return Boolean(answer?.ok);
}

async function showTo(chosen) {
  await unload();
  if ((await post("/state", { state: chosen.value })) && (await post("/clear"))) {
    said(`Shown to a visitor who ${chosen.dataset.sentence}. What you click counts from then on.`);
    load();
  }
}

// One after another: the visitor whom the pages are shown to in the end is the last one chosen.
let choosing = Promise.resolve();

function choose() {
  const chosen = byId("state").selectedOptions[0];
  choosing = choosing.then(() => showTo(chosen));
  return choosing;
}

// Without the gateway everything has loaded, whatever would have been decided.
const VERDICTS = { direct: { hold: "would be held", load: "would load, too" }, through: {} };

function line(contact, side) {
  const item = made("li", "");
  const purposes = contact.purposes.length ? ` (${contact.purposes.join(", ")})` : "";
  item.append(made("strong", `${contact.name}${purposes}`));
  const reason = [contact.reason, contact.article].filter(Boolean).join(", ");
  const verdict = made("span", VERDICTS[side][contact.decision] ?? contact.decision, { class: "verdict", "data-verdict": contact.decision });
  item.append(verdict, `: ${reason}`);
  const how = contact.by_gateway ? ", by the gateway, not by the browser" : "";
  item.append(made("small", `${contact.host}, ${contact.count} request${contact.count === 1 ? "" : "s"}${how}`));
  if (contact.stopped) {
    item.append(made("small", `${contact.stopped} to an address that code has put together: stopped by the replay`));
  }
  if (contact.missing) item.append(made("small", `${contact.missing} not in the recording`));
  item.append(made("small", contact.paths.join(" ")));
  return item;
}

function show(view) {
  for (const side of sides) {
    const contacts = view[side.dataset.side];
    side.querySelector(".contacts").replaceChildren(
      ...(contacts.length ? contacts.map((one) => line(one, side.dataset.side)) : [made("li", "Nobody but the site itself.")]),
    );
    const services = new Set(contacts.filter((one) => !one.by_gateway).map((one) => one.name)).size;
    const count = side.querySelector(".count");
    count.dataset.count = services ? "some" : "none";
    count.querySelector("b").textContent = services;
    count.querySelector("span").textContent = `third-party ${services === 1 ? "service" : "services"} contacted`;
  }
}

async function start() {
  const replay = await (await fetch("/replay.json")).json();
  document.title = `Replay of ${replay.name}`;
  byId("name").textContent = replay.name;
  byId("about").textContent =
    `${replay.hosts.join(", ")}: ${replay.exchanges} requests, ${replay.pages.length} pages. ` +
    "Everything comes from the recording; nothing leaves this computer.";
  pages = replay.pages;
  byId("page").append(...pages.map((page) => made("option", page.label)));
  byId("state").append(
    ...replay.states.map(({ id, sentence }) =>
      made("option", `${id}: ${sentence}`, { value: id, "data-sentence": sentence }),
    ),
  );
  byId("state").addEventListener("change", choose);
  byId("page").addEventListener("change", load);
  byId("again").addEventListener("click", load);
  byId("clear").addEventListener("click", () => post("/clear"));
  new EventSource("/contacts").addEventListener("message", (event) => show(JSON.parse(event.data)));
  await choose();
}

start();
