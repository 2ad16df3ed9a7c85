"""Whose an address is, on one site: its own, a service's, a known tracker's, or unlisted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from consent_gateway import cookie_rules, fingerprints
from consent_gateway.catalogue import Catalogue, Known, StandIns, Treatment
from consent_gateway.lists import kinds
from consent_gateway.lists.matching import NO_LISTS, Fetch, Lists, Page, names_of
from consent_gateway.lists.table import table
from consent_gateway.page.elements import Listed, Owner, Recognition, Unlisted
from consent_gateway.page.mounts import Mounts
from consent_gateway.page.positions import Carrier
from consent_gateway.page.relays import relayed
from consent_gateway.rendering import script_json
from consent_gateway.reports import OWN, UNLISTED
from consent_gateway.site import Site
from consent_gateway.urls import LONGEST_KEPT, STAND_IN, Address, Matcher, Pattern, without_stand_ins

# What a list calls the fetch that a place of a page leads to: where it may be one of several, all.
KINDS: dict[Carrier, int] = {
    Carrier.SCRIPT: kinds.SCRIPT,
    Carrier.FRAME: kinds.SUBDOCUMENT,
    Carrier.IMAGE: kinds.IMAGE,
    Carrier.MEDIA: kinds.MEDIA,
    Carrier.STYLE: kinds.STYLESHEET | kinds.IMAGE | kinds.FONT,
    Carrier.OBJECT: kinds.OBJECT,
    Carrier.HINT: kinds.ANY & ~kinds.PING,
    Carrier.PING: kinds.PING,
    Carrier.REFRESH: kinds.DOCUMENT,
    Carrier.LAZY: kinds.SCRIPT | kinds.IMAGE | kinds.MEDIA | kinds.SUBDOCUMENT | kinds.OBJECT,
    Carrier.HANDLER: kinds.ANY,
    Carrier.MOUNT: kinds.ANY,
}


class Recogniser:
    """Makes the recognition for a host of the site, for pages here and for the guard script."""

    def __init__(
        self, site: Site, catalogue: Catalogue, origin_hosts: tuple[str, ...], lists: Lists = NO_LISTS
    ) -> None:
        self._catalogue = catalogue
        self._site = site
        self._mounts = Mounts(catalogue.mounts, stand_ins=site.third_parties.local_stand_ins)
        self._matcher = catalogue.matcher(stand_ins=site.third_parties.local_stand_ins)
        self._signatures = catalogue.signatures(stand_ins=site.third_parties.local_stand_ins)
        public = site.site.names
        first_party = site.third_parties.first_party
        own = tuple(dict.fromkeys((*public, *origin_hosts, *first_party)))
        # Where the public names are known, visitors need not learn what the origin is called.
        self.public = tuple(dict.fromkeys((*(public or origin_hosts), *first_party)))
        self._own = Matcher([(Pattern.parse(host), True) for host in own if _is_pattern(host)])
        self._exact = frozenset(own)
        self._stood_in = {
            name.partition(".")[0] for _, names in self._stand_ins() for name in (*names.silent, *names.queue)
        }
        self._lists = lists
        self._websites = frozenset(host.removeprefix("*.").removeprefix("www.") for host in self.public)

    @lru_cache(maxsize=64)  # noqa: B019 - one recogniser lives as long as the process
    def on(self, hostname: str) -> Recognition:
        """The recognition for pages served under a host."""

        def of_address(address: Address, carrier: Carrier) -> Owner | None:
            return self.owner(address, hostname, carrier)

        @lru_cache(maxsize=1024)
        def knows(host: str) -> bool:
            return host != hostname and self._matcher.knows(host)

        def of_mention(host: str, rest: str) -> str | None:
            owner = self.owner(Address("https", host, "", rest), hostname)
            return owner if isinstance(owner, str) and self._catalogue.loads(owner, host, rest) else None

        return Recognition(
            of_address=of_address,
            of_code=self._boots,
            of_use=self._catalogue.used,
            knows=knows,
            of_mention=of_mention,
            mounts=self._mounts,
            is_own=lambda address: self.is_own(address.host, hostname),
            stands_in=self._stood_in.__contains__,
            draws=self._catalogue.draws,
            host=hostname,
        )

    def _boots(self, code: bytes) -> list[str]:
        if self._site.third_parties.local_stand_ins:
            code = without_stand_ins(code)
        return self._catalogue.boots(code)

    def is_own(self, host: str, hostname: str) -> bool:
        """Whether a host is the site's, for pages served under `hostname`."""
        return host == hostname or host in self._exact or bool(self._own.find(host, "/"))

    def named_owner(self, address: Address, hostname: str) -> str:
        """The same in a word for the operator: a service's id, a company, or a word of `reports`."""
        if self.is_own(address.host, hostname):
            return OWN
        owner = self.owner(address, hostname)
        if isinstance(owner, str):
            return owner
        if isinstance(owner, Listed):
            return owner.list
        return owner.company if isinstance(owner, Known) else UNLISTED

    def owner(self, address: Address, hostname: str, carrier: Carrier = Carrier.HINT) -> Owner | None:
        """The third party an address belongs to; None for the site itself and what passes."""
        host = address.host
        relay = relayed(address.rest, carrier)
        if self.is_own(host, hostname):
            return relay.service if relay else None
        found: Owner | None = self._matcher.find(host, address.rest)
        if relay and not isinstance(found, str):
            return relay.service
        found = found or self._signatures.find(host, address.rest)
        if found is None and self._lists and (name := self._held_by(address, carrier, hostname)):
            return Listed(name)
        if found is None and self._site.third_parties.unlisted == "hold":
            return Unlisted(host)
        return found

    @property
    def has_lists(self) -> bool:
        """Whether the site has lists of its own."""
        return bool(self._lists)

    def for_lists(self) -> str:
        """The lists as a JSON text for the script that judges by them."""
        stand_ins = self._site.third_parties.local_stand_ins
        return script_json(table(self._lists, websites=self._websites, stand_ins=stand_ins))

    def _held_by(self, address: Address, carrier: Carrier, hostname: str) -> str:
        is_long = len(address.rest) > LONGEST_KEPT
        return (self._judged if is_long else self._known)(address, carrier, hostname)

    @lru_cache(maxsize=4096)  # noqa: B019 - as above; pages fetch the same again and again
    def _known(self, address: Address, carrier: Carrier, hostname: str) -> str:
        return self._judged(address, carrier, hostname)

    def _judged(self, address: Address, carrier: Carrier, hostname: str) -> str:
        if self._site.third_parties.local_stand_ins and address.host.endswith(STAND_IN):
            address = address._replace(host=address.host.removesuffix(STAND_IN), port="")
        fetch = Fetch(
            address.url, address.host, self._is_foreign(address.host, hostname), self._page(hostname)
        )
        return self._lists.held_by(fetch, KINDS[carrier])

    def _is_foreign(self, host: str, hostname: str) -> bool:
        """Whether a host is of another website: neither below the page's nor below one of the site's."""
        return self._websites.isdisjoint(names := {*names_of(host)}) and hostname not in names

    @lru_cache(maxsize=64)  # noqa: B019 - as above
    def _page(self, hostname: str) -> Page:
        return self._lists.page(hostname)

    def for_guard(self, *, lists: str = "") -> str:
        """The same as a JSON text for the guard script. `lists` is where the script of the lists is."""
        rules = {id: list(service.urls) for id, service in self._catalogue.services.items()}
        known = self._catalogue.known
        hosts = [pattern for pattern, _ in known.hosts]
        rules[""] = [str(pattern) for pattern in hosts if pattern.rest]
        software = [signature for signature, _ in known.signatures()]
        services = self._catalogue.services
        return script_json(
            {
                "rules": [[owner, " ".join(patterns)] for owner, patterns in rules.items()],
                "known": fingerprints.table(frozenset(pattern.host for pattern in hosts if not pattern.rest)),
                "software": [
                    " ".join(texts) for texts in map(chain.from_iterable, zip(*software, strict=True))
                ],
                "own": self.public,
                "unlisted": self._site.third_parties.unlisted == "hold",
                "enforced": self._site.third_parties.unlisted == "hold",
                "lists": lists,
                "localStandIns": self._site.third_parties.local_stand_ins,
                "prefix": self._site.prefix,
                "measurement": [id for id, s in services.items() if s.treatment is Treatment.MEASUREMENT],
                "visible": [id for id, s in services.items() if s.treatment is Treatment.PLACEHOLDER],
                "mounts": self._selectors(),
                "standIns": {key: [names.silent, names.queue] for key, names in self._stand_ins()},
                "cookies": cookie_rules.for_guard(self._catalogue, self._site.declared_cookies),
                "again": {id: s.reinit for id, s in services.items() if s.reinit},
                "rerun": {id: s.rerun for id, s in services.items() if s.rerun},
            }
        )

    def stores(self, id: str) -> bool:
        """Whether a service keeps something in the storage of the site's pages, beside cookies."""
        return any(
            one.party == "first" and one.kind != "cookie" for one in self._catalogue.services[id].cookies
        )

    def _selectors(self) -> dict[str, list[list[str]]]:
        """What finds the elements that plug-ins are drawn into, by service: kind and selectors."""
        found: dict[str, list[list[str]]] = {}
        for id, service in self._catalogue.services.items():
            for mount in service.mounts if service.treatment is Treatment.PLACEHOLDER else ():
                selectors = [_as_css(text) for text in mount.selectors if not text.startswith("iframe")]
                if selectors and not mount.server:
                    found.setdefault(id, []).append([mount.id, ",".join(selectors)])
        return found

    def _stand_ins(self) -> Iterator[tuple[str, StandIns]]:
        """By service, and by host of known trackers."""
        yield from ((id, s.stand_ins) for id, s in self._catalogue.services.items() if s.stand_ins)
        yield from self._catalogue.stand_ins.items()


def _as_css(selector: str) -> str:
    """As browsers read it: a colon in a name, as in `fb:like`, is escaped."""
    return re.sub(r"^(\w+):", r"\1\\:", selector)


def _is_pattern(host: str) -> bool:
    return "." in host
