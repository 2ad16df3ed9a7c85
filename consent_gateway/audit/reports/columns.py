"""Text in columns of a terminal, where a character takes none, one or two of them."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence


def width(text: str) -> int:
    """How many columns it takes (Unicode UAX #11)."""
    return sum(map(_width, text))


def padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def shortened(text: str, columns: int) -> str:
    """What of it fits; its middle goes first, for a host is known by its end."""
    if width(text) <= columns:
        return text
    end = _last(text, (columns - 1) // 2)
    return f"{_first(text, columns - 1 - width(end))}…{end}"


def wrapped(text: str, columns: int, indent: str = "", mark: str = "") -> Iterator[str]:
    """Its lines after `indent`, the first with a mark; a word that is longer than a line is broken."""
    room = columns - len(indent) - width(mark)
    for line in textwrap.wrap(text, room, break_on_hyphens=False):
        for part in _parts(line, room):  # more than one where characters are wide
            yield f"{indent}{mark}{part}"
            mark = " " * width(mark)


def table(rows: Iterable[Sequence[str]], to_the_right: int) -> list[str]:
    """The rows in columns; those from number `to_the_right` on hold numbers."""
    every = list(rows)
    widths = [max(map(width, column)) for column in zip(*every, strict=True)]
    return ["  ".join(_cells(row, widths, to_the_right)).rstrip() for row in every]


def _cells(row: Sequence[str], widths: Sequence[int], to_the_right: int) -> Iterator[str]:
    for number, (cell, columns) in enumerate(zip(row, widths, strict=True)):
        room = " " * (columns - width(cell))
        yield f"{room}{cell}" if number >= to_the_right else f"{cell}{room}"


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _first(text: str, columns: int) -> str:
    kept = 0
    for number, character in enumerate(text):
        kept += _width(character)
        if kept > columns:
            return text[:number]
    return text


def _last(text: str, columns: int) -> str:
    return _first(text[::-1], columns)[::-1]


def _parts(text: str, columns: int) -> Iterator[str]:
    while text:
        part = _first(text, columns)
        yield part
        text = text[len(part) :]
