// What was held comes back: scripts anew, plug-ins as the site wrote them, attributes to their names.

const FRAME = "data-frame-";
const UNTOUCHED = new Set(["data-privacy-service", "data-privacy-text", "data-privacy-uses"]);

function revived(script) {
  const copy = document.createElement("script");
  const held = attribute(script, "data-privacy-service") !== null;
  for (const { name, value } of [...script.attributes]) {
    if (UNTOUCHED.has(name) || (held && name === "type" && value === "text/plain")) continue;
    const [original, text] = name.startsWith(HELD) ? [name.slice(HELD.length), decoded(value)] : [name, value];
    copy.setAttribute(original, text);
  }
  copy.nonce = script.nonce || own.nonce;
  copy.async = false;
  copy.text = script.dataset.privacyText === undefined ? script.text : decoded(script.dataset.privacyText);
  return copy;
}

const heldScripts = (service) => [...document.querySelectorAll(`script[data-privacy-service="${CSS.escape(service)}"]`)];
const isApart = ({ dataset }) => dataset.apart !== undefined;
const placeholdersOf = (service) => document.querySelectorAll(`[data-privacy="placeholder"][data-service="${CSS.escape(service)}"]`);

// The plug-in in its place, where focus goes on if it was in the placeholder.
function restore(placeholder) {
  loads.add(placeholder.dataset.service); // before the markup is read, or it would be held again
  keepSheet(placeholder);
  const focused = placeholder.contains(document.activeElement);
  const plugin = made.get(placeholder);
  const element = plugin ? shown(placeholder, plugin) : brought(placeholder);
  if (focused) focusOn(element);
  return element;
}

// Placeholders have their style sheet from the first of them, which may go before the others.
function keepSheet(placeholder) {
  const sheet = placeholder.querySelector("link");
  if (!sheet || document.head.querySelector(`link[href="${CSS.escape(sheet.getAttribute("href"))}"]`)) return;
  document.head.append(document.importNode(sheet));
}

function complete(element, placeholder) {
  if (localName(element) !== "iframe") return;
  for (const { name, value } of placeholder.attributes) {
    const lacking = name.startsWith(FRAME) && name.slice(FRAME.length);
    if (lacking && attribute(element, lacking) === null) apply(setAttribute, element, [lacking, value]);
  }
}

// What draws itself above the page leaves no more than its place.
function gone(placeholder) {
  const place = document.createElement("span");
  placeholder.replaceWith(place);
  return place;
}

function brought(placeholder) {
  if (isApart(placeholder)) return gone(placeholder);
  const template = inert.createElement("template");
  const markup = trusted("createHTML", decoded(placeholder.dataset.original));
  if (!markup) throw new TypeError("no policy of ours is allowed here");
  template.innerHTML = markup;
  const element = document.importNode(template.content.firstElementChild, true);
  complete(element, placeholder);
  placeholder.replaceWith(element);
  // Scripts that came as markup do not run.
  if (element.localName !== "script") {
    for (const script of element.querySelectorAll("script")) script.replaceWith(revived(script));
    return element;
  }
  const script = revived(element);
  element.replaceWith(script);
  return script;
}

// What a plug-in draws is not known and may replace its element: unless that is a frame, focus stays
// at a place before it until it moves on.
function focusOn(element) {
  if (localName(element) === "iframe") return element.focus({ preventScroll: true });
  const place = document.createElement("span");
  place.tabIndex = -1;
  place.style.cssText = "position:absolute;outline:none";
  place.addEventListener("blur", () => place.remove());
  element.before(place);
  place.focus({ preventScroll: true });
}

// Told to screen readers, without moving focus.
function say(text) {
  let status = document.querySelector('[data-privacy="status"]');
  if (!status) {
    status = document.createElement("span");
    status.setAttribute("role", "status");
    status.dataset.privacy = "status";
    status.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";
    document.body.append(status);
  }
  setTimeout(() => apply(setText, status, [text]), 100); // a region is listened to once it is there
}

// What stays loaded can be switched off where it stands: a form, as in the page that the gateway sends.
function offerUndo(element, placeholder) {
  const { dataset, lang, dir } = placeholder;
  const beside = dataset.size === "small" ? "below" : "edge";
  const group = document.createElement("span");
  const button = document.createElement("button");
  Object.assign(group.dataset, { privacy: "undo", service: dataset.service, place: isApart(placeholder) ? "apart" : beside });
  Object.assign(group, { lang, dir });
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", dataset.state);
  Object.assign(button, { type: "submit", name: "undo", value: "on", title: dataset.state });
  button.setAttribute("form", `privacy-activate-${dataset.service}`);
  apply(setText, button, [dataset.undo]);
  group.append(button);
  element.after(group);
}

const NAMES = [...new Set(Object.values(ATTRIBUTES).flat())];

// Attributes whose address may load now. Google's measurement has its script and no other.
function giveBack() {
  for (const element of document.querySelectorAll(NAMES.map((name) => `[${HELD}${name}]`).join())) {
    const tag = localName(element);
    const get = (name) => attribute(element, name);
    if (tag === "script" && attribute(element, "data-privacy-service") !== null) continue;
    if (element.closest('[data-privacy="placeholder"]') || standingFor.has(element)) continue;
    for (const name of NAMES) {
      const kept = attribute(element, HELD + name);
      const value = kept === null ? "" : decoded(kept);
      if (kept === null || judged(tag, name, value, get) === null || (tag !== "script" && judged(tag, name, value, get) !== undefined)) continue;
      for (const back of [name, "rel"]) {
        const text = attribute(element, HELD + back);
        if (text === null) continue;
        element.removeAttribute(HELD + back);
        element.setAttribute(back, decoded(text));
      }
    }
  }
}

// The gateway keeps the proof before anything is loaded.
async function record(form, fields) {
  fields.set("in_page", "on");
  const answer = await window.fetch(form.action, { method: "POST", body: fields, keepalive: true });
  if (!answer.ok) throw new Error(`not recorded: ${answer.status}`);
  return answer;
}

// What is loaded here stays when the page is loaded anew.
function keepLoaded({ dataset }) {
  for (const form of document.querySelectorAll('form[data-privacy="activation"]')) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "loaded", value: `${dataset.service} ${dataset.instance}` });
    form.append(field);
  }
}

async function activate(form, button, placeholder) {
  const service = placeholder.dataset.service;
  const fields = new URLSearchParams(new FormData(form));
  fields.set("instance", button.value);
  try {
    if (config.enforced || writes(service) || runs(service) || comesTooLate(service, placeholder)) throw new Error("needs the parser");
    await record(form, fields);
    const always = fields.has("remember");
    if (always) goOnStoring(service);
    else activated.add(service);
    for (const one of always ? placeholdersOf(service) : [placeholder]) {
      const element = restore(one);
      if (always) offerUndo(element, one);
      else if (!made.has(one)) keepLoaded(one);
    }
    start(service);
  } catch {
    // Not recorded, or Trusted Types: the form does it with a reload, or says what is wrong.
    submitted(form, button);
  }
}

function clicked(event) {
  const button = event.target instanceof Element && event.target.closest('[data-privacy="activate"]');
  const form = button && button.form; // known while the button is in the page
  if (!form || (config.enforced && !isFramed)) return;
  event.preventDefault();
  if (foreign) return;
  const placeholder = button.closest('[data-privacy="placeholder"]');
  if (placeholder.ariaBusy) return;
  placeholder.ariaBusy = "true";
  say(placeholder.dataset.status);
  keepSheet(placeholder);
  activate(form, button, placeholder);
}
