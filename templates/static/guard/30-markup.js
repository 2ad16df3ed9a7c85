// Markup handed over as text. Where it becomes a piece of a document it is parsed beside the page
// first; where it goes to the parser (document.write, srcdoc) the text itself is edited.

// Every alternative begins and ends at one place only, so that no text makes them slow.
const TAG = /<([a-z][^\s\/>]*)((?:[^>=]|=\s*(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*(?=[\s>])|(?=>)))*)>|<!--[^]*?(?:-->|$)/gi;
const PART = /([^\s"'>\/=]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s>]+)/g;
const RAW = /(<style\b[^>]*>)([^]*?)(<\/style|$)/gi;

const inert = page && document.implementation.createHTMLDocument("");
const { importNode } = page ? Document.prototype : {};
const replacing = page && { 1: Element.prototype.replaceChildren, 11: DocumentFragment.prototype.replaceChildren };
const replaceChildren = (node, children) => apply(replacing[kindOf(node)], node, children);
const innerHTML = page && getOwnPropertyDescriptor(Element.prototype, "innerHTML").set;

const REFERENCES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", sol: "/", bsol: "\\", colon: ":", period: ".", Tab: "\t", NewLine: "\n", num: "#", quest: "?", equals: "=" };
const resolved = (value) =>
  value.replace(/&(?:#(?:x([0-9a-f]+)|([0-9]+));?|([a-z]+);|(amp|lt|gt|quot)(?![a-z0-9=]))/gi, (all, hex, decimal, name, bareName) => {
    if (hex || decimal) return String.fromCodePoint(Math.min(parseInt(hex || decimal, hex ? 16 : 10), 0x10ffff));
    return REFERENCES[name || bareName] ?? all;
  });
const quoted = (value) => `"${value.replace(/&/g, "&amp;").replace(/"/g, "&quot;")}"`;

// The text with what is held made inert; the same text where nothing is.
function cleaned(markup) {
  const text = String(markup);
  if (!ANYTHING_FOREIGN.test(text) && !text.includes("&")) return markup;
  const tags = text.replace(TAG, (tag, tagName, attributes) => {
    if (!attributes) return tag;
    const name = tagName.toLowerCase();
    const valueOf = (given) => resolved(/^["']/.test(given) ? given.slice(1, -1) : given);
    const get = (other) => {
      const found = [...attributes.matchAll(PART)].find(([, key]) => key.toLowerCase() === other);
      return found ? valueOf(found[3]) : null;
    };
    const kept = attributes.replace(PART, (part, key, equals, given) => {
      const value = valueOf(given);
      const lower = key.toLowerCase().replace(/^xlink:/, "");
      const verdict = judged(name, lower, value, get);
      if (verdict === undefined) return part;
      return verdict === null ? `${HELD}${lower}="${encoded(value)}"` : `${key}${equals}${quoted(verdict)}`;
    });
    if (kept === attributes) return tag;
    return `<${tagName}${kept}>`;
  });
  const result = tags.replace(RAW, (all, start, sheet, end) => start + withoutHeld(sheet) + end);
  return result === text ? markup : result;
}
function cleanedMarkup(markup) {
  const result = cleaned(markup);
  return result === markup ? markup : trusted("createHTML", result) || (self.trustedTypes ? self.trustedTypes.emptyHTML : "");
}

// A document of its own in an attribute is guarded like one that the gateway has sent.
function documentText(value) {
  const text = String(value);
  if (!own || text.startsWith(listsTag + GUARDED)) return undefined;
  const kept = cleaned(text);
  if (/<script|<iframe|\son[a-z]+\s*=|javascript:/i.test(text)) return guardTag() + kept;
  return kept === text ? undefined : kept;
}
const GUARDED = own && `<script src="${own.src}" data-privacy="guard"`;
const listsTag = listsScript
  ? `<script src="${listsScript.src}" nonce="${own.nonce}" integrity="${listsScript.integrity}" data-privacy="lists"></script>`
  : "";
const guardTag = () => `${listsTag}${GUARDED} nonce="${own.nonce}" integrity="${own.integrity}" data-load="${[...loads].join(" ")}"></script>`;

// The nodes that markup becomes in an element, if any of it had to be held; else null.
function piecesOf(element, markup) {
  const text = String(markup);
  if (!mentions(text) && !/&(?:#|sol|bsol|colon)|\\|<style|<img[^>]+(?:width|display|visibility)|https?:[^\/]|[\/\\]\s+[\/\\]|\btid=/i.test(text)) return null;
  const beside = apply(importNode, inert, [element, false]);
  apply(innerHTML, beside, [markup]);
  const content = beside.content || beside;
  if (!sift(content)) return null;
  // Without scripting, as beside the page, what <noscript> holds is elements.
  for (const part of content.querySelectorAll("noscript")) part.textContent = part.innerHTML;
  return [...content.childNodes];
}

function armMarkup(realm) {
  const inner = (self, value, original) => {
    const held = piecesOf(self, value);
    if (held) replaceChildren(self.content || self, held);
    else apply(original, self, [value]);
    arrivedIn(self);
  };
  const prototype = realm.Element.prototype;
  onSet(prototype, "innerHTML", (self, value, original) => {
    if (localName(self) === "style" || localName(self) === "script") return apply(original, self, [textFor(self, value)]);
    return inner(self, value, original);
  });
  onSet(realm.ShadowRoot.prototype, "innerHTML", (self, value, original) => {
    const held = piecesOf(self.host, value);
    if (held) replaceChildren(self, held);
    else apply(original, self, [value]);
    arrivedIn(self);
  });
  onSet(prototype, "outerHTML", (self, value, original) => {
    const parent = self.parentNode;
    const held = parent && piecesOf(isElement(parent) ? parent : inert.body, value);
    if (held) self.replaceWith(...held);
    else apply(original, self, [value]);
    if (parent) arrivedIn(parent);
  });
  onCall(prototype, "insertAdjacentHTML", (self, words, original) => {
    const inside = /^(?:afterbegin|beforeend)$/i.test(words[0]);
    const context = inside ? self : isElement(self.parentNode) ? self.parentNode : null;
    const held = context && piecesOf(context, words[1]);
    if (held) {
      const place = { afterbegin: "prepend", beforeend: "append", beforebegin: "before", afterend: "after" }[words[0].toLowerCase()];
      self[place](...held);
    } else apply(original, self, words);
    if (context) arrivedIn(context);
  });
  for (const name of ["setHTMLUnsafe", "setHTML"]) {
    for (const owner of [realm.Element, realm.ShadowRoot]) {
      onCall(owner.prototype, name, (self, words, original) => {
        apply(original, self, [cleanedMarkup(words[0]), ...words.slice(1)]);
        arrivedIn(self);
      });
    }
  }
  onCall(realm.Range.prototype, "createContextualFragment", (self, words, original) => apply(original, self, [cleanedMarkup(words[0])]));
  onCall(realm.Document.prototype, "execCommand", (self, words, original) =>
    apply(original, self, /^insertHTML$/i.test(words[0]) ? [words[0], words[1], cleanedMarkup(words[2])] : words),
  );
  armWriting(realm);
}

// document.write: a tag may come in pieces. What is not whole yet waits for the rest, at most until
// the script that writes has ended.
const UNFINISHED =
  /<(?:[a-z!\/](?:[^>=]|=\s*(?:"[^"]*(?:"|$)|'[^']*(?:'|$)|[^\s>"'][^\s>]*(?=[\s>]|$)|(?=>|$)))*)?$/i;
const waiting = new WeakMap();

function armWriting(realm) {
  const prototype = realm.Document.prototype;
  const { write } = prototype;
  // A script that is written beside a frame may reach it at once.
  const put = (self, markup) => {
    const text = cleanedMarkup(markup);
    const framed = typeof text === "string" && /<(?:i?frame|object|embed)\b/i.test(text);
    for (const piece of framed ? text.split(/(?=<script)/i) : [text]) {
      apply(write, self, [piece]);
      if (framed) arrivedIn(self);
    }
  };
  const flush = (self) => {
    const text = waiting.get(self);
    waiting.delete(self);
    if (text) put(self, text);
  };
  for (const [name, end] of [["write", ""], ["writeln", "\n"]]) {
    onCall(prototype, name, (self, words, original) => {
      if (words.length === 1 && typeof words[0] === "object" && !end && !waiting.has(self)) return put(self, words[0]);
      if (!kindOf(self)) return apply(original, self, words);
      const text = (waiting.get(self) || "") + words.join("") + end;
      const rest = UNFINISHED.exec(text);
      waiting.delete(self);
      if (rest) {
        waiting.set(self, rest[0]);
        Promise.resolve().then(() => flush(self));
      }
      put(self, rest ? text.slice(0, rest.index) : text);
    });
  }
  onCall(prototype, "close", (self, words, original) => {
    flush(self);
    return apply(original, self, words);
  });
}
