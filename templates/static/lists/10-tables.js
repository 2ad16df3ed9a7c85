// What the site's own lists of trackers hold of what code fetches: the same look-up as in
// consent_gateway/lists. Nothing is unpacked before the first address is asked for.

const table = __LISTS__;

const CRC = new Int32Array(256);
for (let number = 0; number < 256; number++) {
  let value = number;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  CRC[number] = value;
}

function crc(text, first, step) {
  let value = -1;
  for (let index = first; index >= 0 && index < text.length; index += step) value = CRC[(value ^ text.charCodeAt(index)) & 255] ^ (value >>> 8);
  return ~value >>> 0;
}

// A host as a number of forty bits.
const numberOf = (host) => crc(host, 0, 1) * 256 + (crc(host, host.length - 1, -1) & 255);

function unpacked(count, text) {
  const packed = atob(text);
  const numbers = new Float64Array(count);
  let number = 0;
  let place = 1;
  for (let index = 0, found = 0; index < packed.length; index++) {
    const byte = packed.charCodeAt(index);
    number += (byte & 127) * place;
    place *= 128;
    if (byte < 128) {
      numbers[found++] = number;
      place = 1;
    }
  }
  return numbers;
}

function contains(numbers, number) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < number) low = middle + 1;
    else high = middle;
  }
  return numbers[low] === number;
}

const names = (text) => (text ? text.split(" ") : []);

const lines = (text) =>
  new Map(
    (text ? text.split("\n") : []).map((line) => {
      const blank = line.indexOf(" ");
      return [line.slice(0, blank), line.slice(blank + 1)];
    }),
  );

// A table is read when it is first needed.
const unpack = ({ sets, names: named, words }) => ({
  sets: sets.map(([when, count, text]) => [when, unpacked(count, text)]),
  names: named.map(([when, text]) => [when, new Set(names(text))]),
  words: lines(words),
});
