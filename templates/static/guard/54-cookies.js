// No cookie and no storage of Google's measurement: its ids are the gateway's. What is written under
// these names goes nowhere; reading, and deleting what an earlier visit left, is as ever.

const COOKIES = [
  "_ga", "_ga_*", "_gid", "_gat", "_gat_*", "_gac_*", "_gcl_*", "FPID", "FPLC", "FPGSID", "FPAU", "__utm*", "_dc_gtm_*", "AMP_TOKEN",
];
const STORED = ["_ga", "_ga_*", "_gac_*", "_gcl*"];

const anyOf = (patterns) => new RegExp(`^(?:${patterns.map((text) => starred(text, ".*")).join("|")})$`, "s");
const [cookieName, storedName] = [COOKIES, STORED].map(anyOf);

function deletes(cookie) {
  const [, age] = /;\s*max-age\s*=\s*([^;]*)/i.exec(cookie) || [];
  const [, date] = /;\s*expires\s*=\s*([^;]*)/i.exec(cookie) || [];
  return age === undefined ? Date.parse(date) < Date.now() : Number(age) <= 0;
}

function armCookies(realm) {
  onSet(realm.Document.prototype, "cookie", (self, value, original) => {
    const text = String(value);
    if (!cookieName.test(text.split("=")[0].trim()) || deletes(text)) apply(original, self, [text]);
  });
  onCall(realm.CookieStore && realm.CookieStore.prototype, "set", (self, words, original) => {
    const [given] = words;
    const name = given && typeof given === "object" ? given.name : given;
    return cookieName.test(String(name)) ? Promise.resolve() : apply(original, self, words);
  });
  onCall(realm.Storage.prototype, "setItem", (self, words, original) =>
    words.length > 1 && storedName.test(String(words[0])) ? undefined : apply(original, self, words),
  );
}
