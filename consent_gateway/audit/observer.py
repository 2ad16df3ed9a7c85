"""Looks at requests one by one, as a proxy sees them: whom each contacts, and what is decided before consent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from consent_gateway.analytics import SERVICE
from consent_gateway.analytics.hits import is_hit
from consent_gateway.audit.findings import Field
from consent_gateway.audit.hit_fields import fields_of
from consent_gateway.audit.states import visitors
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers, Request
from consent_gateway.page.positions import Carrier
from consent_gateway.third_parties import ThirdParty, third_party
from consent_gateway.urls import resolve

SIGNALS = ("Sec-GPC", "DNT")
# What a fetch is for (Fetch Metadata, Sec-Fetch-Dest) → by what a page leads to it.
CARRIERS = {
    "script": Carrier.SCRIPT,
    "iframe": Carrier.FRAME,
    "frame": Carrier.FRAME,
    "image": Carrier.IMAGE,
    "video": Carrier.MEDIA,
    "audio": Carrier.MEDIA,
    "style": Carrier.STYLE,
    "font": Carrier.STYLE,
    "object": Carrier.OBJECT,
    "embed": Carrier.OBJECT,
}


def carrier_of(destination: str) -> Carrier:
    """By what a page leads to a fetch for a destination; a hint may lead to any."""
    return CARRIERS.get(destination.strip().lower(), Carrier.HINT)


@dataclass(frozen=True, slots=True)
class Observed:
    """A request to a third party: what was decided, and of a hit for Google what would be sent on."""

    third_party: ThirdParty
    host: str
    fields: tuple[Field, ...] = ()
    is_hit: bool = False

    @property
    def leaves(self) -> bool:
        """Whether it would leave the browser before anybody has agreed."""
        return not self.third_party.decision.loads


class Observer:
    """Observes the requests of a site's visitors, by a gateway that has decided nothing for them."""

    def __init__(self, gateway: Gateway, host: str, now: datetime) -> None:
        self.host = host
        self.requests = 0
        self._gateway = gateway
        self._page = Request(method="GET", scheme="https", host=host, target="/")
        self._agreed = next(
            one.fields for one in visitors(gateway, host, "https", now) if one.state.id == "analytics"
        )
        self._seen: Counter[tuple[ThirdParty, str]] = Counter()

    def observe(self, request: Request, now: datetime) -> Observed | None:
        """What a request is; None for one to the site itself."""
        self.requests += 1
        address = resolve(request.url, "https://localhost/")
        destination = request.headers.get("sec-fetch-dest")
        page = self._page_with_signals_of(request)
        visit = self._gateway.visit(page, now)
        found = address and third_party(visit, self._gateway.recogniser, address, carrier_of(destination))
        if found is None:
            return None
        self._seen[found, request.hostname] += 1
        hit = found.owner == SERVICE and is_hit(request)
        fields = fields_of(self._gateway, request, self._agreed, self._page, now) if hit else ()
        return Observed(found, request.hostname, fields, hit)

    def _page_with_signals_of(self, request: Request) -> Request:
        signals = tuple((name, value) for name in SIGNALS for value in request.headers.all(name))
        return Request(method="GET", scheme="https", host=self.host, target="/", headers=Headers(signals))

    @property
    def leaving(self) -> int:
        """How many requests would leave before consent."""
        return sum(count for (one, _), count in self._seen.items() if not one.decision.loads)

    def summary(self) -> Iterator[str]:
        """All of it in lines: what would leave first."""
        total = sum(self._seen.values())
        yield f"{self.host}: {_counted(self.requests)}, {total} of them to third parties"
        hosts: dict[ThirdParty, Counter[str]] = {}
        for (one, host), count in self._seen.items():
            hosts.setdefault(one, Counter())[host] += count
        for one in sorted(hosts, key=lambda one: (one.decision.loads, one.name.lower())):
            where = hosts[one]
            yield f"  {one}: {_counted(sum(where.values()))} ({', '.join(sorted(where))})"
        leaving = self.leaving
        yield (
            f"{_counted(leaving)} that need{'s' if leaving == 1 else ''} consent would leave before it"
            if leaving
            else "nothing that needs consent would leave before it"
        )


def _counted(number: int) -> str:
    return f"{number} request{'' if number == 1 else 's'}"
