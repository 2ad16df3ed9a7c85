"""What the policy has kept from loading, as browsers report it: which host, for what, on which day."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from consent_gateway.cookie_names import is_item_name, is_name, without_ids
from consent_gateway.messages import BadForm, Request
from consent_gateway.page.positions import Carrier
from consent_gateway.urls import Address, resolve

# `report-uri` sends the first (CSP3 5.3), the Reporting API the second. Chromium 156, measured: with
# a `report-to` in the policy it sends nothing by `report-uri` any more, and nothing at all on http
# pages; Firefox and Safari know `report-uri`. So that is what the policy names, and both are read.
TYPES = ("application/csp-report", "application/reports+json")
MOST_IN_ONE = 50  # reports in one body; the Reporting API bundles them
# Reports cost a request each, and a page can cause dozens: when this many came within a minute, the
# next pages ask for none until it is over.
MOST_A_MINUTE = 600
MOST_TOLD = 100  # names of cookies that nobody but browsers tells of: anybody can make them up
LONGEST_HOST = 253
UNLISTED = "unlisted"
COOKIE, STORAGE = "cookie", "storage"  # in place of a directive; `host` is the name of one then
OWN = "the site itself"

# CSP3 6.1 and 6.8: the directives that fall back to default-src.
DIRECTIVES = frozenset(
    ("child-src", "connect-src", "default-src", "fenced-frame-src", "font-src", "frame-src", "img-src",
     "manifest-src", "media-src", "object-src", "prefetch-src", "script-src", "script-src-elem", "style-src",
     "style-src-elem", "worker-src")
)  # fmt: skip

# What a policy would have called what was taken out of a page.
WHERE = {
    Carrier.SCRIPT: "script-src-elem",
    Carrier.FRAME: "frame-src",
    Carrier.IMAGE: "img-src",
    Carrier.MEDIA: "media-src",
    Carrier.STYLE: "style-src",
    Carrier.OBJECT: "object-src",
    Carrier.PING: "connect-src",
}
OTHER = "other"


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Blocked:
    """What is counted. There is no page, address, browser or visitor in it (GDPR Art. 5(1)(c)).
    `owner` is a service's id, a company, or one of the words above; `day` is an ISO date."""

    host: str
    directive: str
    owner: str
    day: str


def held_cookie(name: str, day: date) -> Blocked:
    """A cookie that is held because nobody has declared it."""
    return Blocked(host=name, directive=COOKIE, owner=UNLISTED, day=day.isoformat())


def held_item(name: str, day: date) -> Blocked:
    """An item of the browser's storage that is held because nobody has declared it."""
    return Blocked(host=name, directive=STORAGE, owner=UNLISTED, day=day.isoformat())


def held_hosts(hosts: Iterable[tuple[str, Carrier]], day: date) -> list[Blocked]:
    """Hosts that are held in a page because nobody has named them, each once for what it was to be fetched for."""
    places = {(host, WHERE.get(carrier, OTHER)) for host, carrier in hosts if len(host) <= LONGEST_HOST}
    return [
        Blocked(host=host, directive=where, owner=UNLISTED, day=day.isoformat())
        for host, where in sorted(places)
    ]


def read(
    request: Request,
    owner_of: Callable[[Address], str],
    is_held: Callable[[str], bool],
    is_item_held: Callable[[str], bool],
    today: date,
) -> list[Blocked]:
    """What a posted report tells of other hosts, and of cookies and storage that the guard script has held.
    Raises BadForm."""
    kind = request.headers.get("content-type").partition(";")[0].strip().lower()
    if kind not in TYPES:
        raise BadForm(f"expected a report sent as {' or '.join(TYPES)}", "Content-Type")
    try:
        content = json.loads(request.body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadForm("the report is not JSON") from error
    found = [held_cookie(one, today) for one in _named(content, COOKIE) if is_name(one) and is_held(one)]
    items = (without_ids(one) for one in _named(content, STORAGE))
    found += [held_item(one, today) for one in items if is_item_name(one) and is_item_held(one)]
    for address, directive in _violations(content):
        target = resolve(address, "about:blank")
        if target and target.host and len(target.host) <= LONGEST_HOST:
            named = directive if directive in DIRECTIVES else OTHER
            found.append(
                Blocked(host=target.host, directive=named, owner=owner_of(target), day=today.isoformat())
            )
    return found


def _violations(content: Any) -> Iterator[tuple[str, str]]:
    """The blocked address and the directive of each report, in either form."""
    if isinstance(content, dict):
        yield from _texts(
            content.get("csp-report"), "blocked-uri", ("effective-directive", "violated-directive")
        )
    for entry in content[:MOST_IN_ONE] if isinstance(content, list) else ():
        if isinstance(entry, dict) and entry.get("type") == "csp-violation":
            yield from _texts(entry.get("body"), "blockedURL", ("effectiveDirective",))


def _named(content: Any, kind: str) -> Iterator[str]:
    for entry in content[:MOST_IN_ONE] if isinstance(content, list) else ():
        if isinstance(entry, dict) and entry.get("type") == kind and isinstance(entry.get("name"), str):
            yield entry["name"]


def _texts(report: Any, address: str, directives: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if not isinstance(report, dict) or not isinstance(report.get(address), str):
        return
    named = next((report[name] for name in directives if isinstance(report.get(name), str)), "")
    yield report[address], named.strip().partition(" ")[0].lower()


class Intake:
    """What is taken of what browsers tell: whether a page should ask for more reports, as so many came
    lately, and which names of cookies."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._since: datetime | None = None
        self._taken = 0

    def take(self, number: int, now: datetime) -> None:
        if self._since is None or now - self._since >= timedelta(minutes=1):
            self._since, self._taken = now, 0
        self._taken += number

    def heeds(self, cookie: str) -> bool:
        """Whether a cookie that only a browser tells of is counted: one of the first, until a restart."""
        if len(self._told) < MOST_TOLD:
            self._told.add(cookie)
        return cookie in self._told

    def wanted(self, now: datetime) -> bool:
        return self._since is None or self._taken < MOST_A_MINUTE or now - self._since >= timedelta(minutes=1)
