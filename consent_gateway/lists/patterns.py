"""Address patterns of lists: `||host`, `|` at an end, `*`, `^`, and regular expressions in slashes."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from functools import lru_cache

WORD = re.compile(r"[a-z0-9]+")
_HOST = re.compile(r"\|\|([a-z0-9._-]+)\^")
_SPECIAL = re.compile(r"[|^*]+")
_IN_PATTERN = {"*": ".*", "^": r"(?:[^a-zA-Z0-9_.%-]|$)"}


def is_expression(pattern: str) -> bool:
    """Whether a pattern is a regular expression: it stands in slashes."""
    return len(pattern) > 2 and pattern[0] == pattern[-1] == "/"


def can_be_read(expression: str) -> bool:
    """Whether a regular expression in slashes is one."""
    try:
        with warnings.catch_warnings(action="ignore"):
            _compiled(expression[1:-1])
    except (re.error, OverflowError):
        return False
    return True


def host_of(pattern: str) -> str:
    """The host of a pattern that is for everything at and below one; else empty."""
    match = _HOST.fullmatch(pattern)
    return match[1] if match else ""


def words_of(pattern: str) -> list[str]:
    """The words that stand whole in every address the pattern fits."""
    if is_expression(pattern):
        return []
    found = []
    for match in WORD.finditer(pattern.lower()):
        before, after = pattern[match.start() - 1 : match.start()], pattern[match.end() : match.end() + 1]
        if before not in ("", "*") and after not in ("", "*"):
            found.append(match[0])
    return found


def literal_of(pattern: str) -> str:
    """The longest text that stands in every address the pattern fits."""
    return "" if is_expression(pattern) else max(_SPECIAL.split(pattern), key=len)


@lru_cache(maxsize=16384)
def fits(pattern: str, *, exact_case: bool) -> Callable[[str], object]:
    """What tells whether an address fits: true or false in the sense of `if`. The address is in
    lower case, unless case matters."""
    if is_expression(pattern):
        expression = _compiled(pattern[1:-1], 0 if exact_case else re.IGNORECASE)
        return expression.match if pattern[1] == "^" and "|" not in pattern else expression.search
    start, text = _anchored(pattern)
    end = "$" if text.endswith("|") else ""
    body = "".join(_IN_PATTERN.get(c) or re.escape(c) for c in text.removesuffix("|"))
    expression = _compiled(f"{start}{body}{end}")
    return expression.match if start else expression.search


def _anchored(pattern: str) -> tuple[str, str]:
    if pattern.startswith("||"):
        return r"[a-z]+://(?:[^/?#]*\.)?", pattern[2:]
    return ("(?:)", pattern[1:]) if pattern.startswith("|") else ("", pattern)


def _compiled(text: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(text, re.ASCII | re.DOTALL | flags)
