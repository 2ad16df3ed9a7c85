// Requests.

const fetch = window.fetch;
if (fetch) {
  window.fetch = function (input, init) {
    const verdict = treat(input instanceof Request ? input.url : input, "xmlhttprequest");
    if (verdict === undefined) return fetch.call(this, input, init);
    if (verdict === null) return Promise.resolve(new Response(null, { status: 204 }));
    if (!(input instanceof Request)) return fetch.call(this, verdict, init);
    const bodyless = input.method === "GET" || input.method === "HEAD";
    const body = bodyless ? Promise.resolve(undefined) : input.clone().blob();
    return body.then((content) => fetch.call(this, verdict, { method: input.method, body: content, keepalive: input.keepalive, ...init }));
  };
}
const sendBeacon = Navigator.prototype.sendBeacon;
if (sendBeacon) {
  Navigator.prototype.sendBeacon = function (url, data) {
    const verdict = treat(url, "ping");
    return verdict === null ? true : sendBeacon.call(this, verdict === undefined ? url : verdict, data);
  };
}
const open = XMLHttpRequest.prototype.open;
XMLHttpRequest.prototype.open = function (method, url, ...rest) {
  const verdict = treat(url, "xmlhttprequest");
  return open.call(this, method, verdict === undefined ? url : verdict === null ? "data:," : verdict, ...rest);
};
const CONSTRUCTED = { WebSocket: "websocket", EventSource: "xmlhttprequest", Worker: "script", SharedWorker: "script" };
for (const [name, kind] of Object.entries(CONSTRUCTED)) {
  const Original = window[name];
  if (!Original) continue;
  window[name] = new Proxy(Original, {
    construct(target, args, newTarget) {
      if (treat(args[0], kind) === null) throw new DOMException("held until the visitor consents", "SecurityError");
      return Reflect.construct(target, args, newTarget === window[name] ? target : newTarget);
    },
  });
}
