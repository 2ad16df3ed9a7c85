// Runs first in <head>. Holds what the page's own code would fetch from services this visitor has
// not released, sends measurement through the gateway, and loads a plug-in when its placeholder is
// clicked. It evaluates nothing, inserts no markup of its own and leaves no inline code behind.
(() => {
  "use strict";
  const config = __CONFIG__;
  const own = document.currentScript;
  const loads = new Set(((own && own.dataset.load) || "").split(" ").filter(Boolean));
  const { defineProperty, getOwnPropertyDescriptor } = Object;
  const HELD = "data-privacy-";
  const FETCHED = /^(?:https?|wss?):$/;

  const encoded = (text) => btoa(Array.from(new TextEncoder().encode(String(text)), (byte) => String.fromCharCode(byte)).join(""));

  // ---- whose an address is: the same look-up as in urls.py ----------------------------------

  const rules = new Map(
    Object.entries(config.rules).map(([host, list]) => [
      host,
      list.map(([below, rest, owner]) => [below, rest && new RegExp(rest, "s"), owner]),
    ]),
  );
  for (const host of config.known.split(" ")) rules.set(host, [...(rules.get(host) || []), [1, "", ""]]);

  function* names(host) {
    const labels = host.split(".");
    for (let start = 0; start < labels.length; start++) {
      yield [start === 0, labels.slice(start).join(".")];
      for (const suffix of [1, 2]) {
        if (start < labels.length - suffix) yield [start === 0, labels.slice(start, -suffix).join(".") + ".*"];
      }
    }
  }

  function isOwn(host) {
    if (host === location.hostname) return true;
    return config.own.some((name) =>
      name.startsWith("*.") ? host === name.slice(2) || host.endsWith(name.slice(1)) : host === name,
    );
  }

  function ownerOf(url) {
    let host = url.hostname.replace(/\.$/, "");
    if (isOwn(host)) return null;
    if (config.standIns) host = host.replace(/\.localhost$/, "");
    const rest = url.pathname + url.search;
    for (const [exact, name] of names(host)) {
      for (const [below, expression, owner] of rules.get(name) || []) {
        if ((exact || below) && (!expression || expression.test(rest))) return owner;
      }
    }
    return config.unlisted ? "" : null;
  }

  // What becomes of an address: undefined lets it pass, null holds it, a string replaces it.
  function treat(value) {
    let url;
    try {
      url = new URL(value, document.baseURI);
    } catch {
      return undefined;
    }
    if (!FETCHED.test(url.protocol)) return undefined;
    const owner = ownerOf(url);
    if (owner === null) return undefined;
    if (!loads.has(owner)) return null;
    return config.measurement.includes(owner) ? `${location.origin}${config.prefix}/ga${url.pathname}${url.search}` : undefined;
  }

  const candidates = (value) => String(value).match(/[^\s,][^\s]*/g) || [];
  const treatSet = (value) => (candidates(value).some((one) => treat(one) === null) ? null : undefined);

  // ---- attributes that fetch: properties, setAttribute and nodes that bring them along --------

  const ATTRIBUTES = {
    SCRIPT: ["src"],
    IMG: ["src", "srcset"],
    IFRAME: ["src"],
    FRAME: ["src"],
    LINK: ["href", "imagesrcset"],
    SOURCE: ["src", "srcset"],
    VIDEO: ["src", "poster"],
    AUDIO: ["src"],
    TRACK: ["src"],
    EMBED: ["src"],
    OBJECT: ["data"],
    INPUT: ["src"],
  };
  const INFORMATION = /^(?:alternate|author|canonical|help|license|me|next|prev|search|tag|bookmark|nofollow|\s)*$/i;

  const setAttribute = Element.prototype.setAttribute;
  const removeAttribute = Element.prototype.removeAttribute;
  const getAttribute = Element.prototype.getAttribute;

  const fetches = (element, name) => {
    const attributes = ATTRIBUTES[element.nodeName.toUpperCase()];
    if (!attributes || !attributes.includes(name)) return false;
    const rel = element.nodeName === "LINK" ? getAttribute.call(element, "rel") : null;
    return !(rel && INFORMATION.test(rel) && !/alternate\s+stylesheet|stylesheet/i.test(rel));
  };

  // Returns what to set instead, or undefined when the value was held.
  function checked(element, name, value) {
    if (!fetches(element, name)) return value;
    const result = name.endsWith("srcset") ? treatSet(value) : treat(value);
    if (result === null) {
      setAttribute.call(element, HELD + name, encoded(value));
      return undefined;
    }
    return result === undefined ? value : result;
  }

  const PROPERTIES = [
    ["HTMLScriptElement", "src"],
    ["HTMLImageElement", "src"],
    ["HTMLImageElement", "srcset"],
    ["HTMLIFrameElement", "src"],
    ["HTMLFrameElement", "src"],
    ["HTMLLinkElement", "href"],
    ["HTMLLinkElement", "imageSrcset"],
    ["HTMLSourceElement", "src"],
    ["HTMLSourceElement", "srcset"],
    ["HTMLMediaElement", "src"],
    ["HTMLVideoElement", "poster"],
    ["HTMLTrackElement", "src"],
    ["HTMLEmbedElement", "src"],
    ["HTMLObjectElement", "data"],
    ["HTMLInputElement", "src"],
  ];
  for (const [interfaceName, property] of PROPERTIES) {
    const prototype = window[interfaceName] && window[interfaceName].prototype;
    const descriptor = prototype && getOwnPropertyDescriptor(prototype, property);
    if (!descriptor || !descriptor.set) continue;
    defineProperty(prototype, property, {
      ...descriptor,
      set(value) {
        const result = checked(this, property.toLowerCase(), value);
        if (result !== undefined) descriptor.set.call(this, result);
      },
    });
  }

  Element.prototype.setAttribute = function (name, value) {
    const result = checked(this, String(name).toLowerCase(), value);
    if (result !== undefined) setAttribute.call(this, name, result);
  };

  // Nodes made elsewhere, such as in a parsed document: their attributes are moved before they
  // come into the page.
  function sift(node) {
    if (!(node instanceof Node) || (node.nodeType !== 1 && node.nodeType !== 11)) return;
    const below = node.querySelectorAll ? node.querySelectorAll(Object.keys(ATTRIBUTES).join()) : [];
    for (const element of node.nodeType === 1 ? [node, ...below] : below) {
      for (const name of ATTRIBUTES[element.nodeName.toUpperCase()] || []) {
        const value = getAttribute.call(element, name);
        if (value !== null && checked(element, name, value) === undefined) removeAttribute.call(element, name);
      }
    }
  }
  for (const [prototype, methods] of [
    [Node.prototype, ["appendChild", "insertBefore", "replaceChild"]],
    [Element.prototype, ["append", "prepend", "before", "after", "replaceWith", "replaceChildren", "insertAdjacentElement"]],
    [DocumentFragment.prototype, ["append", "prepend", "replaceChildren"]],
  ]) {
    for (const method of methods) {
      const original = prototype[method];
      if (!original) continue;
      prototype[method] = function (...nodes) {
        nodes.forEach(sift);
        return original.apply(this, nodes);
      };
    }
  }

  // ---- markup handed over as text ---------------------------------------------------------------

  const MARKUP =
    /(<(?:script|img|iframe|frame|link|source|video|audio|track|embed|object|input)\b[^>]*?[\s"'\/])(src|srcset|imagesrcset|href|poster|data)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)/gi;
  const ANYTHING_FOREIGN = /[\/\\]\s*[\/\\]/;

  function cleaned(markup) {
    const text = String(markup);
    if (!ANYTHING_FOREIGN.test(text)) return markup;
    let result = text;
    let before;
    do {
      before = result;
      result = before.replace(MARKUP, (all, start, name, equals, quoted) => {
        const value = (/^["']/.test(quoted) ? quoted.slice(1, -1) : quoted).replace(/&amp;/gi, "&");
        const verdict = /srcset$/i.test(name) ? treatSet(value) : treat(value);
        if (verdict === undefined) return all;
        if (verdict === null) return `${start}${HELD}${name}${equals}"${encoded(value)}"`;
        return `${start}${name}${equals}"${verdict.replace(/&/g, "&amp;").replace(/"/g, "&quot;")}"`;
      });
    } while (result !== before);
    return result === text ? markup : asMarkup(result);
  }

  // Under Trusted Types a text of ours is refused unless a policy may be made: then nothing goes in.
  let policy;
  function asMarkup(text) {
    const types = window.trustedTypes;
    if (!types) return text;
    try {
      policy = policy || types.createPolicy("privacy", { createHTML: (html) => html });
      return policy.createHTML(text);
    } catch {
      return types.emptyHTML;
    }
  }

  for (const [prototype, property] of [
    [Element.prototype, "innerHTML"],
    [Element.prototype, "outerHTML"],
    [window.ShadowRoot && ShadowRoot.prototype, "innerHTML"],
  ]) {
    const descriptor = prototype && getOwnPropertyDescriptor(prototype, property);
    if (!descriptor) continue;
    defineProperty(prototype, property, {
      ...descriptor,
      set(value) {
        descriptor.set.call(this, cleaned(value));
      },
    });
  }
  const insertAdjacentHTML = Element.prototype.insertAdjacentHTML;
  Element.prototype.insertAdjacentHTML = function (position, text) {
    return insertAdjacentHTML.call(this, position, cleaned(text));
  };
  for (const method of ["write", "writeln"]) {
    const original = Document.prototype[method];
    Document.prototype[method] = function (...texts) {
      return original.apply(this, texts.length === 1 ? [cleaned(texts[0])] : [cleaned(texts.join(""))]);
    };
  }

  // ---- requests -----------------------------------------------------------------------------------

  const fetch = window.fetch;
  if (fetch) {
    window.fetch = function (input, init) {
      const verdict = treat(input instanceof Request ? input.url : input);
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
      const verdict = treat(url);
      return verdict === null ? true : sendBeacon.call(this, verdict === undefined ? url : verdict, data);
    };
  }
  const open = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    const verdict = treat(url);
    return open.call(this, method, verdict === undefined ? url : verdict === null ? "data:," : verdict, ...rest);
  };
  for (const name of ["WebSocket", "EventSource", "Worker", "SharedWorker"]) {
    const Original = window[name];
    if (!Original) continue;
    window[name] = new Proxy(Original, {
      construct(target, args, newTarget) {
        if (treat(args[0]) === null) throw new DOMException("held until the visitor consents", "SecurityError");
        return Reflect.construct(target, args, newTarget === window[name] ? target : newTarget);
      },
    });
  }

  // ---- what the page tells Google's tag ----------------------------------------------------------

  const NEVER = new Set([
    "user_data", "server_container_url", "transport_url", "first_party_collection", "cookie_domain", "linker", "client_id",
  ]);
  const LINKED = new Set(["user_id", "user_properties"]);
  const DENIED = { ad_storage: "denied", ad_user_data: "denied", ad_personalization: "denied", analytics_storage: "denied" };
  const linking = loads.has("analytics_linking");

  const forbidden = (name) => NEVER.has(name) || (!linking && LINKED.has(name));
  const without = (fields) =>
    fields && typeof fields === "object" && !Array.isArray(fields)
      ? Object.fromEntries(Object.entries(fields).filter(([name]) => !forbidden(name)))
      : fields;

  function command(entry) {
    if (!entry || typeof entry !== "object") return entry;
    if (!(entry.length > 0) || typeof entry[0] !== "string") return without(entry);
    const words = Array.prototype.slice.call(entry);
    if (words[0] === "config" || words[0] === "event") words[2] = without(words[2]);
    else if (words[0] === "consent") words[2] = { ...words[2], ...DENIED };
    else if (words[0] === "set" && typeof words[1] === "string") {
      if (forbidden(words[1])) return null;
      words[2] = without(words[2]);
    } else if (words[0] === "set") words[1] = without(words[1]);
    return (function () {
      return arguments;
    })(...words);
  }

  // The tag wraps push itself, so the accessor always closes over what is set at the moment.
  function arm(queue) {
    let inner = Array.prototype.push;
    defineProperty(queue, "push", {
      configurable: false,
      get() {
        const current = inner;
        return (...entries) => {
          const kept = entries.map(command).filter((entry) => entry !== null);
          return kept.length ? current.apply(queue, kept) : queue.length;
        };
      },
      set(value) {
        inner = value;
      },
    });
    return queue;
  }

  const measured = config.measurement.some((id) => loads.has(id));
  if (!measured) window.dataLayer = window.dataLayer || [];
  else {
    const queue = arm((window.dataLayer = window.dataLayer || []));
    const tag = function () {
      queue.push(arguments);
    };
    tag("consent", "default", {});
    tag("set", { allow_google_signals: false, allow_ad_personalization_signals: false, url_passthrough: false, ads_data_redaction: true });
  }

  // Names that the page's own code may call although their service is held: they do nothing.
  for (const [owner, functions] of Object.entries(config.quiet)) {
    if (loads.has(owner)) continue;
    for (const name of functions) {
      if (!(name in window)) window[name] = function () {};
    }
  }

  // ---- placeholders -------------------------------------------------------------------------------

  const bytes = (encoded) => Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  const decoded = (encoded) => new TextDecoder(document.characterSet).decode(bytes(encoded));

  function revived(script) {
    const copy = document.createElement("script");
    for (const { name, value } of script.attributes) {
      if (name === "type" && value === "text/plain" && script.dataset.privacyService) continue;
      if (name === "data-privacy-service" || name === "data-privacy-text") continue;
      setAttribute.call(copy, name.startsWith(HELD) ? name.slice(HELD.length) : name, name.startsWith(HELD) ? decoded(value) : value);
    }
    copy.async = false;
    copy.text = script.dataset.privacyText === undefined ? script.text : decoded(script.dataset.privacyText);
    return copy;
  }

  const started = new Set();

  function start(service) {
    loads.add(service);
    if (started.has(service)) {
      for (const path of config.again[service] || []) call(path);
      return;
    }
    started.add(service);
    for (const script of document.querySelectorAll(`script[data-privacy-service="${CSS.escape(service)}"]`)) {
      script.replaceWith(revived(script));
    }
  }

  function call(path) {
    const names = path.split(".");
    const method = names.pop();
    const object = names.reduce((value, name) => value && value[name], window);
    if (object && typeof object[method] === "function") object[method]();
  }

  function restore(placeholder) {
    loads.add(placeholder.dataset.service); // before the markup is read, or it would be held again
    const template = document.createElement("template");
    template.innerHTML = decoded(placeholder.dataset.original);
    const element = template.content.firstElementChild;
    placeholder.replaceWith(element.localName === "script" ? revived(element) : document.importNode(element, true));
  }

  // The gateway keeps the proof before anything is loaded.
  async function record(form, button) {
    const fields = new URLSearchParams(new FormData(form));
    fields.set("instance", button.value);
    fields.set("in_page", "on");
    const answer = await fetch.call(window, form.action, { method: "POST", body: fields });
    if (!answer.ok) throw new Error(`not recorded: ${answer.status}`);
    return fields.has("remember");
  }

  async function activate(form, button, placeholder) {
    const service = placeholder.dataset.service;
    try {
      const all = await record(form, button);
      const which = all ? document.querySelectorAll(`[data-privacy="placeholder"][data-service="${CSS.escape(service)}"]`) : [placeholder];
      which.forEach(restore);
      start(service);
    } catch {
      // Not recorded, or Trusted Types: the form does it with a reload, or says what is wrong.
      button.disabled = false;
      form.requestSubmit(button);
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest('[data-privacy="activate"]');
    const form = button && button.form; // known while the button is in the page
    if (!form || config.enforced) return;
    event.preventDefault();
    button.disabled = true;
    activate(form, button, button.closest('[data-privacy="placeholder"]'));
  });

  // A form of ours brings the visitor back to this page by a reload: to where they were in it.
  const PLACE = "privacy-place";
  const here = location.pathname + location.search;

  document.addEventListener("submit", (event) => {
    const action = getAttribute.call(event.target, "action") || "";
    if (!action.startsWith(`${config.prefix}/`)) return;
    try {
      sessionStorage.setItem(PLACE, `${Math.round(scrollY)} ${here}`);
    } catch {
      // no storage in a sandboxed frame: the page then begins at its top
    }
  });

  function returned() {
    try {
      const kept = sessionStorage.getItem(PLACE) || "";
      sessionStorage.removeItem(PLACE);
      const [, top, page] = /^(\d+) (.*)$/s.exec(kept) || [];
      if (page === here) scrollTo({ top: Number(top), behavior: "instant" });
    } catch {
      // as above
    }
  }
  document.addEventListener("DOMContentLoaded", returned);
})();
