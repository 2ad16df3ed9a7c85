// Markup handed over as text.

const MARKUP =
  /(<(?:script|img|iframe|frame|link|source|video|audio|track|embed|object|input)\b[^>]*?[\s"'\/])(src|srcset|imagesrcset|href|poster|data)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)/gi;
const ANYTHING_FOREIGN = /[\/\\]\s*[\/\\]/;

function cleaned(markup) {
  const text = String(markup);
  if (!ANYTHING_FOREIGN.test(text)) return markup;
  let result = text;
  let before;
  do {
    before = result;
    result = before.replace(MARKUP, (all, start, name, equals, quoted) => {
      const value = (/^["']/.test(quoted) ? quoted.slice(1, -1) : quoted).replace(/&amp;/gi, "&");
      const verdict = /srcset$/i.test(name) ? treatSet(value) : treat(value);
      if (verdict === undefined) return all;
      if (verdict === null) return `${start}${HELD}${name}${equals}"${encoded(value)}"`;
      return `${start}${name}${equals}"${verdict.replace(/&/g, "&amp;").replace(/"/g, "&quot;")}"`;
    });
  } while (result !== before);
  return result === text ? markup : asMarkup(result);
}

// Under Trusted Types a text of ours is refused unless a policy may be made: then nothing goes in.
let policy;
function asMarkup(text) {
  const types = window.trustedTypes;
  if (!types) return text;
  try {
    policy = policy || types.createPolicy("privacy", { createHTML: (html) => html });
    return policy.createHTML(text);
  } catch {
    return types.emptyHTML;
  }
}

for (const [prototype, property] of [
  [Element.prototype, "innerHTML"],
  [Element.prototype, "outerHTML"],
  [window.ShadowRoot && ShadowRoot.prototype, "innerHTML"],
]) {
  const descriptor = prototype && getOwnPropertyDescriptor(prototype, property);
  if (!descriptor) continue;
  defineProperty(prototype, property, {
    ...descriptor,
    set(value) {
      descriptor.set.call(this, cleaned(value));
    },
  });
}
const insertAdjacentHTML = Element.prototype.insertAdjacentHTML;
Element.prototype.insertAdjacentHTML = function (position, text) {
  return insertAdjacentHTML.call(this, position, cleaned(text));
};
for (const method of ["write", "writeln"]) {
  const original = Document.prototype[method];
  Document.prototype[method] = function (...texts) {
    return original.apply(this, texts.length === 1 ? [cleaned(texts[0])] : [cleaned(texts.join(""))]);
  };
}
