// What the page tells Google's tag.

const NEVER = new Set([
  "user_data", "server_container_url", "transport_url", "first_party_collection", "cookie_domain", "linker", "client_id",
]);
const LINKED = new Set(["user_id", "user_properties"]);
const DENIED = { ad_storage: "denied", ad_user_data: "denied", ad_personalization: "denied", analytics_storage: "denied" };

const forbidden = (name) => NEVER.has(name) || (!loads.has("analytics_linking") && LINKED.has(name));
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
function filtered(queue) {
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

// What the tag finds when it starts: nothing is granted to Google, whatever the page says.
function measure() {
  if (!config.measurement.some((id) => loads.has(id))) {
    window.dataLayer = window.dataLayer || [];
    return;
  }
  const queue = filtered((window.dataLayer = window.dataLayer || []));
  const tag = function () {
    queue.push(arguments);
  };
  tag("consent", "default", {});
  tag("set", { allow_google_signals: false, allow_ad_personalization_signals: false, url_passthrough: false, ads_data_redaction: true });
}
