// Style sheets that code writes: as text, rule by rule, or one declaration at a time.

// Comments, then the places at which CSS names an address: url(), src(), @import and image-set().
const CSS_ADDRESS =
  /\/\*[^]*?(?:\*\/|$)|((?:url|src)\(\s*|@import\s*|image-set\(\s*|,\s*)(?:"((?:[^"\\]|\\[^])*)"|'((?:[^'\\]|\\[^])*)')|(url\(\s*)((?:[^)\s"'\\]|\\[^])*)/gi;
const ESCAPE = /\\(?:([0-9a-f]{1,6})[ \t\n\f\r]?|\r?\n|([^]))/gi;
const unescaped = (text) =>
  text.replace(ESCAPE, (all, code, character) => (code ? String.fromCodePoint(Math.min(parseInt(code, 16), 0x10ffff)) : character || ""));

// The text with held addresses emptied, or undefined where nothing in it is held.
function css(value) {
  let text = String(value);
  if (!ANYTHING_FOREIGN.test(text) && !text.includes("\\")) return undefined;
  // Escaped letters make a function's or a rule's name only where somebody hides it.
  if (/\\[0-9a-f]/i.test(text) && mentions(unescaped(text))) text = unescaped(text);
  let held = false;
  const result = text.replace(CSS_ADDRESS, (all, start, double, single, url, bare) => {
    const address = double ?? single ?? bare;
    if (address === undefined || !holds(unescaped(address))) return all;
    held = true;
    return `${start || url}${url ? "data:," : '"data:,"'}`;
  });
  return held ? result : undefined;
}
const NO_FONT = "local(-)";
const withoutHeld = (value) => {
  const result = css(value);
  return result === undefined ? value : result;
};
const allWithoutHeld = (self, words, original) => apply(original, self, words.map((word) => (typeof word === "string" ? withoutHeld(word) : word)));

// Declarations have no setters that could be replaced: code gets them through a Proxy.
const proxies = new WeakMap();
const declarations = new WeakMap();
const DECLARATION = {
  get: (target, name) => Reflect.get(target, name, target),
  set: (target, name, value) => Reflect.set(target, name, typeof value === "string" ? withoutHeld(value) : value, target),
};
function watched(self, style) {
  if (!style || declarations.has(style)) return style;
  if (!proxies.has(style)) {
    const proxy = new Proxy(style, DECLARATION);
    proxies.set(style, proxy);
    declarations.set(proxy, style);
  }
  return proxies.get(style);
}
const bare = (self) => declarations.get(self) || self;

function armDeclarations(realm) {
  const prototype = realm.CSSStyleDeclaration.prototype;
  for (const [name, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name === "constructor") continue;
    if (typeof value === "function") onCall(prototype, name, (self, words, original) => allWithoutHeld(bare(self), words, original));
    if (get) onGet(prototype, name, (self, result) => result, bare);
    onSet(prototype, name, (self, text, original) => apply(original, bare(self), [withoutHeld(text)]));
  }
  for (const name of Object.getOwnPropertyNames(realm)) {
    if (!/^(?:HTML|SVG|MathML)Element$|^CSS.*Rule$/.test(name) || !realm[name].prototype) continue;
    onGet(realm[name].prototype, "style", watched);
    onSet(realm[name].prototype, "style", (self, value, original) => apply(original, self, [withoutHeld(value)]));
  }
}

function armStyles(realm) {
  armDeclarations(realm);
  for (const [name, methods] of [
    ["CSSStyleSheet", ["insertRule", "addRule", "replace", "replaceSync"]],
    ["CSSGroupingRule", ["insertRule"]],
    ["CSSStyleRule", ["insertRule"]],
    ["CSSKeyframesRule", ["appendRule"]],
    ["StylePropertyMap", ["set", "append"]],
  ]) {
    for (const method of methods) onCall(realm[name] && realm[name].prototype, method, allWithoutHeld);
  }
  onConstruct(realm, "FontFace", ([family, source, ...rest], make) =>
    make([family, typeof source === "string" && css(source) !== undefined ? NO_FONT : source, ...rest]),
  );
}
