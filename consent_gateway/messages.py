"""Request and Response: what the gateway sees of HTTP, as plain values."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Self
from urllib.parse import parse_qsl, urlsplit

FORM_TYPE = "application/x-www-form-urlencoded"
MAX_FORM_FIELDS = 200
LONGEST_HOST = 260  # characters: a name of DNS (RFC 1035 2.3.4) and a port
LONGEST_WAY_BACK = 2000  # characters; it stands in a page several times
_HOST = re.compile(r"(?:[\w.~-]+|\[[0-9a-f:.]+\])(?::[0-9]*)?", re.I)


class BadForm(ValueError):
    """A form the gateway cannot read; `field` names the culprit, or is empty."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


def _address(told: str) -> str:
    """An IP address without brackets and port, which some proxies add; empty where it is none."""
    bare = told[1:].partition("]")[0] if told.startswith("[") else told
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Headers:
    """Header fields in the order they came, names compared without case."""

    fields: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, **values: str) -> Headers:
        """Headers from keywords; underscores stand for hyphens."""
        return cls(tuple((name.replace("_", "-"), value) for name, value in values.items()))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.fields)

    def all(self, name: str) -> list[str]:
        """Every value of a field, in order."""
        wanted = name.lower()
        return [value for key, value in self.fields if key.lower() == wanted]

    def get(self, name: str, default: str = "") -> str:
        """The values of a field joined by commas (RFC 9110 5.3), or `default`."""
        values = self.all(name)
        return ", ".join(values) if values else default

    def without(self, *names: str) -> Headers:
        gone = {name.lower() for name in names}
        return Headers(tuple(item for item in self.fields if item[0].lower() not in gone))

    def adding(self, name: str, value: str) -> Headers:
        return Headers((*self.fields, (name, value)))

    def setting(self, name: str, value: str) -> Headers:
        return self.without(name).adding(name, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as the visitor made it. `target` is the path with its query, as sent.

    `peer` is the address the connection came from; `through_trusted` says that a proxy of the
    operator's is there, whose word counts; `version` is that of HTTP.
    """

    method: str
    scheme: str
    host: str
    target: str
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    peer: str = ""
    through_trusted: bool = False
    version: str = "1.1"

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    @property
    def way_back(self) -> str:
        """The target, where it may stand in forms and links; without its query where that is long."""
        for target in (self.target, self.path):
            if len(target) <= LONGEST_WAY_BACK:
                return target
        return "/"

    @property
    def hostname(self) -> str:
        """The host without its port, in lower case; empty if it is none (RFC 3986 3.2.2)."""
        return _hostname(self.host) if len(self.host) <= LONGEST_HOST else ""

    @property
    def address(self) -> str:
        """The visitor's IP address, as far as it can be told: that which the last trusted proxy saw."""
        told = self.headers.get("x-forwarded-for") if self.through_trusted else ""
        return _address(told.rpartition(",")[2].strip()) or self.peer

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}"

    @property
    def url(self) -> str:
        return f"{self.origin}{self.target}"

    def cookies(self, name: str) -> list[str]:
        """Every value sent for a cookie: more than one means that somebody planted one."""
        return [value for key, value in self._cookie_pairs() if key == name]

    def _cookie_pairs(self) -> Iterator[tuple[str, str]]:
        for line in self.headers.all("cookie"):
            for pair in line.split(";"):
                key, _, value = pair.strip().partition("=")
                yield key, value.strip('"')

    def form(self) -> dict[str, list[str]]:
        """The fields of a posted form. Raises BadForm."""
        content_type = self.headers.get("content-type").partition(";")[0].strip().lower()
        if content_type != FORM_TYPE:
            raise BadForm(f"expected a form sent as {FORM_TYPE}")
        try:
            pairs = parse_qsl(
                self.body.decode("utf-8"),
                keep_blank_values=True,
                max_num_fields=MAX_FORM_FIELDS,
                errors="strict",
            )
        except ValueError as error:
            raise BadForm("the form cannot be read") from error
        fields: dict[str, list[str]] = {}
        for name, value in pairs:
            fields.setdefault(name, []).append(value)
        return fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer. `body` is decoded: what a browser would see after Content-Encoding."""

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    @property
    def media_type(self) -> str:
        """The media type without parameters, in lower case; empty when none is declared."""
        return self.headers.get("content-type").split(",")[-1].partition(";")[0].strip().lower()

    def setting(self, name: str, value: str) -> Self:
        return replace(self, headers=self.headers.setting(name, value))

    def adding(self, name: str, value: str) -> Self:
        return replace(self, headers=self.headers.adding(name, value))


@lru_cache(maxsize=256)
def _hostname(host: str) -> str:
    if not _HOST.fullmatch(host):
        return ""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""
