"""The table of hosts that the guard script gets is small, and says the same."""

from __future__ import annotations

import re
from base64 import b64decode

from consent_gateway.catalogue import Catalogue
from consent_gateway.fingerprints import BITS, fingerprint, table


def read(width: int, text: str) -> list[int]:
    """As the guard script reads it."""
    bits = "".join(f"{byte:08b}" for byte in b64decode(text))
    number, found = 0, []
    for far, near in re.findall(f"(1*)0(.{{{width}}})", bits):
        number += (len(far) << width) + int(near, 2)
        found.append(number)
    return found


def test_a_fingerprint_is_that_of_its_definition() -> None:
    # http://www.isthe.com/chongo/tech/comp/fnv/: FNV-1a of "foobar" is 0xbf9cf968.
    assert fingerprint("foobar") == (0xBF9CF968 >> 30) ^ (0xBF9CF968 & 0x3FFFFFFF)


def test_every_fingerprint_is_in_the_table_and_no_other() -> None:
    for names in ([], ["a.example"], ["b.example", "a.example"], [f"host{n}.example" for n in range(999)]):
        assert read(*table(frozenset(names))) == sorted(map(fingerprint, names))


def test_hosts_take_less_than_three_bytes_each_and_no_two_are_taken_for_one_another(
    catalogue: Catalogue,
) -> None:
    names = [pattern.host for pattern, _ in catalogue.known.hosts if not pattern.rest]
    _, text = table(frozenset(names))
    assert len(b64decode(text)) < 3 * len(names)
    assert len({fingerprint(name) for name in names}) == len(names)
    assert len(names) * 200_000 < 1 << BITS
