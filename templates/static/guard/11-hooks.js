// How something is put before what the browser offers. A Proxy keeps name, length and the look of
// native code, so that whoever patches the same things before or after us finds what they expect.

// What workers have as globals they have from their prototypes.
function holder(object, name) {
  while (object && !getOwnPropertyDescriptor(object, name)) object = Object.getPrototypeOf(object);
  return object;
}

// In place of a method: `ours(self, words, original)`.
function onCall(object, name, ours) {
  const descriptor = object && getOwnPropertyDescriptor(object, name);
  if (!descriptor || typeof descriptor.value !== "function") return;
  const value = new Proxy(descriptor.value, { apply: (original, self, words) => ours(self, words, original) });
  defineProperty(object, name, { ...descriptor, value });
}

// In place of a property's setter: `ours(self, value, original)`.
function onSet(object, name, ours) {
  const descriptor = object && getOwnPropertyDescriptor(object, name);
  if (!descriptor || !descriptor.set) return;
  const set = new Proxy(descriptor.set, { apply: (original, self, words) => ours(self, words[0], original) });
  defineProperty(object, name, { ...descriptor, set });
}

// After a property's getter: `ours(self, what it gave)`. `of` says whom to ask.
function onGet(object, name, ours, of = (self) => self) {
  const descriptor = object && getOwnPropertyDescriptor(object, name);
  if (!descriptor || !descriptor.get) return;
  const get = new Proxy(descriptor.get, { apply: (original, self, words) => ours(self, apply(original, of(self), words)) });
  defineProperty(object, name, { ...descriptor, get });
}

// In place of a constructor: `ours(words, make)`.
function onConstruct(object, name, ours) {
  const descriptor = object && getOwnPropertyDescriptor(object, name);
  if (!descriptor || typeof descriptor.value !== "function") return;
  const value = new Proxy(descriptor.value, {
    construct: (original, words, target) =>
      ours(words, (changed) => construct(original, changed, target === value ? original : target)),
  });
  defineProperty(object, name, { ...descriptor, value });
  const made = value.prototype;
  if (made && getOwnPropertyDescriptor(made, "constructor")) defineProperty(made, "constructor", { configurable: true, writable: true, value });
}

const getterOf = (prototype, name) => {
  const { get } = getOwnPropertyDescriptor(prototype, name);
  return (self) => apply(get, self, []);
};

// Under Trusted Types a text of ours needs a policy. The site's own lets "privacy" be made, and it is
// made here, before anybody else can take the name; in a worker it was made before this file came.
const POLICY = Symbol.for("privacy-gateway-policy");
let policy = self[POLICY];
delete self[POLICY];
try {
  policy = policy || (self.trustedTypes && trustedTypes.createPolicy("privacy", { createHTML: (one) => one, createScriptURL: (one) => one }));
} catch {
  // none then: what would have to be a text of ours is held
}
const trusted = (kind, text) => (self.trustedTypes ? policy && policy[kind](text) : text);
