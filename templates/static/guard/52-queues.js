// The queues through which the page speaks to Google's tag, under whatever names.

const queues = new Map(); // name in window → queue
const inners = new WeakMap(); // queue → its push: the array's own, or what the tag has put before it
const ours = new WeakSet(); // entries that pass as they are
const { push: plainPush } = Array.prototype;
let begun = new WeakSet(); // queues that the tag may read
let stopped = false; // measurement was withdrawn while the page is open

const measures = () => config.measurement.some((id) => loads.has(id));

// Before the answer the queue is the page's own affair: other code may read it, too.
function entered(entry) {
  if (isCommand(entry) && entry[0] === "config") property(String(entry[1]));
  if (ours.has(entry)) return entry;
  if (stopped) {
    answer(isCommand(entry) ? Array.prototype.slice.call(entry) : [entry]);
    return null;
  }
  return measures() ? command(entry) : entry;
}
const admitted = (entries) => entries.map(entered).filter((entry) => entry !== null);

function screen(queue) {
  const kept = admitted([...queue]);
  if (kept.length !== queue.length || kept.some((entry, at) => entry !== queue[at])) queue.splice(0, queue.length, ...kept);
}

// The tag puts its own before push, so the accessor closes over what is set at the moment; and it then
// reads what is there already, however it came in.
function filtered(queue) {
  if (inners.has(queue) || !Object.isExtensible(queue)) return;
  inners.set(queue, plainPush);
  defineProperty(queue, "push", {
    configurable: false,
    get() {
      const current = inners.get(queue);
      return (...entries) => {
        const kept = admitted(entries);
        if (!kept.length) return queue.length;
        const length = apply(current, queue, kept);
        // What forwards entries to a worker keeps none for the tag, which reads them here.
        return queue.at(-1) === kept.at(-1) ? length : apply(plainPush, queue, kept);
      };
    },
    set(value) {
      inners.set(queue, value);
      screen(queue);
    },
  });
  if (measures()) begin(queue);
}

// What the tag finds first: nothing is granted to Google, whatever the page says.
function begin(queue) {
  if (begun.has(queue)) return;
  begun.add(queue);
  const first = [asArguments(["consent", "default", { ...DENIED }]), asArguments(["set", { ...SETTINGS }])];
  for (const entry of first) ours.add(entry);
  screen(queue);
  queue.unshift(...first);
  if (inners.get(queue) !== plainPush) apply(inners.get(queue), queue, first); // the tag runs already
}

// A queue stays filtered when the page puts another in its place.
function watch(name) {
  let queue = window[name];
  if (queues.has(name) || (queue && !Array.isArray(queue))) return;
  const take = (value) => {
    queue = value;
    queues.set(name, value);
    if (Array.isArray(value)) filtered(value);
  };
  take(queue);
  const before = getOwnPropertyDescriptor(window, name);
  if (before && !before.configurable) return; // declared with var before its name was known
  defineProperty(window, name, { configurable: true, enumerable: true, get: () => queue, set: take });
}

function measure() {
  watch("dataLayer");
  window.dataLayer = window.dataLayer || [];
  if (!measures()) return;
  stopped = false;
  properties.forEach(enable);
  for (const queue of queues.values()) if (inners.has(queue)) begin(queue);
}
