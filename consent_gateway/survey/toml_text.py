"""Text of strangers in a TOML file: whatever they call themselves, it stays a string, a key or a comment."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = {'"': '\\"', "\\": "\\\\"}
LONGEST_COMMENT = 160  # characters


def text(value: str) -> str:
    """A basic string (TOML 1.0, "String"), without what a terminal or an editor would obey."""
    return f'"{"".join(map(_escaped, value))}"'


def key(name: str) -> str:
    """A key, quoted where it has to be."""
    return name if _BARE.fullmatch(name) else text(name)


def texts(values: Iterable[str]) -> str:
    """An array of strings."""
    return f"[{', '.join(map(text, values))}]"


def table(values: Iterable[tuple[str, str]]) -> str:
    """An inline table of strings."""
    return "{ " + ", ".join(f"{key(name)} = {text(value)}" for name, value in values) + " }"


def comment(said: str) -> str:
    """One line for behind a "#": no control character, no line separator, nothing that turns the direction of what
    is read (Unicode TR36, 2.4)."""
    plain = " ".join("".join(" " if _is_obeyed(one) else one for one in said).split())
    return plain if len(plain) <= LONGEST_COMMENT else f"{plain[: LONGEST_COMMENT - 1]}…"


def _escaped(character: str) -> str:
    if character in _ESCAPED:
        return _ESCAPED[character]
    if _is_obeyed(character):
        code = ord(character)
        return (
            "\\uFFFD" if 0xD800 <= code <= 0xDFFF else f"\\U{code:08X}" if code > 0xFFFF else f"\\u{code:04X}"
        )
    return character


def _is_obeyed(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
