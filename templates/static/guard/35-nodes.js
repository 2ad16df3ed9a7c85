// Nodes that come into the page, with the attributes and texts they bring along.

const SIFTED = [...Object.keys(ATTRIBUTES), "style", '[style*="//"]', '[style*="\\\\"]'].join();
const { querySelectorAll } = page ? Element.prototype : {};
const { querySelectorAll: querySelectorAllIn } = page ? DocumentFragment.prototype : {};
const textOf = page && getterOf(Node.prototype, "textContent");
const setText = page && getOwnPropertyDescriptor(Node.prototype, "textContent").set;
// Scripts that a browser reads as a list of addresses.
const LISTS = /^\s*(?:speculationrules|importmap)\s*$/i;

function below(node) {
  const kind = kindOf(node);
  if (kind !== 1 && kind !== 11 && kind !== 9) return [];
  const select = kind === 1 ? querySelectorAll : kind === 11 ? querySelectorAllIn : Document.prototype.querySelectorAll;
  return [...(kind === 1 ? [node] : []), ...apply(select, node, [SIFTED])];
}

// The text as it may stand in an element: in a style sheet without what is held.
function textFor(element, text) {
  const name = isElement(element) && localName(element);
  if (name === "style") return withoutHeld(text);
  if (name === "script" && LISTS.test(attribute(element, "type") || "") && mentions(text)) return "{}";
  return text;
}

// Moves aside what is held in a node and all below it; whether there was anything.
function sift(node) {
  let found = false;
  for (const element of below(node)) {
    const name = localName(element);
    for (const attributeName of [...(ATTRIBUTES[name] || []), "style", ...(name === "image" || name === "use" || name === "feimage" ? ["xlink:href"] : [])]) {
      const value = attribute(element, attributeName);
      if (value === null) continue;
      const result = checked(element, attributeName, value);
      if (result === value) continue;
      found = true;
      if (result === undefined) apply(removeAttribute, element, [attributeName]);
      else apply(setAttribute, element, [attributeName, result]);
    }
    if (name === "style" || name === "script") {
      const text = textOf(element);
      const kept = textFor(element, text);
      if (kept !== text) {
        found = true;
        apply(setText, element, [kept]);
      }
    }
    if (name === "link" && attribute(element, `${HELD}href`) !== null) quiet(element);
    if (element.content && name === "template") found = sift(element.content) || found;
  }
  return found;
}

const isNode = (value) => {
  if (!value || typeof value !== "object") return false;
  try {
    return kindOf(value) > 0;
  } catch {
    return false;
  }
};

function armNodes(realm) {
  for (const [owner, methods] of [
    ["Node", ["appendChild", "insertBefore", "replaceChild"]],
    ["Element", ["append", "prepend", "before", "after", "replaceWith", "replaceChildren", "insertAdjacentElement"]],
    ["DocumentFragment", ["append", "prepend", "replaceChildren"]],
    ["Document", ["append", "prepend", "replaceChildren", "adoptNode", "importNode"]],
    ["CharacterData", ["before", "after", "replaceWith"]],
    ["Range", ["insertNode", "surroundContents"]],
  ]) {
    for (const method of methods) onCall(realm[owner].prototype, method, inserting);
  }
  for (const [owner, property] of [["Node", "textContent"], ["HTMLElement", "innerText"], ["HTMLScriptElement", "text"]]) {
    onSet(realm[owner].prototype, property, (self, value, original) => {
      const element = kindOf(self) === 3 ? self.parentNode : self;
      apply(original, self, [typeof value === "string" ? textFor(element, value) : value]);
    });
  }
  for (const [owner, property] of [["CharacterData", "data"], ["Node", "nodeValue"]]) {
    onSet(realm[owner].prototype, property, (self, value, original) =>
      apply(original, self, [kindOf(self) === 3 && typeof value === "string" ? textFor(self.parentNode, value) : value]),
    );
  }
}

function inserting(self, words, original) {
  const parent = isElement(self) && /^(?:style|script)$/.test(localName(self)) ? self : null;
  const given = words.map((word) => {
    if (parent) {
      if (typeof word === "string") return textFor(parent, word);
      if (isNode(word) && kindOf(word) === 3) apply(setText, word, [textFor(parent, textOf(word))]);
    } else if (isNode(word)) sift(word);
    return word;
  });
  const result = apply(original, self, given);
  for (const word of given) if (isNode(word)) arrivedIn(word);
  return result;
}
