// Attributes with which an element fetches: the same as in positions.py.

const ALSO_PINGS = ["ping", "attributionsrc"];
const ATTRIBUTES = {
  script: ["src", "href", "attributionsrc"],
  img: ["src", "srcset", "attributionsrc"],
  iframe: ["src", "srcdoc"],
  frame: ["src"],
  portal: ["src"],
  fencedframe: ["src"],
  link: ["href", "imagesrcset"],
  source: ["src", "srcset"],
  video: ["src", "poster"],
  audio: ["src"],
  track: ["src"],
  embed: ["src"],
  object: ["data"],
  input: ["src"],
  image: ["src", "srcset", "href"],
  use: ["href"],
  feimage: ["href"],
  a: ALSO_PINGS,
  area: ALSO_PINGS,
};
for (const name of ["body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"]) ATTRIBUTES[name] = ["background"];
// What their fetches are to the lists.
const KINDS = {
  script: "script", img: "image", input: "image", image: "image", use: "image", feimage: "image", iframe: "subdocument", frame: "subdocument",
  portal: "subdocument", fencedframe: "subdocument", source: "media", video: "media", audio: "media", track: "media", embed: "object", object: "object",
};
const ATTRIBUTE_KINDS = { poster: "image", srcset: "image", imagesrcset: "image", background: "image", ping: "ping" };
const INFORMATION = /^(?:alternate|author|canonical|help|license|me|next|prev|search|tag|bookmark|nofollow|\s)*$/i;
const FRAMES = /^(?:iframe|frame|object|embed)$/;

const { setAttribute, removeAttribute, getAttribute } = page ? Element.prototype : {};
// A form lends its fields' names to itself: what a node is comes from the prototype.
const nameOf = page && getterOf(Element.prototype, "localName");
const kindOf = page && getterOf(Node.prototype, "nodeType");
const localName = (element) => nameOf(element).toLowerCase();
const attribute = (element, name) => apply(getAttribute, element, [name]);
const isElement = (value) => {
  try {
    return kindOf(value) === 1;
  } catch {
    return false;
  }
};

// Tracking pixels: the same as in pixels.py.
const TINY = /^\s*[01](?:px)?\s*$/;
const SIDES = ["width", "height"].map((side) => new RegExp(`(?:^|;)\\s*${side}\\s*:\\s*[01](?:px)?\\s*(?:;|!|$)`, "i"));
const UNSEEN = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\s*(?:;|!|$)/i;
const PICTURE = /^[^?]*\.(?:(?:avif|bmp|jpe?g|svg|webp)(?:\?|$)|(?:gif|png)$)/is;

function isUnseen(get) {
  if (TINY.test(get("width")) && TINY.test(get("height"))) return true;
  const style = get("style") || "";
  return UNSEEN.test(style) || SIDES.every((side) => side.test(style));
}

function isPixel(value, get) {
  const url = ANYTHING_FOREIGN.test(value) && isUnseen(get) && parsed(value);
  return Boolean(url) && FETCHED.test(url.protocol) && !isOwn(url.hostname) && ownerOf(url, "image") === null && !PICTURE.test(url.pathname + url.search);
}

const candidates = (value) => String(value).match(/[^\s,][^\s]*/g) || [];

// What becomes of an attribute's value: undefined, null or a string, as of an address. `get` reads the
// element's other attributes.
function judged(name, attributeName, value, get) {
  if (attributeName === "style") return css(value);
  if (!(ATTRIBUTES[name] || []).includes(attributeName)) return undefined;
  const rel = name === "link" && get("rel");
  if (rel && INFORMATION.test(rel) && !/stylesheet/i.test(rel)) return undefined;
  if (name === "img" && attributeName === "src" && isPixel(value, get)) return null;
  if (attributeName === "srcdoc") return documentText(value);
  if (attributeName === "ping" || attributeName.endsWith("srcset") || attributeName === "attributionsrc") {
    return candidates(value).some((one) => holds(one, ATTRIBUTE_KINDS[attributeName])) ? null : undefined;
  }
  if (FRAMES.test(name) && /^[\s\0-\x1f]*(?:javascript|data):/i.test(value)) return codeHolds(value) ? null : undefined;
  return treat(value, ATTRIBUTE_KINDS[attributeName] || KINDS[name]);
}

