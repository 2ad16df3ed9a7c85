"""Cookie and Set-Cookie fields without what is held, and those by which a browser forgets it.

`Clear-Site-Data: "cookies"` would forget everything in one field, but that is the whole registrable
domain (W3C Clear Site Data 3.1): the visitor would be logged out, here and on the sister sites.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from itertools import accumulate

from consent_gateway.cookie_names import is_name
from consent_gateway.cookie_rules import Verdict, VerdictOf
from consent_gateway.messages import Headers, Request

MOST_BYTES = 3000  # of one response: proxies in front take 4 kB of header fields by default
DEEPEST = 4  # folders of a path
STRIDE = 17  # fields from one turn to the next: a prime, so that every one has its turn

Held = Callable[[str], bool]


def without_held(cookies: str, held: Held) -> str:
    """A Cookie header without the pairs that are held."""
    pairs = (pair.strip() for pair in cookies.split(";"))
    return "; ".join(pair for pair in pairs if pair and not held(_name(pair)))


def not_set(headers: Headers, verdict_of: VerdictOf) -> Headers:
    """Headers of a response without the Set-Cookie fields of what is held, but for those that expire
    it: to take away is always allowed."""

    def stays(name: str, value: str) -> bool:
        if name.lower() != "set-cookie":
            return True
        return verdict_of(_name(value.partition(";")[0])) is Verdict.ADMIT or _expires(value)

    return Headers(tuple(field for field in headers if stays(*field)))


def names_sent(request: Request) -> list[str]:
    """The names of the cookies that a browser sends."""
    pairs = ";".join(request.headers.all("cookie")).split(";")
    return [name for name in dict.fromkeys(map(_name, pairs)) if is_name(name)]


def names_set(headers: Headers) -> list[str]:
    """The names of the cookies that a response sets."""
    names = (_name(value.partition(";")[0]) for value in headers.all("set-cookie") if not _expires(value))
    return [name for name in dict.fromkeys(names) if is_name(name)]


def expired(request: Request, verdict_of: VerdictOf, turn: int = 0) -> list[tuple[str, str]]:
    """The Set-Cookie fields by which a browser forgets what it has sent and is to be forgotten: wherever
    on this host or above, however deep in the path, and partitioned or not, it may have been put (RFC
    6265bis 5.7, CHIPS). Where they are too many, `turn` says with which to begin."""
    found = [name for name in names_sent(request) if verdict_of(name) is Verdict.HOLD]
    if not found:
        return []
    secure = request.scheme == "https"
    values = [
        f"{name}=; Max-Age=0; Path={path}{domain}{kind}"
        for kind in (("; Secure", "; Secure; Partitioned") if secure else ("",))
        for path in _paths(request.path)
        for domain in _domains(request.hostname)
        for name in found
        if _may_be(name, path, domain, secure=secure)
    ]
    return [("Set-Cookie", value) for value in _fitting(values, turn)]


def _name(pair: str) -> str:
    """As a browser shows it to servers and scripts: a cookie without a name looks like what its value
    begins with (RFC 6265bis 5.8.3)."""
    return pair.strip().lstrip("= \t").partition("=")[0].strip()


def _expires(value: str) -> bool:
    """Whether a Set-Cookie field does nothing but forget: the last Max-Age counts, then the last
    Expires (RFC 6265bis 5.7)."""
    ages = re.findall(r";\s*max-age\s*=\s*([^;]*)", value, re.I)
    if ages:
        return re.fullmatch(r"0+|-\d+", ages[-1].strip()) is not None
    dates = re.findall(r";\s*expires\s*=\s*([^;]*)", value, re.I)
    return bool(dates) and re.search(r"[ -](?:1970|1[6-9]\d\d)\b", dates[-1]) is not None


def _may_be(name: str, path: str, domain: str, *, secure: bool) -> bool:
    """Browsers take no field that a prefix forbids, and could have had no such cookie by one (RFC
    6265bis 4.1.3)."""
    prefix = name.lower()
    if prefix.startswith("__host-"):
        return secure and path == "/" and not domain
    return secure or not prefix.startswith("__secure-")


def _domains(host: str) -> Iterable[str]:
    """None, and each domain the host is in, but for the last label, which nobody may set a cookie for.
    A dot before it makes no difference (RFC 6265bis 5.6.3)."""
    yield ""
    try:
        ip_address(host)
    except ValueError:
        labels = host.split(".")
        yield from (f"; Domain={'.'.join(labels[start:])}" for start in range(len(labels) - 1))


_PATH = re.compile(r"[\w/.~%-]*", re.A)


def _paths(path: str) -> list[str]:
    """The root, and each folder and file on the way with a slash at its end and without: a browser sends
    only what was put at one of them (RFC 6265bis 5.1.4)."""
    steps = path.split("/")[1:] if _PATH.fullmatch(path) else []
    ways = ["/" + "/".join(steps[:depth]) for depth in range(1, min(len(steps), DEEPEST + 1) + 1)]
    folders = (form for way in ways[: len(steps) - 1] for form in (way, f"{way}/"))
    return list(dict.fromkeys(["/", *folders, *ways[len(steps) - 1 :]]))


def _fitting(values: list[str], turn: int) -> list[str]:
    """As many as there is room for: first for where cookies mostly are, the root, in one half of it. What
    stays will be sent again, and has its turn then."""
    if sum(map(len, values)) <= MOST_BYTES:
        return values
    mostly = [value for value in values if "; Path=/;" in f"{value};" and "Partitioned" not in value]
    others = [value for value in values if value not in set(mostly)]
    kept = _first(_turned(mostly, turn), MOST_BYTES // 2)
    return kept + _first(_turned(others, turn), MOST_BYTES - sum(map(len, kept)))


def _turned(values: list[str], turn: int) -> list[str]:
    start = turn * STRIDE % max(1, len(values))
    return values[start:] + values[:start]


def _first(values: list[str], room: int) -> list[str]:
    lengths = accumulate(map(len, values))
    return [value for value, length in zip(values, lengths, strict=True) if length <= room]
