// Services and known trackers as recognition.py writes them down.

const literal = (text) => text.replace(/[.+?^${}()|[\]\\\/]/g, "\\$&");
const starred = (text, run) => text.split("*").map(literal).join(run);

// Patterns as in urls.py, by host: of its rules the longest first.
for (const [owner, patterns] of config.rules) {
  for (const [, below, host, rest] of patterns.matchAll(/(\*\.)?([^\/ ]+)(\S*)/g)) {
    if (!rules.has(host)) rules.set(host, []);
    rules.get(host).push([below ? 1 : 0, rest && new RegExp(`^${starred(rest, ".*")}`, "s"), owner, rest.length]);
  }
}
for (const found of rules.values()) found.sort((one, other) => other[3] - one[3] || one[0] - other[0]);

// Fingerprints of hosts as in fingerprints.py.
function fingerprint(name) {
  let number = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) number = Math.imul(number ^ name.charCodeAt(index), 0x01000193);
  return (number >>> 30) ^ (number & 0x3fffffff);
}
{
  const [width, table] = config.known;
  const bits = Array.from(atob(table), (byte) => byte.charCodeAt(0).toString(2).padStart(8, "0")).join("");
  let number = 0;
  for (const [, far, near] of bits.matchAll(new RegExp(`(1*)0(.{${width}})`, "g"))) {
    known.add((number += far.length * 2 ** width + parseInt(near, 2)));
  }
}

// Software as in signatures.py.
const [softwareHost, softwarePath] = (() => {
  const [words, files, folders] = config.software.map((texts) => texts.split(" "));
  const file = (text) => {
    const [name, query] = text.split("?");
    return starred(name, "[^/?]{0,80}") + (query === undefined ? "(?:\\?|$)" : `\\?${starred(query, ".{0,300}")}`);
  };
  const paths = [...files.map(file), ...folders.map((folder) => `${literal(folder)}\\/`)];
  return [
    new RegExp(`^(?:[^.]*-)?(?:${words.join("|")})\\d*(?:-[^.]*)?\\.[^.]+\\.[^.]`),
    new RegExp(`^[^?]*\\/(?:${paths.join("|")})`, "s"),
  ];
})();
