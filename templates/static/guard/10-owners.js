// Runs first in <head>. Holds what the page's own code would fetch from services this visitor has
// not released, sends measurement through the gateway, and loads a plug-in when its placeholder is
// clicked. It evaluates nothing, inserts no markup of its own and leaves no inline code behind.
// The same file guards workers whose code the page makes: there is no document then.

const config = __CONFIG__;
const page = typeof document === "object";
const own = page ? document.currentScript : null;
const split = (text, between) => text.split(between).filter(Boolean);
const told = (name) => split((own && own.dataset[name]) || "", " ");
// A frame that was guarded from outside before its own document came goes on with the same.
const SHARED = Symbol.for("privacy-gateway");
const shared = self[SHARED];
const lasting = page ? told("load") : split(location.hash.slice(1), "+");
const activated = new Set(told("once")); // loads in this page and no longer: a placeholder of it was clicked
const loads = (shared && shared.loads) || new Set();
for (const owner of [...lasting, ...activated]) loads.add(owner);

const { defineProperty, getOwnPropertyDescriptor } = Object;
const { apply, construct } = Reflect;
const HELD = "data-privacy-";
const FETCHED = /^(?:https?|wss?):$/;
const ANYTHING_FOREIGN = /[\/\\]\s*[\/\\]|(?:https?|wss?):/i;

const bytes = (encoded) => Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
const decoded = (encoded) => new TextDecoder(document.characterSet).decode(bytes(encoded));
const encoded = (text) => btoa(Array.from(new TextEncoder().encode(String(text)), (byte) => String.fromCharCode(byte)).join(""));
const base = () => (page ? document.baseURI : location.href);

// Whose an address is: the same look-up as in urls.py and signatures.py.

const rules = new Map(); // filled in 12-table.js
const known = new Set();

function* names(host) {
  const labels = host.split(".");
  for (let start = 0; start < labels.length; start++) {
    yield [start === 0, labels.slice(start).join(".")];
    for (const suffix of [1, 2]) {
      if (start < labels.length - suffix) yield [start === 0, labels.slice(start, -suffix).join(".") + ".*"];
    }
  }
}

// A frame without an address has the origin of its parent; in a sandbox it has none.
const site = new URL(self.origin === "null" ? (location.hostname ? location.href : base()) : self.origin);

function isOwn(host) {
  if (host === site.hostname) return true;
  return config.own.some((name) =>
    name.startsWith("*.") ? host === name.slice(2) || host.endsWith(name.slice(1)) : host === name,
  );
}

function hostOf(url) {
  const host = url.hostname.replace(/\.$/, "");
  return config.localStandIns ? host.replace(/\.localhost$/, "") : host;
}

function ownerOf(url, kind) {
  const relay = relayed(url);
  if (relay) return relay.owner;
  const owner = ownerOfPlace(url, kind);
  return isHit(url) && !goesElsewhere(url, owner) ? ANALYTICS : owner;
}

const UNKNOWN = undefined; // of an owner: nobody's that is known, and held for that

function ownerOfPlace(url, kind) {
  if (isOwn(url.hostname.replace(/\.$/, ""))) return null;
  const host = hostOf(url);
  const rest = url.pathname + url.search;
  for (const [exact, name] of names(host)) {
    for (const [below, expression, owner] of rules.get(name) || []) {
      if ((exact || below) && (!expression || expression.test(rest))) return owner;
    }
    if (known.has(fingerprint(name))) return "";
  }
  if (softwareHost.test(host) || softwarePath.test(rest.toLowerCase())) return "";
  if (isListed(url, kind)) return "";
  return config.unlisted ? UNKNOWN : null;
}

function parsed(value) {
  try {
    return new URL(value, base());
  } catch {
    return null;
  }
}

// What becomes of an address: undefined lets it pass, null holds it, a string replaces it. `kind` is
// what it is fetched for, in the words of the lists; nothing, where that cannot be told. Where it need not be
// fetched at all, the operator hears nothing of it.
function treat(value, kind, quietly) {
  const url = (ANYTHING_FOREIGN.test(value) || GOOGLES.test(value)) && parsed(value);
  if (!url || !FETCHED.test(url.protocol)) return undefined;
  if (GOOGLES_WORKER.test(url.pathname)) return null;
  if (page) noticed(url);
  const owner = ownerOf(url, kind);
  if (owner === null) return undefined;
  if (owner === UNKNOWN && !quietly) tellOfHost(url, kind);
  if (!loads.has(owner)) return null;
  return config.measurement.includes(owner) ? rerouted(url) : undefined;
}
// Where no other address can be put in its place, what would have to go through the gateway is held, too.
const holds = (value, kind, quietly) => treat(value, kind, quietly) !== undefined;

// Whether an address that may not be fetched as it is stands anywhere in a text: code, JSON, markup.
const ADDRESS = /(?:\b(?:https?|wss?):)?\\?[\/\\]\\?[\/\\][^\s"'`<>()\\]+(?:\\\/[^\s"'`<>()\\]*)*/gi;
function mentions(text) {
  const found = String(text).match(ADDRESS) || [];
  return found.some((one) => /\.\w/.test(one) && holds(one.replace(/\\\//g, "/"), "", true));
}
