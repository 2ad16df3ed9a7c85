"""Stand-ins for Google, LinkedIn, YouTube, Zoom, a chat and a tool: they send what the real ones send."""

from __future__ import annotations

from aiohttp import web

from tests.browser import networks

JS, HTML = "text/javascript", "text/html"

# Behaves like gtag.js where it matters: reads the queue, builds its hosts at run time, keeps a
# client id in a cookie unless storage is denied, and reports a page view with all it knows.
GTAG = """
(() => {
  const queue = window.dataLayer = window.dataLayer || [];
  const state = {storage: "granted", fields: {}, ids: []};
  const read = (words) => {
    if (words[0] === "consent" && words[2].analytics_storage) state.storage = words[2].analytics_storage;
    if (words[0] === "set") Object.assign(state.fields, typeof words[1] === "string" ? {[words[1]]: words[2]} : words[1]);
    if (words[0] === "config") { state.ids.push(words[1]); send(words[1], "page_view", {...state.fields, ...words[2]}); }
    if (words[0] === "event") state.ids.forEach((id) => send(id, words[1], {...state.fields, ...words[2]}));
  };
  const client = () => {
    const found = /_ga=([0-9.]+)/.exec(document.cookie);
    const id = found ? found[1] : Math.floor(Math.random() * 2 ** 31) + "." + Math.floor(Date.now() / 1000);
    if (state.storage === "granted") document.cookie = "_ga=" + id + "; max-age=63072000; path=/";
    return id;
  };
  const send = (id, event, fields) => {
    const query = new URLSearchParams({
      v: 2, tid: id, gtm: "45je1", _p: Date.now(), cid: client(), ul: navigator.language, sr: "1234x567",
      uaa: "x86", uafvl: navigator.userAgent, uap: "Linux", _s: 1, sid: Math.floor(Date.now() / 1000), sct: 7,
      dl: location.href, dr: document.referrer, dt: document.title, en: event, gcs: "G100", tfd: 123,
    });
    if (fields.user_id) query.set("uid", fields.user_id);
    for (const [name, value] of Object.entries(fields.user_properties || {})) query.set("up." + name, value);
    const host = ["region1", "google-analytics", "com"].join(".");
    fetch("https://" + host + "/g/collect?" + query, {method: "POST", keepalive: true, mode: "no-cors"});
    new Image().src = "https://" + ["www", "google", "com"].join(".") + "/ads/ga-audiences?tid=" + id;
  };
  const push = queue.push;
  queue.push = (...entries) => { entries.forEach(read); return push.apply(queue, entries); };
  [...queue].forEach(read);
})();
"""

IN_JS = """
window.IN = {parse() {
  document.querySelectorAll('script[type^="IN/"]').forEach((script) => {
    if (script.dataset.done) return;
    script.dataset.done = "1";
    const button = document.createElement("span");
    button.className = "IN-widget";
    button.textContent = script.getAttribute("type");
    script.before(button);
    new Image().src = "https://www.linkedin.com/countserv/count/share?url=" + encodeURIComponent(script.dataset.url || location.href);
  });
}};
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => window.IN.parse());
else window.IN.parse();
"""

INSIGHT = 'new Image().src = "https://px.ads.linkedin.com/collect?pid=" + window._linkedin_partner_id;'

BUBBLES = {"client.crisp.chat": "/l.js", "cdn.userway.org": "/widget.js"}
BUBBLE = """
const bubble = Object.assign(document.createElement("b"), {className: "bubble", textContent: new URL(document.currentScript.src).host});
bubble.style.cssText = "position:fixed;right:0;bottom:0";
document.body.append(bubble);
new Image().src = new URL("/drawn", document.currentScript.src).href;
"""


async def third_party(request: web.Request) -> web.StreamResponse:
    """Answers for every host of the internet."""
    host, path = request.host.partition(":")[0], request.path
    if host == "www.googletagmanager.com" or path == "/gtag/js":
        return web.Response(text=GTAG, content_type=JS)
    if host == "platform.linkedin.com" and path == "/in.js":
        return web.Response(text=IN_JS, content_type=JS)
    if code := networks.loader(host, path):
        return web.Response(text=code, content_type=JS)
    if BUBBLES.get(host) == path:
        return web.Response(text=f"{{{BUBBLE}}}", content_type=JS)
    if host == "snap.licdn.com":
        return web.Response(text=INSIGHT, content_type=JS)
    if path.startswith(("/embed/", "/webinar/", "/sharing/")):
        text = f"<!doctype html><title>{host}</title><p>stand-in for {host}</p>"
        return web.Response(text=text, content_type=HTML)
    return web.Response(status=204)
