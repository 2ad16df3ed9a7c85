// The properties that the page measures for. The tag sends nothing for one that is disabled, not even
// where the site serves a copy of its own
// (https://developers.google.com/tag-platform/security/guides/privacy, "Disable Google Analytics measurement").

const properties = new Set();
const disabled = new Set(); // by us: the page's own opt-outs stay

const switchOf = (id) => `ga-disable-${id}`;

function disable(id) {
  if (window[switchOf(id)]) return;
  disabled.add(id);
  window[switchOf(id)] = true;
}

function enable(id) {
  if (disabled.delete(id)) delete window[switchOf(id)];
}

function property(id) {
  if (!PROPERTY.test(id) || properties.has(id)) return;
  properties.add(id);
  if (!measures()) disable(id);
}

// What an address of a hit or of the tag's own script gives away: its property and the name of its queue.
function noticed(url) {
  const fields = url.searchParams;
  for (const name of ["tid", "id"]) property(fields.get(name) || "");
  const [id, queue] = [fields.get("id") || "", fields.get("l")];
  if (queue && (PROPERTY.test(id) || CONTAINER.test(id))) watch(queue);
}

// Of a script that the parser has brought: it runs after this at the earliest.
function noticeScript(script) {
  const url = GOOGLES.test(attribute(script, "src") || "") && parsed(attribute(script, "src"));
  if (url) noticed(url);
}

// Nothing is measured any more in this page, at once. `released` is what the visitor still releases.
function stopMeasuring(released) {
  const before = measures();
  for (const id of [...config.measurement, LINKING]) if (!released.includes(id)) loads.delete(id);
  if (!before || measures()) return;
  stopped = true;
  begun = new WeakSet();
  properties.forEach(disable);
}
