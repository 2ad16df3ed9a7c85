// A service starts: its loaders run in document order, then the code that uses them, then what that
// code wanted to run when the page was ready.

const started = new Set([...told("load"), ...activated]);
const running = new WeakMap(); // script → what it wanted to run at moments that are over

// Code that writes into a page that is complete would replace it.
const WRITING = /\bdocument\s*\.\s*write/;
const runs = (service) => document.querySelector(`script[data-privacy-runs~="${CSS.escape(service)}"]`) !== null;
const writes = (service) =>
  !started.has(service) && heldScripts(service).some((script) => WRITING.test(script.dataset.privacyText === undefined ? script.text : decoded(script.dataset.privacyText)));

async function start(service) {
  loads.add(service);
  if (started.has(service)) {
    for (const path of config.again[service] || []) call(path);
    for (const script of loadersThatComeAgain(service)) script.replaceWith(revived(script));
    return;
  }
  started.add(service);
  stepAside(service);
  giveBack();
  const scripts = heldScripts(service);
  const uses = (script) => attribute(script, "data-privacy-uses") !== null;
  const late = [];
  listen();
  for (const script of scripts) if (!uses(script)) await run(script, late);
  for (const script of scripts) if (uses(script)) await run(script, late);
  if (!--underWay) stopListening();
  late.forEach(callLate);
}

// Some loaders look for plug-ins only when they come.
function loadersThatComeAgain(service) {
  const parts = config.rerun[service] || [];
  const comes = ({ src }) => parts.some((part) => src.includes(part)) && ownerOf(parsed(src)) === service;
  const found = [...document.scripts].filter(comes);
  return [...new Map(found.map((script) => [script.src, script])).values()];
}

// Whether a plug-in would stay empty: what draws it has looked for plug-ins already, and will not again.
function comesTooLate(service, placeholder) {
  if (!started.has(service) || config.again[service] || config.rerun[service]) return false;
  return !made.has(placeholder) && !/^<(?:iframe|script)\b/i.test(decoded(placeholder.dataset.original));
}

// Done when the script, or those that it has put into the page, have come or failed.
function run(script, late) {
  const before = new Set(document.scripts);
  const copy = revived(script);
  running.set(copy, late);
  const onload = window.onload;
  script.replaceWith(copy);
  if (window.onload !== onload) keepIfLate(late, window, "load", window.onload);
  const coming = copy.src ? [copy] : [...document.scripts].filter((other) => !before.has(other) && other.src);
  const come = (one) =>
    new Promise((done) => {
      for (const type of ["load", "error"]) one.addEventListener(type, done);
    });
  return Promise.all(coming.map(come));
}

// Listeners for moments of the page that are over, of scripts that run after them.
function keepIfLate(late, target, type, listener) {
  const over = type === "DOMContentLoaded" ? document.readyState !== "loading" : type === "load" && document.readyState === "complete";
  if (over && listener && (target === document || target === window)) late.push([target, type, listener]);
}

function callLate([target, type, listener]) {
  try {
    typeof listener === "function" ? listener.call(target, new Event(type)) : listener.handleEvent(new Event(type));
  } catch (error) {
    reportError(error);
  }
}

let underWay = 0;
let stopListening;

function listen() {
  if (underWay++) return;
  const { prototype } = EventTarget;
  const before = getOwnPropertyDescriptor(prototype, "addEventListener");
  onCall(prototype, "addEventListener", (self, words, original) => {
    const late = running.get(document.currentScript);
    if (late) keepIfLate(late, self || window, words[0], words[1]);
    return apply(original, self, words);
  });
  const { addEventListener } = prototype;
  stopListening = () => prototype.addEventListener === addEventListener && defineProperty(prototype, "addEventListener", before);
}

function call(path) {
  const names = path.split(".");
  const method = names.pop();
  const object = names.reduce((value, name) => value && value[name], window);
  if (object && typeof object[method] === "function") object[method]();
}
