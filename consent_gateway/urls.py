"""Addresses as a browser parses them (https://url.spec.whatwg.org), and patterns over them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from ipaddress import ip_address
from typing import Generic, NamedTuple, TypeVar

import ada_url

STAND_IN = ".localhost"  # RFC 6761 6.3: never leaves the machine
_STOOD_IN = re.compile(rb"\.localhost(?::[0-9]+)?(?![\w.-])")
# A serialised URL (URL standard 4.5): user and password hold no "@" or "/" any more.
_FETCHED = re.compile(r"(https?|wss?)://(?:[^@/?#]*@)?(\[[^\]]*\]|[^:/?#]*)(?::([0-9]+))?([^?#]*)(\?[^#]*)?")
LONGEST_NAME = 254  # characters, with the last dot: there is no longer one (RFC 1035 2.3.4), so that nothing is fetched from it
LONGEST_KEPT = (
    2_000  # characters: a path that a visitor makes up, or a picture in a data: address, is not kept
)


def is_loopback(host: str) -> bool:
    """Whether a host, without port, is this machine whatever is looked up (RFC 6761 6.3)."""
    if host == STAND_IN[1:] or host.endswith(STAND_IN):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def without_stand_ins(code: bytes) -> bytes:
    """Code in which what a stand-in stands for is named instead of it."""
    return _STOOD_IN.sub(b"", code)


class Address(NamedTuple):
    """Where a fetch goes. `host` is in lower case without port; `rest` is path and query."""

    scheme: str
    host: str
    port: str
    rest: str

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.port and f':{self.port}'}{self.rest}"


def resolve(value: str, base: str) -> Address | None:
    """The network address a browser would fetch for `value`; None if it would fetch nothing."""
    return (_known if len(value) + len(base) <= LONGEST_KEPT else _resolved)(value, base)


def _resolved(value: str, base: str) -> Address | None:
    try:
        found = _FETCHED.match(ada_url.URL(value, base=base).href)
    except ValueError:
        return None
    if not found:
        return None
    scheme, host, port, path, query = found.groups("")
    if len(host) > LONGEST_NAME:
        return None
    return Address(scheme, host.rstrip("."), port, f"{path or '/'}{query if len(query) > 1 else ''}")


_known = lru_cache(maxsize=4096)(_resolved)


def linked(value: str, base: str) -> str:
    """The address of the web that a link leads to, with its fragment; empty where it leads elsewhere."""
    address = resolve(value, base)
    if address is None or address.scheme not in ("http", "https"):
        return ""
    return address.url + ada_url.URL(value, base=base).hash


_REFERENCE = re.compile(r"&(?:#(?:[xX][0-9a-fA-F]+|[0-9]+);?|[a-zA-Z][a-zA-Z0-9]*;?)(=?)")


def attribute_text(value: str) -> str:
    """An attribute value with its character references resolved (HTML standard 13.2.5.73), without NUL (13.2.5.36)."""
    if "\0" in value:
        value = value.replace("\0", "\ufffd")
    if "&" not in value:
        return value
    return _REFERENCE.sub(_resolved_reference, value)


def _resolved_reference(match: re.Match[str]) -> str:
    equals = match[1]
    reference = match[0].removesuffix(equals) if equals else match[0]
    name = reference[1:]
    if name.startswith("#"):
        return _character(name[1:].rstrip(";")) + equals
    if name.endswith(";") and name in html5:
        return html5[name] + equals
    # Without semicolon a name counts only in full, and not before "=" (ambiguous ampersand).
    if not equals and name in html5:
        return html5[name]
    return match[0]


def _character(number: str) -> str:
    """HTML standard 13.2.5.80; Python's html.unescape leaves some characters out that browsers keep."""
    hexadecimal = number[0] in "xX"
    digits = number[1:] if hexadecimal else number
    code = int(digits.lstrip("0")[:8] or "0", 16 if hexadecimal else 10)
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return html.unescape(f"&#{code};") if 0x80 <= code <= 0x9F else chr(code)


def attribute_bytes(value: bytes) -> tuple[bytes, list[int]]:
    """The same for bytes, with the offset in `value` of every resulting byte and of the end."""
    text = value.decode("latin-1")
    parts: list[bytes] = []
    offsets: list[int] = []
    position = 0
    for match in _REFERENCE.finditer(text):
        parts.append(value[position : match.start()])
        offsets += range(position, match.start())
        resolved = _resolved_reference(match).encode("utf-8", "replace")
        parts.append(resolved)
        offsets += [match.start()] * len(resolved)
        position = match.end()
    parts.append(value[position:])
    offsets += range(position, len(value) + 1)
    return b"".join(parts), offsets


