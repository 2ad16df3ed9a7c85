// Cookies and storage by the same table as cookie_rules.py: what is written under a name that is held
// goes nowhere; reading, and deleting what an earlier visit left, is as ever. Of other storage only what
// the site's own services keep is held, and cleared away.

const anyOf = (patterns) => new RegExp(`^(?:${patterns.map((text) => starred(text, ".*")).join("|")})$`, "s");
const ofServices = (table) => Object.entries(table).map(([id, names]) => [id, anyOf(names)]);

const ownCookie = anyOf(config.cookies.own);
// Google's tag writes these where there is no service for them.
const neverCookie = anyOf(["_gcl_*", "FPAU"]);
const cookiesOf = ofServices(config.cookies.services);
const declared = config.cookies.declared.map(([name, purpose]) => [anyOf([name]), purpose]);
const storedOf = [
  ...ofServices({ [ANALYTICS]: ["_ga", "_ga_*", "_gac_*", "_gcl*"] }),
  ...ofServices(config.cookies.stored).filter(([id]) => told("clear").includes(id)),
];

const granted = new Set(told("load"));
const withdrawn = new Set();
const mayStore = (owner) => loads.has(owner) && !withdrawn.has(owner) && !config.measurement.includes(owner);

function stopStoring(released) {
  for (const owner of granted) if (!released.includes(owner)) withdrawn.add(owner);
}

function goOnStoring(owner) {
  granted.add(owner);
  withdrawn.delete(owner);
}

function holdsCookie(name) {
  if (ownCookie.test(name) || neverCookie.test(name)) return true;
  const owners = cookiesOf.filter(([, names]) => names.test(name)).map(([id]) => id);
  if (owners.some((id) => config.measurement.includes(id))) return true;
  if (owners.some(mayStore)) return false;
  const [, purpose] = declared.find(([names]) => names.test(name)) || [];
  if (purpose && purpose !== "necessary") return !mayStore(`purpose:${purpose}`);
  if (owners.length) return true;
  if (purpose || !config.unlisted) return false;
  tellOperator(name);
  return true;
}

const holdsStored = (name) => storedOf.some(([id, names]) => names.test(name) && !mayStore(id));

// Nobody has declared them: the operator will want to know why the page does not work.
const undeclared = new Set();
const sendBeacon = page && Navigator.prototype.sendBeacon;
function tellOperator(name) {
  if (!undeclared.size) setTimeout(sendNames, 1000);
  undeclared.add(name);
}

function sendNames() {
  const body = JSON.stringify([...undeclared].slice(0, 50).map((name) => ({ type: "cookie", name })));
  apply(sendBeacon, navigator, [`${site.origin}${config.prefix}/reports`, new Blob([body], { type: "application/reports+json" })]);
}

// As scripts and servers see it: without a name a cookie looks like what its value begins with.
const cookieNameOf = (cookie) => cookie.split(";")[0].replace(/^[\s=]+/, "").split("=")[0].trim();

function deletes(cookie) {
  const [, age] = /;\s*max-age\s*=\s*([^;]*)/i.exec(cookie) || [];
  const [, date] = /;\s*expires\s*=\s*([^;]*)/i.exec(cookie) || [];
  return age === undefined ? Date.parse(date) < Date.now() : Number(age) <= 0;
}

function armCookies(realm) {
  onSet(realm.Document.prototype, "cookie", (self, value, original) => {
    const text = String(value);
    if (deletes(text) || !holdsCookie(cookieNameOf(text))) apply(original, self, [text]);
  });
  onCall(realm.CookieStore && realm.CookieStore.prototype, "set", (self, words, original) => {
    const [given] = words;
    const options = given && typeof given === "object";
    const name = cookieNameOf(`${options ? given.name : given}=${options ? given.value : words[1]}`);
    return holdsCookie(name) ? Promise.resolve() : apply(original, self, words);
  });
  onCall(realm.Storage.prototype, "setItem", (self, words, original) =>
    words.length > 1 && holdsStored(String(words[0])) ? undefined : apply(original, self, words),
  );
}

// What a service has left from when it was released, or from before the gateway (GDPR Art. 17(1)(b)).
function clearStored() {
  for (const kind of ["localStorage", "sessionStorage"]) {
    try {
      for (const name of Object.keys(self[kind])) if (holdsStored(name)) self[kind].removeItem(name);
    } catch {
      return; // a document without an origin
    }
  }
}
