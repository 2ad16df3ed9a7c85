"""Looks at exchanges one by one, and keeps what a site file needs to know.

Pages and style sheets go through the gateway's own rewriter, what was fetched through its recogniser: what init
finds is what the gateway will hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from consent_gateway import cookie_fields
from consent_gateway.captures.domains import registrable
from consent_gateway.captures.exchange import FRAME, Exchange
from consent_gateway.catalogue import Catalogue, Known
from consent_gateway.cookie_names import is_item_name, without_ids
from consent_gateway.lists.matching import NO_LISTS, Lists
from consent_gateway.page.elements import Listed, Owner
from consent_gateway.page.positions import Carrier
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site
from consent_gateway.site_tables import ThirdParties
from consent_gateway.site_values import CONTAINER, HOST, PROPERTY
from consent_gateway.survey import lives
from consent_gateway.survey.own_hosts import OwnHosts
from consent_gateway.survey.reading import Reader
from consent_gateway.survey.self_description import SelfDescription
from consent_gateway.survey.sightings import CookieSeen, Sighting, Survey
from consent_gateway.urls import STAND_IN, is_loopback, resolve

MOST_HOSTS = 500  # that are remembered: a page can make up any number
MOST_COOKIES = 500
# What a browser fetches for (Fetch Metadata), as the recogniser calls it.
CARRIERS = {
    "script": Carrier.SCRIPT,
    "iframe": Carrier.FRAME,
    "frame": Carrier.FRAME,
    "image": Carrier.IMAGE,
    "style": Carrier.STYLE,
    "font": Carrier.STYLE,
    "video": Carrier.MEDIA,
    "audio": Carrier.MEDIA,
    "track": Carrier.MEDIA,
    "object": Carrier.OBJECT,
    "embed": Carrier.OBJECT,
}
_IN_HITS = re.compile(r"[?&](?:id|tid)=((?:GT?|GTM)-[A-Z0-9]+)(?:&|$)")


class Surveyor:
    """What was seen so far of the site that has these hosts of its own, the most important first. `lists` give their
    verdict on what is unknown, and allow or hold nothing by it."""

    def __init__(self, own_hosts: Iterable[str], catalogue: Catalogue, lists: Lists = NO_LISTS) -> None:
        own = tuple(host for host in dict.fromkeys(own_hosts) if HOST.fullmatch(host))
        # On this computer NAME.localhost stands in for NAME (RFC 6761 6.3), as in the demo.
        stand_ins = any(map(is_loopback, own))
        site = Site(third_parties=ThirdParties(unlisted="hold", local_stand_ins=stand_ins))
        self._own = OwnHosts(own, Recogniser(site, catalogue, (), lists))
        self._recogniser = Recogniser(site, catalogue, own, lists)
        self._reader = Reader(catalogue, self._recogniser)
        self._said = SelfDescription(self._is_own)
        self._stood_in = False
        self._unread: dict[str, None] = {}
        self._tools: set[str] = set()
        self._services: dict[str, Sighting] = {}
        self._trackers: dict[str, tuple[str, Sighting]] = {}
        self._unknown: dict[str, Sighting] = {}
        self._ids: set[str] = set()
        self._cookies: dict[str, CookieSeen] = {}
        self._stored: dict[str, CookieSeen] = {}
        self._frames: set[str] = set()

    def take(self, exchange: Exchange) -> None:
        """Looks at one exchange."""
        host = exchange.request.hostname
        if host in self._own:
            self._take_own(exchange)
        elif host:
            self._take_other(exchange)

    def take_script_cookie(self, name: str, host: str, page: str) -> None:
        """A cookie that a script was seen to set."""
        if any(host.lstrip(".") in (own, registrable(own)) for own in self._own.hosts):
            self._cookie(name, page, "a script")

    def take_stored(self, name: str, page: str, *, of_session: bool) -> None:
        """What a script was seen to keep in the storage of a page, by the page's address."""
        address = resolve(page, page)
        shown = without_ids(name)
        if address is None or address.host not in self._own or not is_item_name(shown):
            return
        if seen := self._note_item(self._stored, shown, address.rest.partition("?")[0], "a script"):
            seen.lives(0 if of_session else None)

    def survey(self) -> Survey:
        """Everything that was seen."""
        ids = sorted(self._ids)
        return Survey(
            hosts=self._own.names,
            static_hosts=self._own.static,
            secure=self._own.secure,
            stand_ins=self._stood_in,
            pages=self._own.pages,
            unread=tuple(self._unread),
            consent_tools=tuple(sorted(self._tools)),
            languages=self._said.languages,
            services=dict(sorted(self._services.items())),
            properties=tuple(id for id in ids if PROPERTY.fullmatch(id)),
            containers=tuple(id for id in ids if CONTAINER.fullmatch(id)),
            trackers=dict(sorted(self._trackers.items())),
            unknown=dict(sorted([*self._unknown.items(), *self._own.undecided()])),
            cookies=dict(sorted(self._cookies.items())),
            stored=dict(sorted(self._stored.items())),
            own_pages=self._said.policies,
            own_page_on=self._said.policy_linked_on,
            proposals=self._said.proposals,
            purposes=self._said.purposes,
        )

    # ---- the site's own ---------------------------------------------------------------------------

    def _take_own(self, exchange: Exchange) -> None:
        request, response, where = exchange.request, exchange.response, _path_of(exchange)
        for name in cookie_fields.names_sent(request):
            self._cookie(name, where, "")
        if response is None:
            return
        for name, seconds in lives.set_by(response, exchange.time):
            if seen := self._cookie(name, where, request.hostname):
                seen.lives(seconds)
        if not exchange.is_page:
            self._own.note_file(exchange, where, CARRIERS.get(exchange.destination, Carrier.HINT))
        elif response.status < 400:
            self._own.note_page(exchange)
        if exchange.unreadable and exchange.is_page:
            self._not_read(f"{where}: {exchange.unreadable}")
        elif response.status == 200 and response.body:
            self._read(exchange, where)

    def _read(self, exchange: Exchange, where: str) -> None:
        found = self._reader.read(exchange)
        if found is None:
            return
        if found.failure:
            self._not_read(f"{where}: {found.failure}")
        for service in found.services:
            self._services.setdefault(service, Sighting()).note(where, found.place)
        self._ids |= found.ids
        self._tools |= found.tools
        for host, carrier, owner in found.contacts:
            if isinstance(owner, str):  # that is told by `services`: an address alone is no plug-in yet
                self._stood_in |= host.endswith(STAND_IN)
            else:
                self._note(host, owner, where, carrier.value)
        if found.document is not None and exchange.is_page:
            self._said.take(found.document, where)

    def _not_read(self, reason: str) -> None:
        if len(self._unread) < MOST_HOSTS:
            self._unread[reason] = None

    def _is_own(self, address: str) -> bool:
        found = resolve(address, address)
        return found is not None and found.host in self._own

    def _cookie(self, name: str, page: str, setter: str) -> CookieSeen | None:
        return self._note_item(self._cookies, name, page, setter)

    def _note_item(
        self, found: dict[str, CookieSeen], name: str, page: str, setter: str
    ) -> CookieSeen | None:
        if name not in found and len(found) >= MOST_COOKIES:
            return None
        seen = found.setdefault(name, CookieSeen(name))
        if setter:
            seen.setters.add(setter)
        if len(seen.pages) < MOST_HOSTS:
            seen.pages.add(page)
        return seen

    # ---- other hosts ------------------------------------------------------------------------------

    def _take_other(self, exchange: Exchange) -> None:
        address = resolve(exchange.request.url, exchange.request.url)
        if address is None or exchange.is_page:
            return  # where a visitor goes is nothing that a page fetches
        if exchange.destination == FRAME:
            self._frames.add(address.host)
        carrier = CARRIERS.get(exchange.destination, Carrier.HINT)
        owner = self._recogniser.owner(address, next(iter(self._own.hosts), ""), carrier)
        within = self._within(exchange)
        self._note(address.host, owner, _path_of(exchange), exchange.destination or "request", within)
        if isinstance(owner, str) and not within:
            self._ids |= set(_IN_HITS.findall(address.rest))

    def _within(self, exchange: Exchange) -> str:
        """The host in whose frame it was asked for: it is that frame's affair, and not the site's."""
        for value in (exchange.initiator, exchange.request.headers.get("referer")):
            found = resolve(value, value) if value else None
            if found and found.host in self._frames and found.host not in self._own:
                return found.host
        return ""

    def _note(self, host: str, owner: Owner | None, where: str, kind: str, within: str = "") -> None:
        if owner is None:
            return
        kind = "request" if kind == "empty" else kind
        if isinstance(owner, str):
            self._stood_in |= host.endswith(STAND_IN)
            self._services.setdefault(owner, Sighting()).note(where, kind, within)
            return
        if isinstance(owner, Known):
            if host in self._trackers or len(self._trackers) < MOST_HOSTS:
                self._trackers.setdefault(host, (owner.company, Sighting()))[1].note(where, kind, within)
            return
        if host in self._unknown or len(self._unknown) < MOST_HOSTS:
            seen = self._unknown.setdefault(host, Sighting())
            seen.note(where, kind, within)
            if isinstance(owner, Listed):
                seen.verdict = owner.list


def _path_of(exchange: Exchange) -> str:
    """The path of the page it belongs to, without its query: that may be about a person."""
    found = resolve(exchange.page, exchange.page) if exchange.page else None
    if found is None and exchange.is_page:
        return exchange.request.path
    return found.rest.partition("?")[0] if found else "an unknown page"
