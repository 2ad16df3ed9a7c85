// Placeholders.

function revived(script) {
  const copy = document.createElement("script");
  for (const { name, value } of script.attributes) {
    if (name === "type" && value === "text/plain" && script.dataset.privacyService) continue;
    if (name === "data-privacy-service" || name === "data-privacy-text") continue;
    apply(setAttribute, copy, [name.startsWith(HELD) ? name.slice(HELD.length) : name, name.startsWith(HELD) ? decoded(value) : value]);
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
  stepAside(service);
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
  const answer = await window.fetch(form.action, { method: "POST", body: fields });
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

function clicked(event) {
  const button = event.target instanceof Element && event.target.closest('[data-privacy="activate"]');
  const form = button && button.form; // known while the button is in the page
  if (!form || config.enforced) return;
  event.preventDefault();
  button.disabled = true;
  activate(form, button, button.closest('[data-privacy="placeholder"]'));
}
