// What was held comes back: scripts anew, plug-ins as the site wrote them, attributes to their names.

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
const placeholdersOf = (service) => document.querySelectorAll(`[data-privacy="placeholder"][data-service="${CSS.escape(service)}"]`);

function restore(placeholder) {
  loads.add(placeholder.dataset.service); // before the markup is read, or it would be held again
  const plugin = made.get(placeholder);
  if (plugin) return shown(placeholder, plugin);
  const template = inert.createElement("template");
  const markup = trusted("createHTML", decoded(placeholder.dataset.original));
  if (!markup) throw new TypeError("no policy of ours is allowed here");
  template.innerHTML = markup;
  const element = document.importNode(template.content.firstElementChild, true);
  placeholder.replaceWith(element);
  // Scripts that came as markup do not run.
  for (const script of element.localName === "script" ? [element] : element.querySelectorAll("script")) script.replaceWith(revived(script));
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

async function activate(form, button, placeholder) {
  const service = placeholder.dataset.service;
  const fields = new URLSearchParams(new FormData(form));
  fields.set("instance", button.value);
  try {
    if (writes(service) || runs(service)) throw new Error("needs the parser");
    await record(form, fields);
    (fields.has("remember") ? placeholdersOf(service) : [placeholder]).forEach(restore);
    start(service);
  } catch {
    // Not recorded, or Trusted Types: the form does it with a reload, or says what is wrong.
    button.disabled = false;
    form.requestSubmit(button);
  }
}

function clicked(event) {
  const button = event.target instanceof Element && event.target.closest('[data-privacy="activate"]');
  const form = button && button.form; // known while the button is in the page
  if (!form || config.enforced) return;
  event.preventDefault();
  button.disabled = true;
  activate(form, button, button.closest('[data-privacy="placeholder"]'));
}