class BadPattern(ValueError):
    """A pattern that is not `host[/path]`."""


class Pattern(NamedTuple):
    """`host/path*`: the path and query begin so; `*.host` means the host and all below it;
    `host.*` any top-level domain; `*` in a path any run of characters."""

    host: str
    below: bool
    rest: str

    @classmethod
    def parse(cls, text: str) -> Pattern:
        """Raises BadPattern."""
        match = re.fullmatch(
            r"(\*\.)?((?:[a-z0-9_-]+\.)+(?:[a-z0-9-]+|\*)|localhost|\d+(?:\.\d+){3})(/[^#\s]*)?", text
        )
        if not match:
            raise BadPattern(f"not host[/path] in lower case without scheme: {text!r}")
        return cls(match[2], match[1] is not None, match[3] or "")

    def __str__(self) -> str:
        return f"{'*.' if self.below else ''}{self.host}{self.rest}"

    @property
    def expression(self) -> str:
        """A regular expression for path and query."""
        return "^" + ".*".join(re.escape(part).replace("\\-", "-") for part in self.rest.split("*"))

    def meets(self, other: Pattern) -> bool:
        """Whether some address may belong to both."""
        if not (self._has(other.host) or other._has(self.host)):
            return False
        paths = (self, other), (other, self)
        return any(re.match(one.expression, two.rest) for one, two in paths)

    def _has(self, host: str) -> bool:
        if not self.host.endswith(".*"):
            return host == self.host or (self.below and host.endswith(f".{self.host}"))
        name, below = re.escape(self.host[:-2]), r"(?:.+\.)?" if self.below else ""
        return re.fullmatch(rf"{below}{name}(?:\.[^.]+){{1,2}}", host) is not None


T = TypeVar("T")
_REMEMBERED = 4096  # hosts whose rules a matcher keeps at hand


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    pattern: Pattern
    expression: re.Pattern[str] | None
    owner: T


class Matcher(Generic[T]):
    """Finds whom an address belongs to: the nearest host first, of its rules the longest."""

    def __init__(self, rules: Iterable[tuple[Pattern, T]], *, stand_ins: bool = False) -> None:
        self._stand_ins = stand_ins
        self._by_host: dict[str, list[Rule[T]]] = {}
        self._found: dict[str, list[Rule[T]]] = {}
        for pattern, owner in rules:
            expression = re.compile(pattern.expression, re.S) if pattern.rest else None
            self._by_host.setdefault(pattern.host, []).append(Rule(pattern, expression, owner))
        for found in self._by_host.values():
            found.sort(key=lambda rule: (-len(rule.pattern.rest), rule.pattern.below))
        self._open = frozenset(host.partition(".")[0] for host in self._by_host if host.endswith(".*"))

    def find(self, host: str, rest: str) -> T | None:
        """The owner of the address, or None."""
        rules = self._found.get(host)
        if rules is None:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            rules = self._found[host] = self._rules(host)
        for rule in rules:
            if rule.expression is None or rule.expression.match(rest):
                return rule.owner
        return None

    def _rules(self, host: str) -> list[Rule[T]]:
        """All rules for a host, the first that fits counts."""
        if self._stand_ins and host.endswith(STAND_IN):
            host = host.removesuffix(STAND_IN)
        return [
            rule
            for exact, name in _names(host, self._open)
            for rule in self._by_host.get(name, ())
            if exact or rule.pattern.below
        ]

    def knows(self, host: str) -> bool:
        """Whether any address of the host may have an owner."""
        if self._stand_ins and host.endswith(STAND_IN):
            host = host.removesuffix(STAND_IN)
        return any(name in self._by_host for _, name in _names(host, self._open))


def _names(host: str, open_labels: frozenset[str]) -> Iterator[tuple[bool, str]]:
    """The host, then every domain above it; after a name that begins with one of the labels the same
    under any top-level domain."""
    exact, name = True, host
    while name:
        yield exact, name
        first, _, above = name.partition(".")
        if first in open_labels:
            labels = name.split(".")
            for suffix in (1, 2):  # example.de, example.co.uk
                if len(labels) > suffix:
                    yield exact, ".".join(labels[:-suffix]) + ".*"
        exact, name = False, above
