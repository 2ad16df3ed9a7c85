"""What a watched browser did, as findings are made of it: contacts, cookies, and hits that went on to Google."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from consent_gateway.analytics import SERVICE, hits
from consent_gateway.analytics.envelope import OutboundRequest
from consent_gateway.audit.findings import Carrier, Contact, CookieSet, Evidence, Field, Forwarded, Side
from consent_gateway.audit.ownership import Owned, of_service, owned
from consent_gateway.audit.recorded import label_of
from consent_gateway.audit.sighting import Sighting
from consent_gateway.captures.exchange import DOCUMENT, Exchange
from consent_gateway.cookie_names import expression
from consent_gateway.cookie_rules import OWN, CookieRules, Verdict, named
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers, Request
from consent_gateway.page.positions import Carrier as Place
from consent_gateway.page.reading import read_every
from consent_gateway.urls import Address, resolve
from consent_gateway.visit import Visit

# What a browser fetches for (Fetch Metadata) → what makes it do so.
CARRIERS: dict[str, Carrier] = {
    "script": Carrier.SCRIPT, "worker": Carrier.SCRIPT, "sharedworker": Carrier.SCRIPT,
    "serviceworker": Carrier.SCRIPT, "audioworklet": Carrier.SCRIPT, "paintworklet": Carrier.SCRIPT,
    "iframe": Carrier.IFRAME, "frame": Carrier.IFRAME, "fencedframe": Carrier.IFRAME,
    "image": Carrier.PIXEL, "video": Carrier.MEDIA, "audio": Carrier.MEDIA, "track": Carrier.MEDIA,
    "style": Carrier.CSS, "font": Carrier.CSS, "object": Carrier.OBJECT, "embed": Carrier.OBJECT,
    "manifest": Carrier.HINT, "report": Carrier.HEADER, "document": Carrier.REDIRECT,
}  # fmt: skip
_DOCUMENTS = ("document", "iframe", "frame")
_NOT_BY_CODE = (Carrier.REDIRECT, Carrier.HEADER, Carrier.CSS)
# The place in a page that the gateway's recogniser is asked about: lists of trackers name kinds of fetches.
PLACES: dict[Carrier, Place] = {
    Carrier.SCRIPT: Place.SCRIPT,
    Carrier.IFRAME: Place.FRAME,
    Carrier.PIXEL: Place.IMAGE,
    Carrier.MEDIA: Place.MEDIA,
    Carrier.CSS: Place.STYLE,
    Carrier.OBJECT: Place.OBJECT,
    Carrier.PING: Place.PING,
}


def carriers(sighting: Sighting) -> Iterator[tuple[Exchange, Carrier]]:
    """What was asked for, each with what made the browser do so."""
    page = _Page(sighting)
    return ((one, page.carrier(one)) for one in sighting.exchanges)


def contacts_of(sightings: Iterable[Sighting], gateway: Gateway) -> Iterator[Contact]:
    """The third parties that each page contacted, each of its addresses once."""
    for sighting in sightings:
        visit = gateway.visit(sighting.request, sighting.time)
        seen: set[tuple[str, str, Carrier]] = set()
        for exchange, carrier in _of_the_page(sighting, gateway):
            address = _address(exchange)
            found = owned(address, PLACES.get(carrier, Place.HINT), visit, gateway)
            path = address.rest.partition("?")[0]
            if found is None or (address.host, path, carrier) in seen:
                continue
            seen.add((address.host, path, carrier))
            yield _contact(sighting, address.host, path, carrier, found)


def _of_the_page(sighting: Sighting, gateway: Gateway) -> Iterator[tuple[Exchange, Carrier]]:
    """What the page asked for; not what another website did to which it has led the visitor away."""
    page = _Page(sighting)
    hostname = sighting.request.hostname
    for exchange in sighting.exchanges:
        shown = resolve(exchange.page, sighting.page)
        is_elsewhere = shown is not None and not gateway.recogniser.is_own(shown.host, hostname)
        if not is_elsewhere or exchange.destination == DOCUMENT:
            yield exchange, page.carrier(exchange)


class _Page:
    """What tells by what a page asks for something."""

    def __init__(self, sighting: Sighting) -> None:
        exchanges = sighting.exchanges
        self._leading = frozenset(_leads_to(exchanges))
        self._sheets = {one.request.url for one in exchanges if one.destination == "style"}
        read = [one for one in exchanges if one.response and one.response.body]
        self._markup = [
            _markup(one.response.body) for one in read if one.destination in _DOCUMENTS and one.response
        ]

    def carrier(self, exchange: Exchange) -> Carrier:
        """Chromium says of much that code asks for while a page is read that the page did; what stands
        nowhere in its markup was put together by code."""
        if exchange.request.url in self._leading:
            return Carrier.REDIRECT
        if "prefetch" in exchange.request.headers.get("sec-purpose", exchange.request.headers.get("purpose")):
            return Carrier.HINT
        if exchange.initiator in self._sheets:
            return Carrier.CSS
        carrier = CARRIERS.get(exchange.destination, Carrier.RUN_TIME)
        if exchange.by_code or carrier is Carrier.RUN_TIME:
            return Carrier.RUN_TIME
        host = exchange.request.hostname.encode()
        by_markup = not self._markup or any(host in markup for markup in self._markup)
        return carrier if by_markup or carrier in _NOT_BY_CODE else Carrier.RUN_TIME


def _markup(body: bytes) -> bytes:
    """A document without the text of its scripts, in lower case."""
    parts, position = [], 0
    for tag in read_every(body):
        if tag.name == b"script" and tag.body_end is not None and tag.end >= position:
            parts.append(body[position : tag.end])
            position = tag.body_end
    return b"".join((*parts, body[position:])).lower()


def _leads_to(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """The addresses to which answers of other hosts have redirected."""
    for one in exchanges:
        if one.response is not None and 300 <= one.response.status < 400:
            address = resolve(one.response.headers.get("location"), one.request.url)
            if address is not None and address.host != one.request.hostname:
                yield address.url


def _address(exchange: Exchange) -> Address:
    request = exchange.request
    return Address(request.scheme, request.hostname, "", request.target)


def _contact(sighting: Sighting, host: str, path: str, carrier: Carrier, found: Owned) -> Contact:
    return Contact(
        page=label_of(sighting.page),
        state=sighting.state,
        side=sighting.side,
        host=host,
        path=path,
        owner=found.owner,
        kind=found.kind,
        purpose=found.purpose,
        carrier=carrier,
        evidence=Evidence.SEEN,
        allowed=found.allowed,
        decision=found.decision,
        reason=found.reason,
        article=found.article,
    )


# ---- cookies -------------------------------------------------------------------------------------


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


# ---- Google --------------------------------------------------------------------------------------


def forwarded_of(sightings: Iterable[Sighting], gateway: Gateway) -> Iterator[Forwarded]:
    """The hits that pages gave the gateway, and what of each it sent on, field by field."""
    for sighting in sightings:
        if sighting.side is not Side.THROUGH:
            continue
        reason = gateway.visit(sighting.request, sighting.time).decision(SERVICE).reason
        left = list(sighting.outbound)
        for given in map(_read, _hits(sighting)):
            sent = next((one for one in left if _event(_pairs_sent(one)) == _event(given)), None)
            if sent is not None:
                left.remove(sent)
            yield _forwarded(sighting, given, sent, reason)
        for sent in left:  # nobody has seen what it was made from
            yield _forwarded(sighting, [], sent, reason)


def _hits(sighting: Sighting) -> Iterator[Request]:
    own = sighting.request.hostname
    return (
        one.request for one in sighting.exchanges if one.request.hostname == own and hits.is_hit(one.request)
    )


def _read(request: Request) -> hits.Pairs:
    """All that is said in a hit, what its events share first."""
    try:
        hit = hits.read(request)
    except hits.BadHit:
        return []
    return [*hit.shared, *(pair for event in hit.events for pair in event)]


def _pairs_sent(sent: OutboundRequest) -> hits.Pairs:
    parts = urlsplit(sent.url)
    target = f"{parts.path}?{parts.query}"
    return _read(
        Request(
            method="POST", scheme="https", host=parts.netloc, target=target, headers=Headers(), body=sent.body
        )
    )


def _event(pairs: hits.Pairs) -> str:
    return next((value for name, value in pairs if name == "en"), "")


def _forwarded(sighting: Sighting, given: hits.Pairs, sent: OutboundRequest | None, reason: str) -> Forwarded:
    after = _pairs_sent(sent) if sent else []
    before, result = dict(given), dict(after)
    names = dict.fromkeys((*before, *result))
    return Forwarded(
        page=label_of(sighting.page),
        state=sighting.state,
        event=_event(after) or _event(given),
        host=urlsplit(sent.url).netloc if sent else "",
        sent_on=sent is not None,
        reason=reason,
        fields=tuple(Field(name, _became(name, before, result)) for name in names),
    )


def _became(name: str, before: dict[str, str], after: dict[str, str]) -> str:
    if name not in after:
        return "dropped"
    return "passed" if before.get(name) == after[name] else "changed"
