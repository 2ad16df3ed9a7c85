// Cookies and storage by the same table as cookie_rules.py: what is written under a name that is held
// goes nowhere; reading, and deleting what an earlier visit left, is as ever. Storage is held where it comes by
// setItem; what is written like a property (`localStorage.name = …`) calls nothing that could be held, and is
// cleared away when the page is left or the consent taken back. What nobody has declared and was there before the
// page came stays: declare it, and it is there again.

const anyOf = (patterns) => new RegExp(`^(?:${patterns.map((text) => starred(text, ".*")).join("|")})$`, "s");
const ofServices = (table) => Object.entries(table).map(([id, names]) => [id, anyOf(names)]);

const ownCookie = anyOf(config.cookies.own);
const cookiesOf = ofServices(config.cookies.services);
const declared = config.cookies.declared.map(([name, purpose]) => [anyOf([name]), purpose]);
const storing = [...config.cookies.everywhere, ...told("clear")];
const storedOf = ofServices(config.cookies.stored).filter(([id]) => storing.includes(id));

const granted = new Set(told("load"));
const withdrawn = new Set();
const mayStore = (owner) => loads.has(owner) && !withdrawn.has(owner) && !config.measurement.includes(owner);

function stopStoring(released) {
  for (const owner of granted) if (!released.includes(owner)) withdrawn.add(owner);
  clearStored();
}

function goOnStoring(owner) {
  granted.add(owner);
  withdrawn.delete(owner);
}

const [ADMIT, HOLD, UNDECLARED] = ["admit", "hold", "undeclared"];
function verdictOf(name) {
  if (ownCookie.test(name)) return HOLD;
  const owners = cookiesOf.filter(([, names]) => names.test(name)).map(([id]) => id);
  if (owners.some((id) => config.measurement.includes(id))) return HOLD;
  if (owners.some(mayStore)) return ADMIT;
  const [, purpose] = declared.find(([names]) => names.test(name)) || [];
  if (purpose && purpose !== "necessary") return mayStore(`purpose:${purpose}`) ? ADMIT : HOLD;
  if (owners.length) return HOLD;
  return purpose || !config.unlisted ? ADMIT : UNDECLARED;
}

const isOfService = (name) => storedOf.some(([, names]) => names.test(name));
function verdictOfStored(name) {
  if (name === PLACE) return ADMIT;
  const owners = storedOf.filter(([, names]) => names.test(name));
  if (owners.length) return owners.every(([id]) => mayStore(id)) ? ADMIT : HOLD;
  const [, purpose] = declared.find(([names]) => names.test(name)) || [];
  if (purpose && purpose !== "necessary") return mayStore(`purpose:${purpose}`) ? ADMIT : HOLD;
  return purpose || !config.unlisted ? ADMIT : UNDECLARED;
}

// As scripts and servers see it: without a name a cookie looks like what its value begins with.
const cookieNameOf = (cookie) => cookie.split(";")[0].replace(/^[\s=]+/, "").split("=")[0].trim();

const ENDING = /[\0-\x08\n-\x1f\x7f]/; // where some browsers take a cookie for ended
const AGE = /^\s*(max-age|expires)\s*(?:=(.*))?$/is;

// Whether a browser forgets a cookie by these attributes: the last Max-Age counts, then the last Expires (RFC
// 6265bis 5.7).
function deletes(attributes) {
  const last = {};
  for (const [, name, value = ""] of attributes.map((text) => AGE.exec(text)).filter(Boolean)) last[name.toLowerCase()] = value.trim();
  const age = last["max-age"];
  return /^-?\d+$/.test(age) ? Number(age) <= 0 : Date.parse(last.expires) < Date.now();
}

function mayWrite(name) {
  const verdict = verdictOf(name);
  if (verdict === UNDECLARED) tellOfCookie(name);
  return verdict === ADMIT;
}

function mayKeep(name) {
  const verdict = verdictOfStored(name);
  if (verdict === UNDECLARED) tellOfStored(name);
  return verdict === ADMIT;
}

// What becomes of a cookie that is written; null is nothing. Each browser reads attributes in its own
// way, so what is held is forgotten by a word of ours, never by those of the page.
function written(cookie) {
  const [pair, ...attributes] = cookie.split(";");
  const name = cookieNameOf(pair);
  if (ENDING.test(cookie) || !deletes(attributes)) return mayWrite(name) ? cookie : null;
  if (verdictOf(name) === ADMIT) return cookie;
  return [pair, "max-age=0", ...attributes.filter((text) => !AGE.test(text))].join(";");
}

function armCookies(realm) {
  onSet(realm.Document.prototype, "cookie", (self, value, original) => {
    const text = written(String(value));
    if (text !== null) apply(original, self, [text]);
  });
  onCall(realm.CookieStore && realm.CookieStore.prototype, "set", (self, words, original) => {
    const [given] = words;
    const options = given && typeof given === "object";
    const name = cookieNameOf(`${options ? given.name : given}=${options ? given.value : words[1]}`);
    return mayWrite(name) ? apply(original, self, words) : Promise.resolve();
  });
  onCall(realm.Storage.prototype, "setItem", (self, words, original) =>
    words.length > 1 && !mayKeep(String(words[0])) ? undefined : apply(original, self, words),
  );
}

// The storages of the page with the names that are in them; none in a document without an origin.
function stored() {
  try {
    return [localStorage, sessionStorage].map((kept) => [kept, Object.keys(kept)]);
  } catch {
    return [];
  }
}
const before = page && config.unlisted ? stored().map(([, names]) => new Set(names)) : [];

// What a service has left from when it was released, or from before the gateway, and what was kept for a purpose
// that is not granted (GDPR Art. 17(1)(b)). The storage of visitors who have had their data blocked stays as it is.
function clearStored() {
  const clears = storing.some((id) => id.startsWith("purpose:"));
  for (const [kept, names] of stored()) {
    for (const name of names) if (verdictOfStored(name) === HOLD && (clears || isOfService(name))) kept.removeItem(name);
  }
}

function clearOnLeaving() {
  clearStored();
  if (!config.unlisted) return;
  stored().forEach(([kept, names], index) => {
    for (const name of names) if (!before[index].has(name) && !mayKeep(name)) kept.removeItem(name);
  });
}
