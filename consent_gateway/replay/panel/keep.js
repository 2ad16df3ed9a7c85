// Keeps a replayed page on this computer where no policy can: it neither leaves for elsewhere, nor opens
// windows there, nor connects early or by telephone. What it tried is reported.
(() => {
  "use strict";
  const here = document.currentScript ? document.currentScript.src : location.href;
  const reports = new URL("/.replay/reports", here).href;
  const send = navigator.sendBeacon.bind(navigator);
  const isLocal = (host) =>
    host === "localhost" || host.endsWith(".localhost") || /^127\.\d+\.\d+\.\d+$/.test(host) || host === "[::1]";

  function stopped(value, what) {
    let url;
    try {
      url = new URL(value, document.baseURI);
    } catch {
      return false;
    }
    if (!/^(?:https?|wss?|ftp):$/.test(url.protocol) || isLocal(url.hostname)) return false;
    send(reports, JSON.stringify({ "csp-report": { "blocked-uri": url.href, "effective-directive": what } }));
    return true;
  }

  if (self.navigation) {
    navigation.addEventListener("navigate", (event) => {
      if (event.cancelable && stopped(event.destination.url, "navigation")) event.preventDefault();
    });
  }
  for (const kind of ["click", "auxclick"]) {
    addEventListener(
      kind,
      (event) => {
        const link = event.composedPath().find((node) => node instanceof Element && node.matches("a[href], area[href]"));
        if (link && stopped(link.href instanceof SVGAnimatedString ? link.href.baseVal : link.href, "navigation")) {
          event.preventDefault();
        }
      },
      true,
    );
  }
  const open = self.open;
  self.open = function (address, ...rest) {
    return address && stopped(address, "navigation") ? null : Reflect.apply(open, this, [address, ...rest]);
  };

  // A policy says nothing about early connections, nor about calls.
  const early = /\b(?:preconnect|dns-prefetch|prerender)\b/i;
  const isEarly = (link, rel) => early.test(rel === undefined ? link.rel : rel);
  const href = Object.getOwnPropertyDescriptor(HTMLLinkElement.prototype, "href");
  const rel = Object.getOwnPropertyDescriptor(HTMLLinkElement.prototype, "rel");
  const setAttribute = Element.prototype.setAttribute;
  Object.defineProperty(HTMLLinkElement.prototype, "href", {
    ...href,
    set(value) {
      if (!stopped(value, "link")) href.set.call(this, value);
    },
  });
  Object.defineProperty(HTMLLinkElement.prototype, "rel", {
    ...rel,
    set(value) {
      if (!(isEarly(this, value) && this.href && stopped(this.href, "link"))) rel.set.call(this, value);
    },
  });
  Element.prototype.setAttribute = function (name, value) {
    const isHref = this instanceof HTMLLinkElement && String(name).toLowerCase() === "href";
    if (!(isHref && stopped(value, "link"))) Reflect.apply(setAttribute, this, [name, value]);
  };
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) {
    if (name in self) Object.defineProperty(self, name, { value: undefined });
  }
})();
