"""All lists as one compact value, for the script that judges what code fetches in the browser.

Hosts of the many rules that are for a whole host become numbers of forty bits, sorted, each written
as the distance from the one before: four bytes instead of fifteen, and a wrong one is met once in a
million look-ups among a million hosts. The other rules stand under one of their words.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable
from typing import Any

from consent_gateway.lists import kinds
from consent_gateway.lists.matching import LONGEST, Index, Lists
from consent_gateway.lists.rules import When

FEWEST = 64  # hosts that are worth a set of numbers; fewer stand by their names


def table(lists: Lists, *, websites: Iterable[str], stand_ins: bool) -> dict[str, Any]:
    """What the script needs to come to the same verdicts. `websites` are the hosts at and below which
    nothing is of another website."""
    numbers: dict[tuple[object, ...], int] = {}
    holding = _index(lists.holding, numbers)
    excepting = _index(lists.excepting, numbers)
    return {
        "kinds": {name: kind for name, kind in kinds.NAMES.items() if kind},
        "unknown": kinds.ANY & ~kinds.PING,
        "document": kinds.DOCUMENT,
        "generic": kinds.GENERIC,
        "longest": LONGEST,
        "websites": sorted(websites),
        "standIns": stand_ins,
        "whens": list(numbers),
        "holding": holding,
        "excepting": excepting,
    }


def _index(index: Index, numbers: dict[tuple[object, ...], int]) -> dict[str, Any]:
    hosts: dict[int, list[str]] = {}
    for host, whens in index.hosts.items():
        for when in whens:
            hosts.setdefault(_number(when, numbers), []).append(host)
    many = {when: found for when, found in hosts.items() if len(found) >= FEWEST}
    return {
        "sets": [[when, len({*found}), _packed(found)] for when, found in many.items()],
        "names": [[when, " ".join(found)] for when, found in hosts.items() if when not in many],
        "words": "\n".join(_line(word, entries, numbers) for word, entries in index.words.items()),
    }


def _line(word: str, entries: Iterable[tuple[str, str, When]], numbers: dict[tuple[object, ...], int]) -> str:
    return " ".join((word, *(f"{_number(when, numbers)} {pattern or '*'}" for _, pattern, when in entries)))


def _number(when: When, numbers: dict[tuple[object, ...], int]) -> int:
    value = (
        when.kinds,
        when.party,
        " ".join(sorted(when.domains)),
        " ".join(sorted(when.not_domains)),
        " ".join(sorted(when.not_to)),
        int(when.exact_case),
        int(when.important),
    )
    return numbers.setdefault(value, len(numbers))


def number_of(host: str) -> int:
    """A host as a number of forty bits: its CRC-32, and eight bits of that of its reverse."""
    name = host.encode("ascii")
    return zlib.crc32(name) << 8 | zlib.crc32(name[::-1]) & 0xFF


def _packed(hosts: Iterable[str]) -> str:
    """The numbers in order, each as its distance from the one before in groups of seven bits, the
    lowest first; the eighth bit says that more follow."""
    packed = bytearray()
    before = 0
    for number in sorted({number_of(host) for host in hosts}):
        distance, before = number - before, number
        while distance > 0x7F:
            packed.append(distance & 0x7F | 0x80)
            distance >>= 7
        packed.append(distance)
    return base64.b64encode(packed).decode("ascii")
