// Attributes that fetch: properties, setAttribute and nodes that bring them along.

const ATTRIBUTES = {
  SCRIPT: ["src"],
  IMG: ["src", "srcset"],
  IFRAME: ["src"],
  FRAME: ["src"],
  LINK: ["href", "imagesrcset"],
  SOURCE: ["src", "srcset"],
  VIDEO: ["src", "poster"],
  AUDIO: ["src"],
  TRACK: ["src"],
  EMBED: ["src"],
  OBJECT: ["data"],
  INPUT: ["src"],
};
const KINDS = {
  SCRIPT: "script", IMG: "image", INPUT: "image", IFRAME: "subdocument", FRAME: "subdocument", SOURCE: "media", VIDEO: "media",
  AUDIO: "media", TRACK: "media", EMBED: "object", OBJECT: "object",
};
const INFORMATION = /^(?:alternate|author|canonical|help|license|me|next|prev|search|tag|bookmark|nofollow|\s)*$/i;

const setAttribute = Element.prototype.setAttribute;
const removeAttribute = Element.prototype.removeAttribute;
const getAttribute = Element.prototype.getAttribute;

const fetches = (element, name) => {
  const attributes = ATTRIBUTES[element.nodeName.toUpperCase()];
  if (!attributes || !attributes.includes(name)) return false;
  const rel = element.nodeName === "LINK" ? getAttribute.call(element, "rel") : null;
  return !(rel && INFORMATION.test(rel) && !/alternate\s+stylesheet|stylesheet/i.test(rel));
};

// Returns what to set instead, or undefined when the value was held.
function checked(element, name, value) {
  if (!fetches(element, name)) return value;
  const kind = name === "poster" ? "image" : KINDS[element.nodeName.toUpperCase()];
  const result = name.endsWith("srcset") ? treatSet(value) : treat(value, kind);
  if (result === null) {
    setAttribute.call(element, HELD + name, encoded(value));
    return undefined;
  }
  return result === undefined ? value : result;
}

const PROPERTIES = [
  ["HTMLScriptElement", "src"],
  ["HTMLImageElement", "src"],
  ["HTMLImageElement", "srcset"],
  ["HTMLIFrameElement", "src"],
  ["HTMLFrameElement", "src"],
  ["HTMLLinkElement", "href"],
  ["HTMLLinkElement", "imageSrcset"],
  ["HTMLSourceElement", "src"],
  ["HTMLSourceElement", "srcset"],
  ["HTMLMediaElement", "src"],
  ["HTMLVideoElement", "poster"],
  ["HTMLTrackElement", "src"],
  ["HTMLEmbedElement", "src"],
  ["HTMLObjectElement", "data"],
  ["HTMLInputElement", "src"],
];
for (const [interfaceName, property] of PROPERTIES) {
  const prototype = window[interfaceName] && window[interfaceName].prototype;
  const descriptor = prototype && getOwnPropertyDescriptor(prototype, property);
  if (!descriptor || !descriptor.set) continue;
  defineProperty(prototype, property, {
    ...descriptor,
    set(value) {
      const result = checked(this, property.toLowerCase(), value);
      if (result !== undefined) descriptor.set.call(this, result);
    },
  });
}

Element.prototype.setAttribute = function (name, value) {
  const result = checked(this, String(name).toLowerCase(), value);
  if (result !== undefined) setAttribute.call(this, name, result);
};

// Nodes made elsewhere, such as in a parsed document: their attributes are moved before they
// come into the page.
function sift(node) {
  if (!(node instanceof Node) || (node.nodeType !== 1 && node.nodeType !== 11)) return;
  const below = node.querySelectorAll ? node.querySelectorAll(Object.keys(ATTRIBUTES).join()) : [];
  for (const element of node.nodeType === 1 ? [node, ...below] : below) {
    for (const name of ATTRIBUTES[element.nodeName.toUpperCase()] || []) {
      const value = getAttribute.call(element, name);
      if (value !== null && checked(element, name, value) === undefined) removeAttribute.call(element, name);
    }
  }
}
for (const [prototype, methods] of [
  [Node.prototype, ["appendChild", "insertBefore", "replaceChild"]],
  [Element.prototype, ["append", "prepend", "before", "after", "replaceWith", "replaceChildren", "insertAdjacentElement"]],
  [DocumentFragment.prototype, ["append", "prepend", "replaceChildren"]],
]) {
  for (const method of methods) {
    const original = prototype[method];
    if (!original) continue;
    prototype[method] = function (...nodes) {
      nodes.forEach(sift);
      return original.apply(this, nodes);
    };
  }
}
