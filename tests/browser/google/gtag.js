// Stand-in for Google's gtag.js, written for these tests: it sends what the real one was measured to
// send between 2024 and 2026, in each of its modes, and keeps what the real one keeps.
((property) => {
  "use strict";
  // Host names are put together at run time, as in the real script.
  const host = (...labels) => labels.join(".");
  const at = (name, path) => "https://" + name + path;
  const google = host("www", "google", "com");
  const tagManager = host("www", "google" + "tagmanager", "com");
  const own = new URL(document.currentScript.src);
  const id = own.searchParams.get("id");
  const layer = own.searchParams.get("l") || "dataLayer";
  const loaded = Date.now();
  const seconds = Math.floor(loaded / 1000);
  const WAIT = 200; // milliseconds in which events gather; the real one waits for 5 seconds

  // ---- consent -----------------------------------------------------------------------------------
  const TYPES = ["ad_storage", "analytics_storage", "ad_user_data", "ad_personalization"];
  const states = {};
  const denied = (type) => states[type] === "denied";
  const gcs = () => `G1${denied("ad_storage") ? 0 : 1}${denied("analytics_storage") ? 0 : 1}`;

  // ---- ids ---------------------------------------------------------------------------------------
  const settings = {};
  const keep = (name, value) => (document.cookie = `${name}=${value}; path=/; max-age=63072000`);
  const cookie = (name) => (document.cookie.split("; ").find((pair) => pair.startsWith(name + "=")) || "").slice(name.length + 1);
  let client;
  function identify() {
    client = client || settings.client_id || cookie("_ga").split(".").slice(2).join(".") || `${Math.floor(Math.random() * 2 ** 31)}.${seconds}`;
    if (!denied("analytics_storage")) {
      keep("_ga", `GA1.1.${client}`);
      keep(`_ga_${id.slice(2)}`, `GS2.1.s${seconds}$o1$g1$t${seconds}$j60$l0$h0`);
    }
    if (!denied("ad_storage")) {
      keep("_gcl_au", `1.1.${client}`);
      localStorage.setItem("_gcl_ls", JSON.stringify({ schema: "gcl", version: 1 }));
    }
    return client;
  }
  const scraped = () => (property.scrapes && /[\w.]+@[\w.]+\w/.exec(document.body ? document.body.innerText : "")) || [];

  // ---- where to ------------------------------------------------------------------------------------
  const signals = () => settings.allow_google_signals !== false && !denied("ad_storage");
  const absolute = (address) => (/^https?:/.test(address) ? address : "https://" + address.replace(/^\/+/, "")).replace(/\/$/, "");
  const container = () => settings.server_container_url && absolute(settings.server_container_url);
  function collector() {
    if (container()) return container() + "/g/collect";
    if (settings.transport_url) return absolute(settings.transport_url) + "/g/collect";
    if (property.gateway) return location.origin + property.gateway + "/ag/g/c";
    return at(signals() ? host("analytics", "google", "com") : host("www", "google" + "-analytics", "com"), "/g/collect");
  }

  // ---- hits ----------------------------------------------------------------------------------------
  let number = 0;
  const query = (fields) => new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== undefined && value !== "")).toString();

  function shared() {
    const sent = {
      v: "2", tid: id, gtm: "45je6431v9000004711", _p: loaded, gcs: gcs(), gcd: "13l3l3l3l1l1", npa: "0", dma: "0", cid: identify(),
      ecid: "485087743", ul: navigator.language.toLowerCase(), sr: `${screen.width}x${screen.height}`, uaa: "x86", uab: "64",
      uafvl: "Chromium;156.0.8078.79", uamb: "0", uam: "", uap: "Linux", frm: window === top ? "0" : "1", pscdl: "noapi", _s: ++number,
      uid: settings.user_id, sid: seconds, sct: "1", seg: "0", dl: location.href, dr: document.referrer, dt: document.title,
    };
    return container() ? { ...sent, "sst.tft": Date.now() - loaded, "sst.ude": "0" } : sent;
  }

  const item = (fields) => ["id", "nm", "br", "pr", "qt"].map((short, at) => {
    const value = fields[["item_id", "item_name", "item_brand", "price", "quantity"][at]];
    return value === undefined ? "" : short + String(value).replace(/~/g, "~~");
  }).filter(Boolean).join("~");

  function eventFields(name, parameters) {
    const fields = { en: name, ...(number === 1 ? { _fv: "1", _nsi: "1", _ss: "2" } : {}), _ee: "1" };
    for (const [key, value] of Object.entries({ ...settings.user_properties, ...parameters.user_properties })) fields[`up.${key}`] = value;
    for (const [key, value] of Object.entries(parameters)) {
      if (key === "items") value.forEach((one, at) => (fields[`pr${at + 1}`] = item(one)));
      else if (typeof value !== "object" && typeof value !== "function" && key !== "send_to") fields[(typeof value === "number" ? "epn." : "ep.") + key] = value;
    }
    const known = { email: scraped()[0], ...settings.user_data, ...parameters.user_data };
    if (container()) for (const [key, value] of Object.entries(known)) fields[`ep.user_data.${key}`] = value;
    else if (known.email) fields.em = `tv.1~em.${btoa(known.email)}`;
    return { ...fields, tfd: Date.now() - loaded };
  }

  // What a server container answers may be orders.
  function obeyed(text) {
    for (const [, data] of text.matchAll(/^data: (.+)$/gm)) for (const address of JSON.parse(data).send_pixel || []) new Image().src = address;
  }
  function transmit(address, body) {
    const init = container()
      ? { method: body ? "POST" : "GET", body, credentials: "include", mode: "cors" }
      : { method: "POST", body, keepalive: true, credentials: "include", mode: "no-cors" };
    if (body) init.headers = { "Content-Type": "text/plain;charset=UTF-8" };
    fetch(address, init).then((response) => response.text()).then(obeyed, () => {
      fetch(address.replace(/^[^?]*/, at(google, "/g/collect")), { method: "POST", body, mode: "no-cors", credentials: "omit" }).catch(() => {});
    });
  }

  const gathered = [];
  function flush(send) {
    const events = gathered.splice(0);
    if (!events.length || window[`ga-disable-${id}`]) return;
    if (events.length === 1) send(`${collector()}?${query({ ...shared(), ...events[0] })}`);
    else send(`${collector()}?${query(shared())}`, events.map(query).join("\r\n"));
  }
  addEventListener("pagehide", () => flush((address, body) => navigator.sendBeacon(address, body)));

  function send(name, parameters = {}) {
    if (window[`ga-disable-${id}`]) return;
    if (name !== "page_view") {
      gathered.push(eventFields(name, parameters));
      setTimeout(flush, WAIT, transmit);
      return;
    }
    const first = shared();
    transmit(`${collector()}?${query({ ...first, ...eventFields(name, parameters) })}`);
    if (!container()) advertise(first);
    else frame(container());
  }

  // ---- what goes along with a page view ------------------------------------------------------------------
  function frame(base) {
    const worker = document.createElement("iframe");
    worker.style.display = "none";
    worker.src = `${base}/_/service_worker/63b0/sw_iframe.html?origin=${encodeURIComponent(location.origin)}&1p=1`;
    document.body.append(worker);
  }
  function advertise({ cid, uid, gtm }) {
    const page = query({ random: loaded, tid: id, gtm, en: "page_view", url: location.href, gacid: cid, userId: uid, tiba: document.title });
    if (denied("ad_storage")) {
      const request = new XMLHttpRequest();
      request.open("POST", at(host("pagead2", "google" + "syndication", "com"), `/measurement/conversion?${page}`));
      request.send();
      return;
    }
    fetch(property.gateway ? `${location.origin}${property.gateway}/g/measurement/conversion?${page}` : at(google, `/measurement/conversion?${page}`), { method: "POST", mode: "no-cors" }).catch(() => {});
    if (!signals()) return;
    const same = query({ v: "2", tid: id, cid, gtm, uid, aip: "1" });
    fetch(at(host("stats", "g", "double" + "click", "net"), `/g/collect?${same}`), { method: "POST", mode: "no-cors" }).catch(() => {});
    new Image().src = at(host("www", "google", "com", "au"), `/ads/ga-audiences?${same}&t=sr&_r=4`);
    if (!property.gateway) return;
    fetch(at(tagManager, `/gtag/js?id=${id}&gtg_health=1`), { mode: "no-cors" }).catch(() => {});
    fetch(at(host("analytics", "google", "com"), `/g/s/collect?${same}&_gsid=${cid}`), { method: "POST", mode: "no-cors" }).catch(() => {});
  }

  // ---- enhanced measurement ------------------------------------------------------------------------------
  let scrolled = false;
  addEventListener("scroll", () => {
    if (scrolled || scrollY + innerHeight < document.documentElement.scrollHeight * 0.9) return;
    scrolled = true;
    send("scroll", { percent_scrolled: 90 });
  });
  addEventListener("click", ({ target }) => {
    const link = target.closest && target.closest("a[href]");
    if (!link || link.host === location.host) return;
    send("click", { link_url: link.href, link_domain: link.hostname, outbound: "true" });
  }, true);

  // ---- commands --------------------------------------------------------------------------------------------
  let configured = false;
  const COMMANDS = {
    consent: (mode, given) => TYPES.forEach((type) => given[type] && (states[type] = given[type])),
    set: (name, value) => Object.assign(settings, typeof name === "string" ? { [name]: value } : name),
    get: (target, name, callback) => target === id && callback(name === "client_id" ? identify() : String(seconds)),
    config(target, options = {}) {
      if (target !== id) return;
      Object.assign(settings, options);
      configured = true;
      if (options.send_page_view !== false) send("page_view");
      if (!property.ads) return;
      const script = document.createElement("script");
      script.src = at(tagManager, `/gtag/destination?id=${property.ads}&l=${layer}`);
      document.head.append(script);
    },
    event(name, parameters = {}) {
      if (configured) send(name, parameters);
      if (parameters.event_callback) parameters.event_callback(id);
    },
  };
  function obey(entry) {
    if (entry && typeof entry[0] === "string" && COMMANDS[entry[0]]) COMMANDS[entry[0]](...Array.from(entry).slice(1));
    else if (entry && entry.event && !/^gtm\./.test(entry.event)) {
      Object.assign(settings, entry.user_id ? { user_id: entry.user_id } : {}, entry.user_data ? { user_data: entry.user_data } : {});
      if (entry.eventModel && configured) send(entry.event, entry.eventModel);
    }
  }

  const queue = (window[layer] = window[layer] || []);
  const push = queue.push;
  queue.push = function (...entries) {
    const length = push.apply(queue, entries);
    entries.forEach(obey);
    return length;
  };
  queue.slice(0).forEach(obey);
})(__PROPERTY__);
