// Google's measurement by its addresses: which of them are hits, and what they become.

const ANALYTICS = "google-analytics";
const TAG_MANAGER = "google-tag-manager";
// Cheap to ask of any address: may it name a property, or one of Google's own service workers?
const GOOGLES = /[?&](?:t?id)=(?:G|GT|GTM|UA|AW|DC)-|\/service_worker\//;
const PROPERTY = /^(?:G|GT|UA|AW|DC)-[A-Z0-9][A-Z0-9-]{3,}$/;
const CONTAINER = /^GTM-[A-Z0-9]{3,}$/;
// A frame of the tag's starts a worker that sends what the page cannot send: observed in 2026-04.
const GOOGLES_WORKER = /\/_\/service_worker\/|\/static\/service_worker\/\w+\/sw(?:_iframe)?\.(?:js|html)$/;
const MEASURED = /(?:^|\.)(?:google-analytics\.com|analytics\.google\.com|googletagmanager\.com)$/;
// A tag gateway abbreviates: /ag/g/c, /ga/g/c, /g/c.
const COLLECTED = /\/g\/c(?:ollect)?$/;
const ABBREVIATED = /^\/(?:(?:ag|ga)\/)?g\/c$/;
const JOINED = /\/g\/s\/collect$/; // would join hits with the visitor's own connection to Google

// As relays.py: a script of Google's on the site's own host, or any other, by what it is asked for.
const RELAYED = /\/(gtag\/js|gtag\/destination|gtm\.js|measurement\.php)$/;

const isOurs = (url) => url.origin === site.origin && url.pathname.startsWith(`${config.prefix}/`);

// By what it says, whatever its host: relays and server containers stand under any, the site's own too.
function isHit(url) {
  if (!url.search.includes("tid=") || isOurs(url)) return false;
  const fields = url.searchParams;
  return PROPERTY.test(fields.get("tid")) && (/^[12]$/.test(fields.get("v")) || fields.has("gtm"));
}

function relayed(url) {
  if (!RELAYED.test(url.pathname) || isOurs(url)) return null;
  const id = url.searchParams.get("id") || "";
  if (CONTAINER.test(id)) return { owner: TAG_MANAGER, path: "/gtm.js" };
  if (!PROPERTY.test(id)) return null;
  return { owner: ANALYTICS, path: url.pathname.endsWith("/destination") ? "/gtag/destination" : "/gtag/js" };
}

// Universal Analytics may say all of it in the body. Google processes none of it any more: to any host but
// the site's own, where the gateway answers, it is held.
const NAMED_IN_BODY = /(?:^|[&\n])tid=(?:G|GT|UA|AW|DC)-/;
const VERSION_IN_BODY = /(?:^|[&\n])v=[12](?:[&\r\n]|$)/;

function carriesHit(address, body) {
  if (typeof body !== "string" && !(body instanceof URLSearchParams)) return false;
  const text = String(body);
  const url = NAMED_IN_BODY.test(text) && VERSION_IN_BODY.test(text) && parsed(address);
  return Boolean(url) && url.origin !== site.origin;
}

// A service that was told apart by its address keeps what is advertising; Analytics' is nobody else's.
const goesElsewhere = (url, owner) => Boolean(owner) && (config.measurement.includes(owner) || /^(?:AW|DC)-/.test(url.searchParams.get("tid")));

// The path at the gateway. What is under /x/ is answered there and goes no further.
function rerouted(url) {
  const host = hostOf(url);
  const aside = `/x/${host}${url.pathname}`;
  const isGoogles = config.measurement.includes(ownerOfPlace(url));
  const relay = relayed(url);
  let path = aside;
  if (relay) path = relay.path;
  else if (MEASURED.test(host)) path = JOINED.test(url.pathname) ? aside : url.pathname.replace(ABBREVIATED, "/g/collect");
  else if (!isGoogles && COLLECTED.test(url.pathname) && url.searchParams.get("v") === "2") path = "/g/collect";
  return `${site.origin}${config.prefix}/ga${path}${url.search}`;
}
