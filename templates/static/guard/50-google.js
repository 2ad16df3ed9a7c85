// What the page may tell Google's tag: nothing about who the visitor is, and no consent but what was given.

const LINKING = "analytics_linking";
const NEVER = new Set([
  "user_data", "server_container_url", "transport_url", "first_party_collection", "linker", "client_id",
  "allow_google_signals", "allow_ad_personalization_signals", "url_passthrough", "ads_data_redaction",
]);
const LINKED = new Set(["user_id", "user_properties"]);
const DENIED = { ad_storage: "denied", ad_user_data: "denied", ad_personalization: "denied", analytics_storage: "denied" };
const NEEDED = new Set(["functionality_storage", "security_storage"]);
const SETTINGS = { allow_google_signals: false, allow_ad_personalization_signals: false, url_passthrough: false, ads_data_redaction: true };

const isFields = (value) => value !== null && typeof value === "object" && !Array.isArray(value) && !isNode(value);
const forbids = (name) => NEVER.has(name) || (!loads.has(LINKING) && LINKED.has(name));
const forbidden = (name) => name.split(".").some(forbids); // a tag manager's names may be paths

// The fields that may be said; the same object where all of them may, as its owner may hold on to it.
function without(fields, depth = 1) {
  if (!isFields(fields)) return fields;
  const kept = {};
  let changed = false;
  for (const [name, value] of Object.entries(fields)) {
    if (!forbidden(name)) kept[name] = depth ? without(value, depth - 1) : value;
    changed = changed || kept[name] !== value;
  }
  return changed ? kept : fields;
}

function denied(states) {
  const other = Object.keys(states || {}).filter((name) => name.endsWith("_storage") && !NEEDED.has(name));
  return { ...states, ...DENIED, ...Object.fromEntries(other.map((name) => [name, "denied"])) };
}

const asArguments = (words) =>
  (function () {
    return arguments;
  })(...words);
const isCommand = (entry) => entry !== null && typeof entry === "object" && entry.length > 0 && typeof entry[0] === "string";

// An entry of the queue as the tag may read it; null for one that it may not.
function command(entry) {
  if (!isCommand(entry)) return without(entry);
  const words = Array.prototype.slice.call(entry);
  const [name, subject] = words;
  if (name === "set" && typeof subject === "string" && forbidden(subject)) return null;
  if (name === "consent") words[2] = denied(words[2]);
  else for (let at = 1; at < words.length; at++) words[at] = without(words[at]);
  if (words.every((word, at) => word === entry[at])) return entry;
  return Array.isArray(entry) ? words : asArguments(words);
}
