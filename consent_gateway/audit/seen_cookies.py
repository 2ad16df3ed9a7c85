"""The cookies that a watched browser was given, as findings are made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from consent_gateway.audit.findings import CookieSet
from consent_gateway.audit.ownership import of_service, owned
from consent_gateway.audit.recorded import label_of
from consent_gateway.audit.sighting import Sighting
from consent_gateway.captures.exchange import Exchange
from consent_gateway.cookie_names import expression
from consent_gateway.cookie_rules import OWN, CookieRules, Verdict, named
from consent_gateway.gateway import Gateway
from consent_gateway.page.positions import Carrier as Place
from consent_gateway.urls import Address
from consent_gateway.visit import Visit


def cookies_of(sightings: Iterable[Sighting], gateway: Gateway) -> Iterator[CookieSet]:
    """The cookies that reached the browser, each once for a page: those of answers, then those of scripts. The
    gateway's own are not among them, and none that an answer only takes away."""
    rules = CookieRules(gateway.catalogue, gateway.site.declared_cookies, gateway.site.third_parties.unlisted)
    for sighting in sightings:
        visit = gateway.visit(sighting.request, sighting.time)
        by_answers = [one for exchange in sighting.exchanges for one in _set_by(exchange, sighting.time)]
        by_scripts = [(one.name, one.host, True) for one in sighting.cookies_by_script]
        for name, host, by_script in dict.fromkeys((*by_answers, *by_scripts)):
            if name not in OWN:
                yield _cookie(sighting, name, host, by_script, visit, gateway, rules)


def _set_by(exchange: Exchange, now: datetime) -> Iterator[tuple[str, str, bool]]:
    lines = exchange.response.headers.all("set-cookie") if exchange.response else []
    for value in (value for line in lines for value in line.split("\n")):
        pair, *attributes = value.split(";")
        said = {
            name.strip().lower(): text.strip() for name, _, text in (one.partition("=") for one in attributes)
        }
        if not _takes_away(said, now):
            host = said.get("domain", "").lstrip(".").lower() or exchange.request.hostname
            yield pair.partition("=")[0].strip(), host, False


def _takes_away(said: dict[str, str], now: datetime) -> bool:
    """Max-Age outweighs Expires (RFC 6265bis 5.7)."""
    if age := said.get("max-age", ""):
        return age.startswith("-") or age.strip("0") == ""
    try:
        until = parsedate_to_datetime(said["expires"].replace("-", " "))
        return (until if until.tzinfo else until.replace(tzinfo=UTC)) <= now
    except (KeyError, ValueError, TypeError):
        return False


def _cookie(
    sighting: Sighting,
    name: str,
    host: str,
    by_script: bool,
    visit: Visit,
    gateway: Gateway,
    rules: CookieRules,
) -> CookieSet:
    found = owned(Address("https", host, "", "/"), Place.HINT, visit, gateway)
    if found is None:  # a cookie of the site's own host belongs to whose name it has
        owner = next(
            (id for text, id, _ in named(gateway.catalogue, "cookie") if expression(text).fullmatch(name)), ""
        )
        declared = next(
            (p for text, p in gateway.site.declared_cookies.items() if expression(text).fullmatch(name)), ""
        )
        purpose = of_service(owner, visit).purpose if owner else declared
        allowed = rules.of(visit)(name) is Verdict.ADMIT
    else:
        owner, purpose, allowed = found.owner, found.purpose, found.allowed
    return CookieSet(
        page=label_of(sighting.page),
        state=sighting.state,
        side=sighting.side,
        name=name,
        host=host,
        party="third" if found else "first",
        by_script=by_script,
        owner=owner,
        purpose=purpose,
        allowed=allowed,
        kept=True,
    )
