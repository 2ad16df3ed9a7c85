// Runs first in <head>. Holds what the page's own code would fetch from services this visitor has
// not released, sends measurement through the gateway, and loads a plug-in when its placeholder is
// clicked. It evaluates nothing, inserts no markup of its own and leaves no inline code behind.

const config = __CONFIG__;
const own = document.currentScript;
const loads = new Set(((own && own.dataset.load) || "").split(" ").filter(Boolean));
const { defineProperty, getOwnPropertyDescriptor } = Object;
const HELD = "data-privacy-";
const FETCHED = /^(?:https?|wss?):$/;

const encoded = (text) => btoa(Array.from(new TextEncoder().encode(String(text)), (byte) => String.fromCharCode(byte)).join(""));

// Whose an address is: the same look-up as in urls.py.

const rules = new Map(
  Object.entries(config.rules).map(([host, list]) => [
    host,
    list.map(([below, rest, owner]) => [below, rest && new RegExp(rest, "s"), owner]),
  ]),
);
for (const host of config.known.split(" ")) rules.set(host, [...(rules.get(host) || []), [1, "", ""]]);

function* names(host) {
  const labels = host.split(".");
  for (let start = 0; start < labels.length; start++) {
    yield [start === 0, labels.slice(start).join(".")];
    for (const suffix of [1, 2]) {
      if (start < labels.length - suffix) yield [start === 0, labels.slice(start, -suffix).join(".") + ".*"];
    }
  }
}

function isOwn(host) {
  if (host === location.hostname) return true;
  return config.own.some((name) =>
    name.startsWith("*.") ? host === name.slice(2) || host.endsWith(name.slice(1)) : host === name,
  );
}

function ownerOf(url, kind) {
  let host = url.hostname.replace(/\.$/, "");
  if (isOwn(host)) return null;
  if (config.localStandIns) host = host.replace(/\.localhost$/, "");
  const rest = url.pathname + url.search;
  for (const [exact, name] of names(host)) {
    for (const [below, expression, owner] of rules.get(name) || []) {
      if ((exact || below) && (!expression || expression.test(rest))) return owner;
    }
  }
  return config.unlisted || isListed(url, kind) ? "" : null;
}

// What becomes of an address: undefined lets it pass, null holds it, a string replaces it. `kind` is what it
// is fetched for, in the words of the lists; nothing, where that cannot be told.
function treat(value, kind) {
  let url;
  try {
    url = new URL(value, document.baseURI);
  } catch {
    return undefined;
  }
  if (!FETCHED.test(url.protocol)) return undefined;
  const owner = ownerOf(url, kind);
  if (owner === null) return undefined;
  if (!loads.has(owner)) return null;
  return config.measurement.includes(owner) ? `${location.origin}${config.prefix}/ga${url.pathname}${url.search}` : undefined;
}

const candidates = (value) => String(value).match(/[^\s,][^\s]*/g) || [];
const treatSet = (value) => (candidates(value).some((one) => treat(one, "image") === null) ? null : undefined);
