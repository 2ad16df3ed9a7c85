// Whether an address is held, as in consent_gateway/lists/matching.py.

// The host of the page, in a frame or a worker without an address of its own as well.
const pageHost = self.origin === "null" ? location.hostname : new URL(self.origin).hostname;
let unpackedTables;

function* namesOf(host) {
  yield host;
  for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".")) {
    host = host.slice(dot + 1);
    yield host;
  }
}

function* pageNames(host) {
  for (const name of namesOf(host)) {
    yield name;
    const labels = name.split(".");
    for (const suffix of [1, 2]) {
      if (labels.length > suffix) yield `${labels.slice(0, -suffix).join(".")}.*`;
    }
  }
}

const longest = (names, page) => names.reduce((found, name) => (page.has(name) && name.length > found ? name.length : found), 0);

// Whether a rule is for this page: asked once per rule.
function isHere(when, page) {
  if (when.here === undefined) {
    const [inside, outside] = [longest(names(when.domains), page), longest(names(when.notDomains), page)];
    when.here = outside || when.domains ? inside > outside : true;
  }
  return when.here;
}

function applies(when, { foreign, hosts }, page) {
  if (when.party && (when.party === 3) !== foreign) return false;
  if (!isHere(when, page)) return false;
  return !when.notTo || !names(when.notTo).some((name) => hosts.includes(name));
}

// Every rule for this address on this page, whatever it is fetched for.
function matching(index, fetch, { whens, page }) {
  const found = [];
  for (const host of fetch.hosts) {
    const number = numberOf(host);
    for (const [when, numbers] of index.sets) if (contains(numbers, number)) found.push(whens[when]);
    for (const [when, known] of index.names) if (known.has(host)) found.push(whens[when]);
  }
  const lower = fetch.address.toLowerCase();
  const rules = (word) => {
    let some = index.words.get(word);
    if (typeof some === "string") {
      const parts = some.split(" ");
      some = parts.flatMap((part, at) => (at % 2 ? [] : [[whens[part], fits(parts[at + 1], whens[part].exactCase)]]));
      index.words.set(word, some);
    }
    return some || [];
  };
  for (const word of new Set([...(lower.match(/[a-z0-9]+/g) || []), ""])) {
    for (const [when, fit] of rules(word)) if (applies(when, fetch, page) && fit(fetch.address, lower)) found.push(when);
  }
  return found.filter((when) => applies(when, fetch, page));
}

const kindsOf = (rules) => rules.reduce((kinds, when) => kinds | when.kinds, 0);

function unpackAll() {
  const whens = table.whens.map(([kinds, party, domains, notDomains, notTo, exactCase, important]) => ({
    kinds, party, domains, notDomains, notTo, exactCase, important, here: undefined,
  }));
  const host = pageHost;
  const all = { whens, page: new Set(pageNames(host)), holding: unpack(table.holding), excepting: unpack(table.excepting) };
  all.without = kindsOf(matching(all.excepting, { address: `https://${host}/`, hosts: [...namesOf(host)], foreign: false }, all));
  return all;
}

// `kind` is what a rule would call the fetch; nothing, where it may be one of several. The guard takes
// this over from the script's element, in a worker from the worker.
(typeof document === "object" ? document.currentScript : self).holds = (url, kind) => {
  unpackedTables = unpackedTables || unpackAll();
  const all = unpackedTables;
  if (all.without & table.document) return false;
  let host = url.hostname.replace(/\.$/, "");
  const standsIn = table.standIns && host.endsWith(".localhost");
  if (standsIn) host = host.slice(0, -".localhost".length);
  const port = url.port && !standsIn ? `:${url.port}` : "";
  const hosts = [...namesOf(host)];
  const fetch = {
    address: `${url.protocol}//${host}${port}${url.pathname}${url.search}`.slice(0, table.longest),
    hosts,
    foreign: !hosts.includes(pageHost) && !table.websites.some((name) => hosts.includes(name)),
  };
  const kinds = table.kinds[kind] || table.unknown;
  const found = matching(all.holding, fetch, all).filter((when) => when.kinds & kinds && (when.domains || !(all.without & table.generic)));
  if (!found.length) return false;
  const excepted = kindsOf(matching(all.excepting, fetch, all));
  return found.some((when) => when.kinds & kinds & (when.important ? ~0 : ~excepted));
};
