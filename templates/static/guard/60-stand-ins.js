// Globals of held services that the page's own code uses unguarded: something stands in for them,
// so that this code runs on. Only where the service is in this page: as without the gateway, names
// of absent ones are not defined.

const standing = new Map();

// Code may wait for a hit before it follows a link: what it handed over for then is called at once.
const AFTERWARDS = ["hitCallback", "event_callback", "eventCallback"];
function answer(words) {
  for (const word of words) {
    if (!word || typeof word !== "object") continue;
    for (const name of AFTERWARDS) {
      const callback = getOwnPropertyDescriptor(word, name);
      if (callback && typeof callback.value === "function") setTimeout(callback.value);
    }
  }
}

// Can be called, constructed, read and written, and is itself whatever is asked of it. What a call
// returns can be waited for, for ever, so that nothing runs on a result that there is not.
function silent(parts) {
  const own = Object.assign(Object.create(null), parts, {
    length: 0,
    toJSON: () => undefined,
    toString: () => "",
    valueOf: () => "",
    [Symbol.toPrimitive]: () => "",
    [Symbol.iterator]: () => [][Symbol.iterator](),
  });
  const standing = (then) =>
    new Proxy(function () {}, {
      get: (target, name) =>
        name === "then" ? then : name in own ? own[name] : typeof name === "symbol" || name === "prototype" ? target[name] : nothing,
      set: (target, name, value) => ((own[name] = value), true),
      has: () => true,
      deleteProperty: (target, name) => delete own[name],
      apply: (target, self, words) => (answer(words), result),
      construct: (target, words) => (answer(words), nothing),
    });
  const nothing = standing(undefined);
  const result = standing(() => result);
  return nothing;
}

function queue() {
  const kept = [];
  const push = kept.push;
  defineProperty(kept, "push", { configurable: true, writable: true, value: (...entries) => (answer(entries), push.apply(kept, entries)) });
  return kept;
}

function standIn(owner) {
  const [names, queues] = config.standIns[owner] || [];
  if (!names || standing.has(owner)) return;
  const made = new Map();
  for (const path of queues) {
    const [name, part] = path.split(".");
    made.set(name, part ? silent({ [part]: queue() }) : queue());
  }
  for (const name of names) made.set(name, silent());
  for (const [name, value] of made) {
    if (name in window) made.delete(name);
    else defineProperty(window, name, { configurable: true, writable: true, value });
  }
  standing.set(owner, made);
}

// Before the real one comes: it would take itself for loaded. What queues have kept is left to it.
function stepAside(owner) {
  const [, queues] = config.standIns[owner] || [];
  for (const [name, value] of standing.get(owner) || []) {
    if (window[name] !== value) continue;
    delete window[name];
    const path = queues.find((one) => one.split(".")[0] === name);
    if (!path) continue;
    const part = path.split(".")[1];
    const kept = part ? value[part] : value;
    delete kept.push;
    window[name] = part ? { [part]: kept } : kept;
  }
  standing.delete(owner);
}

// The same for what is held of a known tracker: its stand-ins go by host.
function standInForHost(address) {
  for (const [, name] of names(new URL(address, document.baseURI).hostname)) standIn(name);
}
