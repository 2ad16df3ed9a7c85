// Whether an address is held, as in consent_gateway/lists/matching.py.

const own = document.currentScript;
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

const longest = (some, others) => Math.max(0, ...[...some].filter((name) => others.has(name)).map((name) => name.length));

function applies(when, { foreign, host }, page) {
  if (when.party && (when.party === 3) !== foreign) return false;
  const out = longest(when.notDomains, page);
  if (out) return longest(when.domains, page) > out;
  if (when.domains.size && !longest(when.domains, page)) return false;
  return !when.notTo.size || ![...namesOf(host)].some((name) => when.notTo.has(name));
}

// Every rule for this address on this page, whatever it is fetched for.
function matching(index, fetch, { whens, page }) {
  const found = [];
  for (const host of namesOf(fetch.host)) {
    const number = numberOf(host);
    for (const [when, numbers] of index.sets) if (contains(numbers, number)) found.push(whens[when]);
    for (const [when, known] of index.names) if (known.has(host)) found.push(whens[when]);
  }
  const lower = fetch.address.toLowerCase();
  for (const word of new Set([...(lower.match(/[a-z0-9]+/g) || []), ""])) {
    let rules = index.words.get(word);
    if (typeof rules === "string") {
      const parts = rules.split(" ");
      rules = parts.flatMap((part, at) => (at % 2 ? [] : [[whens[part], fits(parts[at + 1], whens[part].exactCase)]]));
      index.words.set(word, rules);
    }
    for (const [when, fit] of rules || []) if (fit(fetch.address, lower)) found.push(when);
  }
  return found.filter((when) => applies(when, fetch, page));
}

const kindsOf = (rules) => rules.reduce((kinds, when) => kinds | when.kinds, 0);

function unpackAll() {
  const whens = table.whens.map(([kinds, party, domains, notDomains, notTo, exactCase, important]) => ({
    kinds,
    party,
    domains: names(domains),
    notDomains: names(notDomains),
    notTo: names(notTo),
    exactCase,
    important,
  }));
  const host = location.hostname;
  const all = { whens, page: new Set(pageNames(host)), holding: unpack(table.holding), excepting: unpack(table.excepting) };
  all.without = kindsOf(matching(all.excepting, { address: `https://${host}/`, host, foreign: false }, all));
  return all;
}

// `kind` is what a rule would call the fetch; nothing, where it may be one of several.
own.holds = (url, kind) => {
  unpackedTables = unpackedTables || unpackAll();
  const all = unpackedTables;
  if (all.without & table.document) return false;
  let host = url.hostname.replace(/\.$/, "");
  const standsIn = table.standIns && host.endsWith(".localhost");
  if (standsIn) host = host.slice(0, -".localhost".length);
  const port = url.port && !standsIn ? `:${url.port}` : "";
  const known = [...namesOf(host)];
  const fetch = {
    address: `${url.protocol}//${host}${port}${url.pathname}${url.search}`.slice(0, table.longest),
    host,
    foreign: !known.includes(location.hostname) && !table.websites.some((name) => known.includes(name)),
  };
  const kinds = kind ? table.kinds[kind] : table.unknown;
  const found = matching(all.holding, fetch, all).filter((when) => when.kinds & kinds && (when.domains.size || !(all.without & table.generic)));
  if (!found.length) return false;
  const excepted = kindsOf(matching(all.excepting, fetch, all));
  return found.some((when) => when.kinds & kinds & (when.important ? ~0 : ~excepted));
};
