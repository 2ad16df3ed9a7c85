"""Which services a script's code belongs to: by expressions, of which only those are tried that can match.

An expression that begins with a letter matches from the start of a word on. Each contains a word, such as `facebook` in `connect\\.facebook\\.net`; code is cut into words
once, and two hundred services cost hardly more than one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from string import ascii_letters, digits

SHORTEST = 3  # letters of a word to look up
# Words of most scripts: looked up only where an expression has no other.
COMMON = frozenset(
    ("arguments", "com", "create", "document", "embed", "function", "init", "load", "net", "org", "player",
     "push", "script", "share", "source", "start", "static", "widget", "window")
)  # fmt: skip
_LETTERS = ascii_letters + digits + "_"  # what \b distinguishes in an expression over bytes
_LETTER_CODES = frozenset(_LETTERS.encode("ascii"))
_SPACED = bytes(code if chr(code) in _LETTERS else 32 for code in range(256))


class Codes:
    """Expressions over code, each with its owner."""

    def __init__(self, entries: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        """`entries` are ids with their expressions, in the order in which they are to be reported."""
        self._by_word: dict[bytes, list[tuple[int, re.Pattern[bytes]]]] = {}
        self._ids: list[str] = []
        for id, expressions in entries:
            for expression in expressions:
                compiled = re.compile(expression.encode("ascii"))
                self._by_word.setdefault(word_of(expression).encode(), []).append((len(self._ids), compiled))
            self._ids.append(id)
        self._words = frozenset(self._by_word)

    def owners(self, code: bytes) -> list[str]:
        """The ids whose expressions are found in the code."""
        found: set[int] = set()
        for word in self._words & _words(code):
            for number, expression in self._by_word[word]:
                if number not in found and _finds(expression, code):
                    found.add(number)
        return [self._ids[number] for number in sorted(found)]


@lru_cache(maxsize=2)  # the same code is looked at for several reasons
def _words(code: bytes) -> frozenset[bytes]:
    return frozenset(code.translate(_SPACED).split())


def word_of(expression: str) -> str:
    """The longest, least common word that stands, as a whole, in everything an expression matches. Raises ValueError
    if there is none: outside of groups, with what is no letter on both sides."""
    words: list[str] = []
    pending, separated = "", True
    for item, optional in _items(expression):
        if item == "|":
            raise ValueError(f"alternatives belong in parentheses: {expression!r}")
        if item[0] in _LETTERS and not optional:
            pending, separated = item if separated else "", False
        elif not _separates(item):
            pending, separated = "", False
        elif not optional:
            words.append(pending)
            pending, separated = "", True
    whole = [word for word in words if len(word) >= SHORTEST]
    if not whole:
        raise ValueError(
            f"there is no whole word of {SHORTEST} letters in {expression!r}: use \\b, or a longer one"
        )
    return max(whole, key=lambda word: (word not in COMMON, len(word)))


def _finds(expression: re.Pattern[bytes], code: bytes) -> bool:
    """Whether it matches somewhere from the start of a word on. (With \\b before it, an expression
    is searched for five times as slowly: it no longer begins with a fixed text.)"""
    for match in expression.finditer(code):
        start = match.start()
        if start == 0 or code[start] not in _LETTER_CODES or code[start - 1] not in _LETTER_CODES:
            return True
    return False


_ITEM = re.compile(r"[A-Za-z0-9_]+(?![*+?{])|\\x[0-9a-f]{2}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.S)
_QUANTIFIER = re.compile(r"[*+?]\??|\{\d*,?\d*\}")


def _items(expression: str) -> Iterator[tuple[str, bool]]:
    """Its runs of letters, sets, groups and single characters, and whether each may be absent."""
    position = 0
    while position < len(expression):
        match = _ITEM.match(expression, position)
        assert match is not None
        end = _group_end(expression, position) if match[0] == "(" else match.end()
        quantifier = _QUANTIFIER.match(expression, end)
        yield expression[position:end], bool(quantifier and quantifier[0][0] in "*?{")
        position = quantifier.end() if quantifier else end


def _group_end(expression: str, start: int) -> int:
    depth = 0
    for match in _ITEM.finditer(expression, start):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth == 0:
            return match.end()
    return len(expression)


def _separates(item: str) -> bool:
    """Whether an item matches what is no letter, and nothing else."""
    if item == "\\b":
        return True
    if item[0] in "(.^$" or item == "\\B":
        return False
    return not re.search(item, _LETTERS)
