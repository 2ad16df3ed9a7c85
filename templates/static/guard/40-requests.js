// Requests that code makes itself, in the page and in workers.

// What a held connection looks like: one that has failed.
function failed(Original, url) {
  const socket = new EventTarget();
  Object.setPrototypeOf(socket, Original.prototype);
  const fields = { url: String(url), readyState: 3, bufferedAmount: 0, protocol: "", extensions: "", binaryType: "blob", onopen: null, onmessage: null, onerror: null, onclose: null, send() {}, close() {} };
  for (const [name, value] of Object.entries(fields)) defineProperty(socket, name, { configurable: true, writable: true, value });
  setTimeout(() => {
    for (const type of ["error", "close"]) {
      const event = new Event(type);
      EventTarget.prototype.dispatchEvent.call(socket, event);
      if (typeof socket[`on${type}`] === "function") socket[`on${type}`](event);
    }
  });
  return socket;
}

// The address of a Request, of whatever realm; undefined for anything else.
const requestAddress = getterOf(Request.prototype, "url");
function addressOf(input) {
  try {
    return requestAddress(input);
  } catch {
    return undefined;
  }
}

const NOWHERE = "data:,";

function armFetch(realm) {
  onCall(holder(realm, "fetch"), "fetch", (self, words, fetch) => {
    const [input, init] = words;
    const request = addressOf(input);
    const isRequest = request !== undefined;
    const carried = init && carriesHit(request ?? input, init.body);
    const verdict = carried ? null : treat(isRequest ? request : input, "xmlhttprequest");
    if (verdict === undefined) return apply(fetch, self, words);
    if (verdict === null) return Promise.resolve(new realm.Response(null, { status: 204 }));
    if (!isRequest) return apply(fetch, self, [verdict, init]);
    const bodyless = input.method === "GET" || input.method === "HEAD";
    const body = bodyless ? Promise.resolve(undefined) : input.clone().blob();
    return body.then((content) => apply(fetch, self, [verdict, { method: input.method, body: content, keepalive: input.keepalive, ...init }]));
  });
  onCall(realm, "fetchLater", (self, words, original) => {
    const verdict = treat(addressOf(words[0]) ?? words[0], "xmlhttprequest");
    if (verdict === null) return { activated: false };
    return apply(original, self, verdict === undefined ? words : [verdict, words[1]]);
  });
  const opened = new WeakMap(); // request → its address
  onCall(realm.XMLHttpRequest && realm.XMLHttpRequest.prototype, "open", (self, [method, url, ...rest], open) => {
    const verdict = treat(url, "xmlhttprequest");
    const address = verdict === undefined ? url : verdict === null ? NOWHERE : verdict;
    opened.set(self, address);
    return apply(open, self, [method, address, ...rest]);
  });
  onCall(realm.XMLHttpRequest && realm.XMLHttpRequest.prototype, "send", (self, words, original) => {
    if (!carriesHit(opened.get(self) ?? NOWHERE, words[0])) return apply(original, self, words);
    self.open("GET", NOWHERE);
    return apply(original, self, []);
  });
  for (const name of ["add", "addAll"]) {
    onCall(realm.Cache && realm.Cache.prototype, name, (self, [given, ...rest], original) => {
      const passes = (one) => !holds(addressOf(one) ?? one, "xmlhttprequest");
      if (name === "add") return passes(given) ? apply(original, self, [given, ...rest]) : Promise.resolve();
      return apply(original, self, [Array.from(given).filter(passes), ...rest]);
    });
  }
}

function armRequests(realm) {
  armFetch(realm);
  onCall(realm.Navigator && realm.Navigator.prototype, "sendBeacon", (self, [url, data], sendBeacon) => {
    const verdict = carriesHit(url, data) ? null : treat(url, "ping");
    return verdict === null ? true : apply(sendBeacon, self, [verdict === undefined ? url : verdict, data]);
  });
  onCall(realm.Worklet && realm.Worklet.prototype, "addModule", (self, words, original) =>
    holds(words[0], "script") ? Promise.resolve() : apply(original, self, words),
  );
  for (const [name, kind] of [["WebSocket", "websocket"], ["EventSource", "xmlhttprequest"]]) {
    const Original = realm[name];
    onConstruct(realm, name, (words, make) => (holds(words[0], kind) ? failed(Original, words[0]) : make(words)));
  }
  onConstruct(realm, "WebTransport", (words, make) => {
    if (holds(words[0])) throw new DOMException("held until the visitor consents", "NetworkError");
    return make(words);
  });
  // A server of STUN or TURN learns the visitor's address.
  const reachable = (configuration) => {
    if (!configuration || !configuration.iceServers) return configuration;
    const passes = (url) => !holds(String(url).replace(/^(?:stun|turn)s?:/i, "https://"));
    const servers = Array.from(configuration.iceServers, (server) => ({ ...server, urls: [].concat(server.urls || server.url || []).filter(passes) }));
    return { ...configuration, iceServers: servers.filter(({ urls }) => urls.length) };
  };
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) {
    onConstruct(realm, name, ([configuration, ...rest], make) => make([reachable(configuration), ...rest]));
  }
  onCall(realm.RTCPeerConnection && realm.RTCPeerConnection.prototype, "setConfiguration", (self, [configuration, ...rest], original) =>
    apply(original, self, [reachable(configuration), ...rest]),
  );
}