// Code and markup in an address are read as they would be: percent-encoded, or in Base64.
function codeHolds(address) {
  const [, head, text] = /^([^,:]*:[^,]*?;base64,)?([^]*)$/i.exec(String(address));
  try {
    return mentions(head ? atob(decodeURIComponent(text)) : decodeURIComponent(text));
  } catch {
    return mentions(address);
  }
}

const aside = (element, name, value) => apply(setAttribute, element, [HELD + name, encoded(value)]);

// A link that names a relation and no address is complained about.
function quiet(link) {
  const rel = attribute(link, "rel");
  if (!rel) return;
  aside(link, "rel", rel);
  apply(removeAttribute, link, ["rel"]);
}

// What to set instead, or undefined when the value was held: it is kept in an attribute then.
function checked(element, attributeName, value) {
  const name = attributeName.toLowerCase().replace(/^xlink:/, "");
  const tag = localName(element);
  const result = judged(tag, name, value, (other) => attribute(element, other));
  if (result === undefined) return value;
  if (result !== null) return name === "srcdoc" ? trusted("createHTML", result) || undefined : result;
  aside(element, name, value);
  if (tag === "link") quiet(element);
  wasHeld(element, name, value);
  return undefined;
}

const PROPERTIES = {
  HTMLScriptElement: ["src"],
  HTMLImageElement: ["src", "srcset", "attributionSrc"],
  HTMLIFrameElement: ["src", "srcdoc"],
  HTMLFrameElement: ["src"],
  HTMLLinkElement: ["href", "imageSrcset"],
  HTMLSourceElement: ["src", "srcset"],
  HTMLMediaElement: ["src"],
  HTMLVideoElement: ["poster"],
  HTMLTrackElement: ["src"],
  HTMLEmbedElement: ["src"],
  HTMLObjectElement: ["data"],
  HTMLInputElement: ["src"],
  HTMLBodyElement: ["background"],
  HTMLAnchorElement: ["ping", "attributionSrc"],
  HTMLAreaElement: ["ping", "attributionSrc"],
};

function armAttributes(realm) {
  const set = (property) => (self, value, original) => {
    const result = checked(self, property, value);
    if (result !== undefined) apply(original, self, [result]);
  };
  for (const [name, properties] of Object.entries(PROPERTIES)) {
    for (const property of properties) onSet(realm[name] && realm[name].prototype, property, set(property));
  }
  onConstruct(realm, "Audio", ([address], make) => {
    const audio = make([]);
    if (address !== undefined) audio.src = address;
    return audio;
  });
  const element = realm.Element.prototype;
  onCall(element, "setAttribute", (self, words, original) => {
    if (words.length < 2) return apply(original, self, words);
    const result = checked(self, String(words[0]), words[1]);
    return result === undefined ? undefined : apply(original, self, [words[0], result]);
  });
  onCall(element, "setAttributeNS", (self, words, original) => {
    if (words.length < 3) return apply(original, self, words);
    const result = checked(self, String(words[1]), words[2]);
    return result === undefined ? undefined : apply(original, self, [words[0], words[1], result]);
  });
  const node = (self, words, original) => {
    const [given] = words;
    const owner = elements.get(self) || (isElement(self) && self);
    if (given && owner && checked(owner, given.name, given.value) === undefined) return null;
    return apply(original, self, words);
  };
  for (const name of ["setAttributeNode", "setAttributeNodeNS"]) onCall(element, name, node);
  // A map of attributes and an animated address do not tell whose they are.
  const elements = new WeakMap();
  const remember = (self, part) => {
    if (part) elements.set(part, self);
    return part;
  };
  onGet(element, "attributes", remember);
  for (const name of ["setNamedItem", "setNamedItemNS"]) onCall(realm.NamedNodeMap.prototype, name, node);
  for (const [prototype, property] of [
    [realm.Attr.prototype, "value"],
    [realm.Node.prototype, "nodeValue"],
  ]) {
    onSet(prototype, property, (self, value, original) => {
      const owner = self.ownerElement;
      const result = owner ? checked(owner, self.name, value) : value;
      if (result !== undefined) apply(original, self, [result]);
    });
  }
  for (const name of ["SVGImageElement", "SVGUseElement", "SVGFEImageElement", "SVGScriptElement"]) onGet(realm[name] && realm[name].prototype, "href", remember);
  onSet(realm.SVGAnimatedString.prototype, "baseVal", (self, value, original) => {
    const owner = elements.get(self);
    const result = owner ? checked(owner, "href", value) : value;
    if (result !== undefined) apply(original, self, [result]);
  });
}
