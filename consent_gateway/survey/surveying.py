"""Looks at exchanges one by one, and keeps what a site file needs to know.

Pages and style sheets go through the gateway's own rewriter, what was fetched through its recogniser: what init
finds is what the gateway will hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from consent_gateway import cookie_fields
from consent_gateway.captures.domains import registrable
from consent_gateway.captures.exchange import FRAME, Exchange
from consent_gateway.catalogue import Catalogue, Known
from consent_gateway.lists.matching import NO_LISTS, Lists
from consent_gateway.page.elements import Listed, Owner
from consent_gateway.page.positions import Carrier
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site
from consent_gateway.site_tables import ThirdParties
from consent_gateway.site_values import CONTAINER, HOST, LANGUAGES, PROPERTY
from consent_gateway.survey import lives
from consent_gateway.survey.reading import Found, Reader
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
FILES = frozenset(("style", "font", "image", "script", "video", "audio", "track"))
_A_FILE = frozenset(("style", "font", "video", "audio", "track"))  # nobody measures with these
_IN_HITS = re.compile(r"[?&](?:id|tid)=((?:GT?|GTM)-[A-Z0-9]+)(?:&|$)")


class Surveyor:
    """What was seen so far of the site that has these hosts of its own, the most important first. `lists` give their
    verdict on what is unknown, and allow or hold nothing by it."""

    def __init__(self, own_hosts: Iterable[str], catalogue: Catalogue, lists: Lists = NO_LISTS) -> None:
        self._own = tuple(host for host in dict.fromkeys(own_hosts) if HOST.fullmatch(host))
        # On this computer NAME.localhost stands in for NAME (RFC 6761 6.3), as in the demo.
        stand_ins = any(map(is_loopback, self._own))
        site = Site(third_parties=ThirdParties(unlisted="hold", local_stand_ins=stand_ins))
        self._recogniser = Recogniser(site, catalogue, self._own, lists)
        self._stranger = Recogniser(
            site, catalogue, (), lists
        )  # to this one the site's hosts are somebody's, too
        self._reader = Reader(catalogue, self._recogniser)
        self._stood_in = False
        self._pages: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._secure = False
        self._unread: dict[str, None] = {}
        self._services: dict[str, Sighting] = {}
        self._trackers: dict[str, tuple[str, Sighting]] = {}
        self._unknown: dict[str, Sighting] = {}
        self._ids: set[str] = set()
        self._cookies: dict[str, CookieSeen] = {}
        self._frames: set[str] = set()
        self._files: dict[str, set[str]] = {}  # of the site's hosts: what they were asked for
        self._beside: dict[str, Sighting] = {}
        self._doubtful: set[str] = set()
        self._policies: dict[str, Counter[str]] = {}
        self._linked_on: dict[str, str] = {}
        self._proposals: dict[str, Counter[str]] = {}

    def take(self, exchange: Exchange) -> None:
        """Looks at one exchange."""
        host = exchange.request.hostname
        if not host:
            return
        if host in self._own:
            self._take_own(exchange)
        else:
            self._take_other(exchange)

    def take_script_cookie(self, name: str, host: str, page: str) -> None:
        """A cookie that a script was seen to set."""
        if any(host.lstrip(".") in (own, registrable(own)) for own in self._own):
            self._cookie(name, page, "a script")

    def survey(self) -> Survey:
        """Everything that was seen."""
        hosts = [host for host, _ in self._pages.most_common()]
        ids = sorted(self._ids)
        named = [language for language, _ in self._languages.most_common() if language in LANGUAGES]
        best = {
            language: max(found, key=lambda one: (found[one], one))
            for language, found in self._policies.items()
        }
        first = next((best[one] for one in named if one in best), next(iter(best.values()), ""))
        return Survey(
            hosts=tuple(hosts),
            static_hosts=tuple(host for host in self._own if host not in hosts and self._is_static(host)),
            secure=self._secure,
            stand_ins=self._stood_in,
            pages=sum(self._pages.values()),
            unread=tuple(self._unread),
            languages=tuple(named),
            services=dict(sorted(self._services.items())),
            properties=tuple(id for id in ids if PROPERTY.fullmatch(id)),
            containers=tuple(id for id in ids if CONTAINER.fullmatch(id)),
            trackers=dict(sorted(self._trackers.items())),
            unknown=dict(sorted([*self._unknown.items(), *self._undecided(hosts)])),
            cookies=dict(sorted(self._cookies.items())),
            own_pages=best,
            own_page_on=self._linked_on.get(first, ""),
            proposals={key: found.most_common(1)[0][0] for key, found in sorted(self._proposals.items())},
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
        if exchange.is_page and response.status < 400:
            self._pages[request.hostname] += (
                response.status < 300
            )  # a redirect shows that the name is the site's
            self._secure |= request.scheme == "https"
        else:
            self._note_file(exchange)
        if exchange.unreadable and exchange.is_page:
            self._unread[f"{where}: {exchange.unreadable}"] = None
        elif response.status == 200 and response.body:
            self._read(exchange, where)

    def _read(self, exchange: Exchange, where: str) -> None:
        found = self._reader.read(exchange)
        if found is None:
            return
        if found.failure:
            self._unread[f"{where}: {found.failure}"] = None
        for service in found.services:
            self._services.setdefault(service, Sighting()).note(where, "in the page")
        self._ids |= found.ids
        for host, carrier, owner in found.contacts:
            if isinstance(owner, str):  # that is told by `services`: an address alone is no plug-in yet
                self._stood_in |= host.endswith(STAND_IN)
            else:
                self._note(host, owner, where, carrier.value)
        if found.document is not None and exchange.is_page:
            self._take_document(found, where)

    def _take_document(self, found: Found, where: str) -> None:
        assert found.document is not None
        language = found.document.language
        if language:
            self._languages[language] += 1
        links = [(sure, address) for sure, address in found.document.policy_links() if self._is_own(address)]
        if links:
            address = max(links)[1]
            self._policies.setdefault(language, Counter())[address] += 1
            self._linked_on.setdefault(address, where)
        for key, text in found.document.proposals():
            if len(self._proposals.setdefault(key, Counter())) < MOST_HOSTS:
                self._proposals[key][text] += 1

    def _note_file(self, exchange: Exchange) -> None:
        """What another host of the site's domain is asked for: only files, or is it more than that?"""
        host, kind = exchange.request.hostname, exchange.destination
        self._files.setdefault(host, set()).add(kind)
        self._beside.setdefault(host, Sighting()).note(
            _path_of(exchange), kind.replace("empty", "request") or "request"
        )
        harmless = exchange.request.method == "GET" and kind in FILES
        if not harmless or (exchange.response and exchange.response.headers.all("set-cookie")):
            self._doubtful.add(host)
        address = resolve(exchange.request.url, exchange.request.url)
        carrier = CARRIERS.get(kind, Carrier.HINT)
        if address and isinstance(self._stranger.owner(address, self._own[0], carrier), (str, Known, Listed)):
            self._doubtful.add(host)  # software of trackers, or what a list knows, below a name of the site's

    def _is_static(self, host: str) -> bool:
        return host not in self._doubtful and bool(self._files.get(host, set()) & _A_FILE)

    def _undecided(self, hosts: list[str]) -> Iterable[tuple[str, Sighting]]:
        """Hosts of the site's domain that are not plainly for its files: a tracker may go by such a name."""
        for host, seen in self._beside.items():
            if host not in hosts and not self._is_static(host):
                yield host, seen

    def _is_own(self, address: str) -> bool:
        found = resolve(address, address)
        return found is not None and found.host in self._own

    def _cookie(self, name: str, page: str, setter: str) -> CookieSeen | None:
        if name not in self._cookies and len(self._cookies) >= MOST_COOKIES:
            return None
        seen = self._cookies.setdefault(name, CookieSeen(name))
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
        owner = self._recogniser.owner(address, self._own[0] if self._own else "", carrier)
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
