// A plug-in's frame that the page's code makes: its placeholder comes from the gateway and stands
// before it; the frame itself stays where the page's code left it, without an address.

const made = new WeakMap(); // placeholder → frame
const standingFor = new WeakSet(); // frames
const SMALLEST = 10; // CSS pixels: as in treatments/placeholder.py
let number = 5000; // of instances, after those the gateway has counted

function stand(frame) {
  if (standingFor.has(frame) || !frame.isConnected || frame.ownerDocument !== document) return;
  const kept = attribute(frame, `${HELD}src`);
  const url = kept && parsed(decoded(kept));
  const service = url && ownerOf(url);
  const { width, height } = frame.getBoundingClientRect();
  if (!service || !config.visible.includes(service) || width <= SMALLEST || height <= SMALLEST) return;
  standingFor.add(frame);
  const asked = new URLSearchParams({
    service, url: url.href, width: Math.round(width), height: Math.round(height), instance: ++number,
    lang: document.documentElement.lang, return: path, first: document.querySelector('[data-privacy="placeholder"]') ? "" : "1",
  });
  const request = new XMLHttpRequest();
  request.open("GET", `${site.origin}${config.prefix}/placeholder?${asked}`);
  request.responseType = "document"; // parsed without a text that Trusted Types would refuse
  request.onload = () => {
    const placeholder = request.response && request.response.querySelector('[data-privacy="placeholder"]');
    if (!placeholder || !frame.isConnected || loads.has(service)) return;
    for (const form of request.response.forms) {
      if (!document.getElementById(form.id)) document.body.append(document.importNode(form, true));
    }
    const copy = document.importNode(placeholder, true);
    made.set(copy, frame);
    frame.before(copy);
    frame.hidden = true;
    apply(setAttribute, frame, ["data-privacy", "standing"]);
  };
  request.send();
}

function shown(placeholder, frame) {
  placeholder.remove();
  standingFor.delete(frame);
  frame.hidden = false;
  frame.removeAttribute("data-privacy");
  const address = decoded(attribute(frame, `${HELD}src`));
  frame.removeAttribute(`${HELD}src`);
  frame.setAttribute("src", address);
}

// Looked at once the page's code has given the frame its place and size.
function standSoon(frame) {
  requestAnimationFrame(() => stand(frame));
}
