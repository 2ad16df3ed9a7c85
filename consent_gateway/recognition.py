"""Whose an address is, on one site: its own, a service's, a known tracker's, or unlisted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from consent_gateway.catalogue import Catalogue, Known, StandIns, Treatment
from consent_gateway.page.elements import Owner, Recognition, Unlisted
from consent_gateway.page.mounts import Mounts
from consent_gateway.rendering import script_json
from consent_gateway.reports import OWN, UNLISTED
from consent_gateway.site import Site
from consent_gateway.urls import Address, Matcher, Pattern


class Recogniser:
    """Makes the recognition for a host of the site, for pages here and for the guard script."""

    def __init__(self, site: Site, catalogue: Catalogue, origin_hosts: tuple[str, ...]) -> None:
        self._catalogue = catalogue
        self._site = site
        self._mounts = Mounts(catalogue.mounts)
        self._matcher = catalogue.matcher(stand_ins=site.third_parties.local_stand_ins)
        public = site.site.names
        first_party = site.third_parties.first_party
        own = tuple(dict.fromkeys((*public, *origin_hosts, *first_party)))
        # Where the public names are known, visitors need not learn what the origin is called.
        self.public = tuple(dict.fromkeys((*(public or origin_hosts), *first_party)))
        self._own = Matcher([(Pattern.parse(host), True) for host in own if _is_pattern(host)])
        self._exact = frozenset(own)

    @lru_cache(maxsize=64)  # noqa: B019 - one recogniser lives as long as the process
    def on(self, hostname: str) -> Recognition:
        """The recognition for pages served under a host."""

        def of_address(address: Address) -> Owner | None:
            return self.owner(address, hostname)

        return Recognition(
            of_address=of_address,
            of_code=self._catalogue.boots,
            of_use=self._catalogue.used,
            mounts=self._mounts,
        )

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
        return owner.company if isinstance(owner, Known) else UNLISTED

    def owner(self, address: Address, hostname: str) -> Owner | None:
        """The third party an address belongs to; None for the site itself and what passes."""
        host = address.host
        if self.is_own(host, hostname):
            return None
        found = self._matcher.find(host, address.rest)
        if found is None and self._site.third_parties.unlisted == "hold":
            return Unlisted(host)
        return found

    def for_guard(self) -> str:
        """The same as a JSON text for the guard script."""
        rules: dict[str, list[list[Any]]] = {}
        known = []
        for rule in self._matcher:
            if isinstance(rule.owner, Known) and rule.expression is None and rule.pattern.below:
                known.append(rule.pattern.host)
                continue
            owner = rule.owner if isinstance(rule.owner, str) else ""
            entry = [int(rule.pattern.below), rule.pattern.expression if rule.expression else "", owner]
            rules.setdefault(rule.pattern.host, []).append(entry)
        services = self._catalogue.services
        return script_json(
            {
                "rules": rules,
                "known": " ".join(sorted(known)),
                "own": self.public,
                "unlisted": self._site.third_parties.unlisted == "hold",
                "enforced": self._site.third_parties.unlisted == "hold",
                "localStandIns": self._site.third_parties.local_stand_ins,
                "prefix": self._site.prefix,
                "measurement": [id for id, s in services.items() if s.treatment is Treatment.MEASUREMENT],
                "standIns": {key: [names.silent, names.queue] for key, names in self._stand_ins()},
                "again": {id: s.reinit for id, s in services.items() if s.reinit},
            }
        )

    def _stand_ins(self) -> Iterator[tuple[str, StandIns]]:
        """By service, and by host of known trackers."""
        yield from ((id, s.stand_ins) for id, s in self._catalogue.services.items() if s.stand_ins)
        yield from self._catalogue.stand_ins.items()


def _is_pattern(host: str) -> bool:
    return "." in host
