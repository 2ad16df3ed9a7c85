// Workers whose code the page makes: they begin with this script. Workers with an address of the
// site's are edited by the gateway.

const SHARED_ADDRESS = Symbol.for("privacy-gateway-address");
const blobs = new Map();
const guarded = new Map();
const SCRIPT_ADDRESS = own ? own.src : self[SHARED_ADDRESS];

function beginning(type) {
  const address = JSON.stringify(SCRIPT_ADDRESS);
  if (type === "module") return `import ${address};\n`;
  const made = "t&&t.createPolicy('privacy',{createHTML:x=>x,createScriptURL:x=>x})";
  const told = `self[Symbol.for('privacy-gateway-policy')]=p;self[Symbol.for('privacy-gateway-address')]=${address}`;
  // Where a policy in the page's own markup keeps ours out, the worker has to do without.
  return `try{const t=self.trustedTypes,p=${made};${told};importScripts(p?p.createScriptURL(${address}):${address})}catch{}\n`;
}

// A blob or data address of the same code behind ours; any other address as it is.
function withGuard(value, type) {
  const address = String(value);
  const released = [...loads].join("+");
  const key = `${type} ${released} ${address}`;
  if (!guarded.has(key)) guarded.set(key, behindOurs(address, type, released) || value);
  return guarded.get(key);
}

function behindOurs(address, type, released) {
  if (!SCRIPT_ADDRESS) return null;
  const code = blobs.get(address.replace(/#.*/, ""));
  if (code) {
    const whole = new Blob([beginning(type), code], { type: "text/javascript" });
    return trusted("createScriptURL", `${apply(createObjectURL, URL, [whole])}#${released}`);
  }
  const [, encoding, text] = /^\s*data:[^,]*?(;base64)?,([^#]*)/i.exec(address) || [];
  if (text === undefined) return null;
  const plain = encoding ? new TextDecoder().decode(bytes(decodeURIComponent(text))) : decodeURIComponent(text);
  return trusted("createScriptURL", `data:text/javascript;charset=utf-8,${encodeURIComponent(beginning(type) + plain)}#${released}`);
}

const { createObjectURL } = URL;

// As where the visitor keeps no data of sites: a failure that nobody need handle.
function refused() {
  const refusal = Promise.reject(new DOMException("held by the privacy gateway", "SecurityError"));
  refusal.catch(() => {});
  return refusal;
}

function armWorkers(realm) {
  onCall(realm.URL, "createObjectURL", (self, words, original) => {
    const address = apply(original, self, words);
    const [blob] = words;
    if (blob instanceof realm.Blob && !/^(?:image|video|audio|font)\//.test(blob.type)) blobs.set(address, blob);
    return address;
  });
  onCall(realm.URL, "revokeObjectURL", (self, words, original) => {
    blobs.delete(String(words[0]));
    return apply(original, self, words);
  });
  for (const name of ["Worker", "SharedWorker"]) {
    onConstruct(realm, name, ([address, options, ...rest], make) => make([withGuard(address, (options && options.type) || "classic"), options, ...rest]));
  }
  onCall(realm.ServiceWorkerContainer && realm.ServiceWorkerContainer.prototype, "register", (self, words, original) => {
    const url = parsed(words[0]);
    return url && GOOGLES_WORKER.test(url.pathname) ? refused() : apply(original, self, words);
  });
  onCall(holder(realm, "importScripts"), "importScripts", (self, words, original) => apply(original, self, words.filter((word) => !holds(word, "script"))));
}
