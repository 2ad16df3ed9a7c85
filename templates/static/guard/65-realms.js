// Every realm that the page's code can reach is guarded alike: the page's own, and those of frames
// and windows that have no document from the gateway. A frame keeps what it was given when its
// first document comes, whether that is srcdoc, a blob, code of its own or a page of the site.

function arm(realm) {
  if (realm[SHARED]) return;
  defineProperty(realm, SHARED, { value: { loads, isListed } });
  armAttributes(realm);
  armStyles(realm);
  armMarkup(realm);
  armNodes(realm);
  armRequests(realm);
  armWorkers(realm);
  armCookies(realm);
  armFrames(realm);
}

function reach(realm) {
  try {
    if (realm && realm.document) arm(realm);
  } catch {
    // another origin: out of the page's reach as well
  }
  return realm;
}

const windowOf = {};
for (const name of page ? ["HTMLIFrameElement", "HTMLFrameElement", "HTMLObjectElement"] : []) {
  windowOf[name.slice(4, -7).toLowerCase()] = getterOf(window[name].prototype, "contentWindow");
}
const FRAMED = "iframe,frame,object";

// After something came into the page: the frames in it are reached before anybody else can.
function arrivedIn(node) {
  const kind = kindOf(node);
  const select = kind === 1 ? querySelectorAll : kind === 11 ? querySelectorAllIn : kind === 9 ? Document.prototype.querySelectorAll : null;
  if (!select) return;
  lookSoon();
  const frames = [...(kind === 1 && windowOf[localName(node)] ? [node] : []), ...apply(select, node, [FRAMED])];
  for (const frame of frames) {
    reach(windowOf[localName(frame)](frame));
    if (attribute(frame, `${HELD}src`) !== null && localName(frame) === "iframe") standSoon(frame);
  }
}

function armFrames(realm) {
  for (const name of ["HTMLIFrameElement", "HTMLFrameElement", "HTMLObjectElement"]) {
    onGet(realm[name].prototype, "contentWindow", (self, result) => reach(result));
    onGet(realm[name].prototype, "contentDocument", (self, result) => {
      if (result && result.defaultView) reach(result.defaultView);
      return result;
    });
  }
  onCall(realm, "open", (self, words, original) => reach(apply(original, self, words)));
}

// What the parser brings is looked at before the script after it runs (HTML standard, end tag
// "script": a microtask checkpoint comes first).
function parserBrought(records) {
  for (const { addedNodes } of records) {
    for (const node of addedNodes) {
      if (kindOf(node) !== 1) continue;
      arrivedIn(node);
      for (const script of [node, ...apply(querySelectorAll, node, ['script[src],script[data-privacy-service="known"]'])]) {
        if (localName(script) !== "script") continue;
        noticeScript(script);
        const address = attribute(script, `${HELD}src`);
        if (address) standInForHost(decoded(address));
      }
    }
  }
}
