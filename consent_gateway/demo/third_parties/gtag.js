// Stand-in for Google's gtag.js, written for this demo. It sends what the real one was measured to
// send in 2026: the same parameters, to the same hosts, at the same moments.
(() => {
  "use strict";
  // Host names are put together at run time, as in the real script: nobody can replace them in its text.
  const host = (...labels) => `http://${labels.join(".")}.localhost:{{port}}`;
  const collect = (name) => `${host(name, "google" + "-analytics", "com")}/g/collect`;
  const id = new URL(document.currentScript.src).searchParams.get("id");
  const loaded = Date.now();
  const seconds = Math.floor(loaded / 1000);
  const random31 = () => crypto.getRandomValues(new Uint32Array(1))[0] >>> 1;

  // ---- consent mode ---------------------------------------------------------------------------

  const TYPES = ["ad_storage", "analytics_storage", "ad_user_data", "ad_personalization"];
  const consent = Object.fromEntries(TYPES.map((type) => [type, {}]));
  let asked = false;
  const denied = (type) => (consent[type].update || consent[type].default) === "denied";
  const CODE = { denied: 2, granted: 3 };
  const letter = ({ default: first, update }) => (16 | ((CODE[first] || 1) << 2) | (CODE[update] || 1)).toString(36);
  const gcd = () => `1${TYPES.map((type) => `3${letter(consent[type])}`).join("")}1l1`;
  const gcs = () => `G1${denied("ad_storage") ? 0 : 1}${denied("analytics_storage") ? 0 : 1}`;

  // ---- identifiers: kept in cookies, or with storage denied made anew on every page ---------------

  const cookie = (name) => (document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`)) || "").slice(name.length + 1);
  const keep = (name, value) => (document.cookie = `${name}=${value}; path=/; max-age=63072000; samesite=lax`);
  const stream = `_ga_${id.slice(2)}`;
  let ids;

  function identify() {
    if (ids) return ids;
    const client = cookie("_ga").split(".").slice(2).join(".");
    const session = /s(\d+)\$o(\d+)\$g(\d)\$t(\d+)/.exec(cookie(stream));
    const goesOn = session && seconds - session[4] < 1800;
    ids = {
      cid: client || `${random31()}.${seconds}`,
      sid: goesOn ? session[1] : String(seconds),
      sct: String(session ? Number(session[2]) + (goesOn ? 0 : 1) : 1),
      seg: goesOn ? "1" : "0",
      first: !client,
      starts: !goesOn,
    };
    if (!denied("analytics_storage")) {
      keep("_ga", `GA1.1.${ids.cid}`);
      keep(stream, `GS2.1.s${ids.sid}$o${ids.sct}$g1$t${seconds}$j60$l0$h0`);
    }
    return ids;
  }

  // ---- hits -----------------------------------------------------------------------------------------

  const settings = {};
  let configured = null;
  let hits = 0;

  async function browser() {
    const data = navigator.userAgentData;
    if (!data) return {};
    const hints = ["architecture", "bitness", "fullVersionList", "model", "platformVersion", "wow64"];
    const high = await data.getHighEntropyValues(hints);
    const versions = high.fullVersionList.map(({ brand, version }) => `${encodeURIComponent(brand)};${version}`);
    return {
      uaa: high.architecture, uab: high.bitness, uafvl: versions.join("|"), uamb: Number(data.mobile), uam: high.model,
      uap: data.platform, uapv: high.platformVersion, uaw: Number(high.wow64),
    };
  }
  const agent = browser().catch(() => ({}));

  function hit(event, parameters, agentFields) {
    const { cid, sid, sct, seg, first, starts } = identify();
    const fields = {
      v: "2", tid: id, gtm: "45je6b30v9000004711za200", _p: String(loaded), ...(asked ? { gcs: gcs() } : {}), gcd: gcd(),
      npa: denied("ad_personalization") ? "1" : "0", dma: "0", cid, ul: navigator.language.toLowerCase(),
      sr: `${screen.width}x${screen.height}`, ...agentFields, frm: window === top ? "0" : "1", pscdl: "noapi",
      _eu: "AIAAAGA", _s: String(++hits), uid: settings.user_id, sid, sct, seg,
      // The real script can blot out e-mail addresses here: a setting of the property, off in this one.
      dl: location.href.replace(location.hash, ""), dr: document.referrer, dt: document.title, en: event,
      ...(hits === 1 && first ? { _fv: "1", _nsi: "1" } : {}), ...(hits === 1 && starts ? { _ss: "1" } : {}), _ee: "1",
    };
    for (const [name, value] of Object.entries({ ...settings.user_properties })) fields[`up.${name}`] = value;
    for (const [name, value] of Object.entries(parameters)) {
      if (typeof value !== "object") fields[name.startsWith("_") ? name : `${typeof value === "number" ? "epn" : "ep"}.${name}`] = value;
    }
    fields.tfd = String(Date.now() - loaded);
    return new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ""));
  }

  const post = (url) => fetch(url, { method: "POST", keepalive: true, mode: "no-cors", credentials: "include" }).catch(() => {});

  async function send(event, parameters = {}) {
    const query = hit(event, parameters, await agent);
    post(`${collect("region1")}?${query}`);
    if (event === "page_view") advertise(query);
  }

  // With Google signals on, the visit is also told to the advertising side.
  function advertise(query) {
    if (denied("ad_storage") || settings.allow_google_signals === false) return;
    const some = (...names) => new URLSearchParams(names.filter((name) => query.has(name)).map((name) => [name, query.get(name)]));
    post(`${host("stats", "g", "double" + "click", "net")}/g/collect?${some("v", "tid", "cid", "gtm", "uid", "gcd", "npa", "dma", "frm")}&aip=1`);
    const page = new URLSearchParams({ random: random31(), cv: "11", tid: id, fmt: "8", en: "page_view", url: location.href, gacid: query.get("cid"), userId: query.get("uid") || "", tiba: document.title });
    post(`${host("www", "google", "com")}/measurement/conversion?${page}`);
  }

  addEventListener("pagehide", () => {
    if (!configured) return;
    const query = hit("user_engagement", { _et: String(Date.now() - loaded) }, {});
    navigator.sendBeacon(`${collect("region1")}?${query}`);
  });

  // ---- commands: what the page has put into dataLayer, and what it will ----------------------------------

  const COMMANDS = {
    consent(mode, states) {
      asked = true;
      for (const type of TYPES) if (states[type]) consent[type][mode] = states[type];
    },
    set: (name, value) => Object.assign(settings, typeof name === "string" ? { [name]: value } : name),
    config(target, options = {}) {
      if (target !== id) return;
      Object.assign(settings, options);
      configured = target;
      if (options.send_page_view !== false) send("page_view");
    },
    event: (name, parameters) => configured && send(name, parameters),
  };

  function obey(entry) {
    if (entry && typeof entry[0] === "string" && COMMANDS[entry[0]]) COMMANDS[entry[0]](...Array.from(entry).slice(1));
  }

  const queue = (window.dataLayer = window.dataLayer || []);
  const push = queue.push;
  queue.push = function (...entries) {
    const length = push.apply(queue, entries);
    entries.forEach(obey);
    return length;
  };
  Array.from(queue).forEach(obey);
})();
