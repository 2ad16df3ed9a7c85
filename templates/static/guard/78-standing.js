// A plug-in that the page's code makes, a frame or an element that a held service would draw into:
// its placeholder comes from the gateway and stands before it; it stays where the page's code left it.

const made = new WeakMap(); // placeholder → plug-in
const standingFor = new WeakSet(); // plug-ins
const SMALLEST = 10; // CSS pixels: as in treatments/placeholder.py
let number = 5000; // of instances, after those the gateway has counted

function standBefore(plugin, service, of) {
  standingFor.add(plugin);
  const asked = new URLSearchParams({
    service, ...of, instance: ++number, lang: document.documentElement.lang, return: path,
    first: document.querySelector('[data-privacy="placeholder"]') ? "" : "1",
  });
  const request = new XMLHttpRequest();
  request.open("GET", `${site.origin}${config.prefix}/placeholder?${asked}`);
  request.responseType = "document"; // parsed without a text that Trusted Types would refuse
  request.onload = () => {
    const placeholder = request.response && request.response.querySelector('[data-privacy="placeholder"]');
    if (!placeholder || !plugin.isConnected || loads.has(service)) return;
    for (const form of request.response.forms) {
      if (!document.getElementById(form.id)) document.body.append(document.importNode(form, true));
    }
    const copy = document.importNode(placeholder, true);
    made.set(copy, plugin);
    plugin.before(copy);
    if (!textOf(plugin).trim()) plugin.hidden = true; // what it says already goes on being read
    apply(setAttribute, plugin, ["data-privacy", "standing"]);
  };
  request.send();
}

function standForFrame(frame) {
  if (standingFor.has(frame) || !frame.isConnected || frame.ownerDocument !== document) return;
  const kept = attribute(frame, `${HELD}src`);
  const url = kept && parsed(decoded(kept));
  const service = url && ownerOf(url);
  const { width, height } = frame.getBoundingClientRect();
  if (!service || !config.visible.includes(service) || width <= SMALLEST || height <= SMALLEST) return;
  standBefore(frame, service, { url: url.href, width: Math.round(width), height: Math.round(height) });
}

// The tags of a plug-in without its texts: what its plain link is made of.
const TELLING = /^(?:class|href|data-network)$/;
const LONGEST_OUTLINE = 1500; // characters
function outline(element) {
  const quoted = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;");
  const tag = (one, all) => {
    const told = [...one.attributes].filter(({ name }) => all || TELLING.test(name));
    return `<${localName(one)}${told.map(({ name, value }) => ` ${name}="${quoted(value)}"`).join("")}>`;
  };
  const inside = [...element.querySelectorAll("[class], [href], [data-network]")].slice(0, 20);
  const whole = tag(element, true) + inside.map((one) => tag(one, false)).join("");
  return whole.length > LONGEST_OUTLINE ? "" : whole;
}

// Only of services that something was held of in this page: others draw nothing.
const heldHere = new Set(told("held"));
const STANDING = '[data-privacy="placeholder"]';

function* unfilled(services) {
  for (const service of services) {
    for (const [mount, selector] of loads.has(service) ? [] : config.mounts[service] || []) {
      for (const element of document.querySelectorAll(selector)) {
        if (standingFor.has(element) || element.closest(STANDING) || element.querySelector(STANDING)) continue;
        yield [element, service, { mount, markup: outline(element) }];
      }
    }
  }
}

function standForElements() {
  for (const found of unfilled(heldHere)) standBefore(...found);
}

// What the gateway's page brought of services that it knew of is judged there: the rest is made by code, and
// so may be all of a service whose script runs.
function passOver() {
  for (const [element] of unfilled(told("held").filter((id) => !runs(id)))) standingFor.add(element);
  looking = false;
  lookSoon();
}

function shown(placeholder, plugin) {
  complete(plugin, placeholder);
  placeholder.remove();
  standingFor.delete(plugin);
  plugin.hidden = false;
  plugin.removeAttribute("data-privacy");
  const kept = attribute(plugin, `${HELD}src`);
  if (kept === null) return plugin;
  plugin.removeAttribute(`${HELD}src`);
  plugin.setAttribute("src", decoded(kept));
  return plugin;
}

// Looked at once the page's code has given the plug-in its place and size.
function standSoon(frame) {
  requestAnimationFrame(() => standForFrame(frame));
}

let looking = true; // from when the page has been read
function lookSoon() {
  if (looking || !heldHere.size) return;
  looking = true;
  requestAnimationFrame(() => {
    looking = false;
    standForElements();
  });
}
