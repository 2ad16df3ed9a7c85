"""A table of host names as the guard script gets it: a few bytes for each, quick to ask."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache

# FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), folded as there to fewer bits: with 4,600 names in
# the table, four of a million foreign names are taken for one of them.
_BASIS, _PRIME, _MASK = 0x811C9DC5, 0x01000193, 0xFFFFFFFF
BITS = 30


@lru_cache(maxsize=8192)
def fingerprint(name: str) -> int:
    """A number of 30 bits for an ASCII name."""
    number = _BASIS
    for byte in name.encode("ascii"):
        number = (number ^ byte) * _PRIME & _MASK
    return (number >> BITS) ^ (number & ((1 << BITS) - 1))


@lru_cache(maxsize=4)  # the catalogue's are the same in every gateway of a process
def table(names: frozenset[str]) -> tuple[int, str]:
    """The fingerprints in order, each by its distance from the one before, as a Rice code in base64
    and the number of bits of its remainders (https://en.wikipedia.org/wiki/Golomb_coding)."""
    numbers = sorted({fingerprint(name) for name in names})
    width = max(1, ((1 << BITS) // max(1, len(numbers))).bit_length() - 1)
    bits = "".join(
        _code(number - before, width) for before, number in zip([0, *numbers], numbers, strict=False)
    )
    bits += "1" * (-len(bits) % 8)  # no code: it ends without a zero
    return width, b64encode(int(bits or "0", 2).to_bytes(len(bits) // 8, "big")).decode("ascii")


def _code(distance: int, width: int) -> str:
    return f"{'1' * (distance >> width)}0{distance & ((1 << width) - 1):0{width}b}"
