"""What is known about each service: one TOML file per service, checked when read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib import resources

from consent_gateway.catalogue import known
from consent_gateway.catalogue.codes import Codes
from consent_gateway.catalogue.entries import (
    DATA,
    UNTIMED,
    ClickIds,
    Controller,
    Cookie,
    DataItem,
    Groups,
    Mount,
    Purpose,
    Purposes,
    Service,
    Share,
    StandIns,
    StandInsOfHosts,
    Transfer,
    Treatment,
)
from consent_gateway.catalogue.known import Known, KnownTrackers
from consent_gateway.catalogue.selectors import Selector
from consent_gateway.datafile import parse
from consent_gateway.signatures import Signatures
from consent_gateway.urls import Matcher, Pattern

__all__ = [
    "DATA", "UNTIMED", "Catalogue", "Controller", "Cookie", "DataItem", "Known", "KnownTrackers", "Mount",
    "Owner", "Purpose", "Selector", "Service", "Share", "StandIns", "Transfer", "Treatment", "load",
]  # fmt: skip


Owner = str | Known  # a service's id, or a known tracker


# Code that gives an element a class, an id or a type, or writes its tag; in lower case.
_GIVEN = (
    rb"(?:classname|\.id|\.type)\s*+\+?=\s*+[\"'`][^\"'`]*(?:%(mark)s)"
    rb"|(?:classlist\.add|setattribute\(\s*+[\"'`](?:class|id|type)[\"'`]\s*+,)[^;]{0,40}?[\"'`][^\"'`]*(?:%(mark)s)"
    rb"|<[a-z][^<>]*(?:%(mark)s)"
)


@dataclass(frozen=True)
class Catalogue:
    """Every service by its id, in order, with the index that finds them."""

    services: Mapping[str, Service]
    purposes: Mapping[str, Purpose]
    known: KnownTrackers
    stand_ins: Mapping[str, StandIns]  # of known hosts
    groups: Mapping[str, tuple[str, ...]]  # names for several services at once
    click_ids: Mapping[str, str]  # parameters of addresses, in lower case, with their companies

    def of_purpose(self, purpose: str) -> list[str]:
        """The ids of the services that serve a purpose."""
        return [id for id, service in self.services.items() if purpose in service.purposes]

    def with_services(self, services: Mapping[str, Service]) -> Catalogue:
        """The same with further services, after its own; itself where there are none."""
        return replace(self, services={**self.services, **services}) if services else self

    def with_purposes(self, purposes: Mapping[str, tuple[str, ...]]) -> Catalogue:
        """The same with other purposes for some services; itself where there are none."""
        if not purposes:
            return self
        changed = {id: self.services[id].model_copy(update={"purposes": own}) for id, own in purposes.items()}
        return replace(self, services={**self.services, **changed})

    def matcher(self, *, stand_ins: bool = False) -> Matcher[Owner]:
        """Finds the service or known tracker an address belongs to. The same one for every call."""
        if stand_ins not in self._matchers:
            self._matchers[stand_ins] = Matcher(self._rules(), stand_ins=stand_ins)
        return self._matchers[stand_ins]

    def signatures(self, *, stand_ins: bool = False) -> Signatures[Known]:
        """Finds the software of trackers on a host that is nobody's. The same one for every call."""
        if stand_ins not in self._signatures:
            self._signatures[stand_ins] = Signatures(self.known.signatures(), stand_ins=stand_ins)
        return self._signatures[stand_ins]

    @cached_property
    def _matchers(self) -> dict[bool, Matcher[Owner]]:
        return {}

    @cached_property
    def _signatures(self) -> dict[bool, Signatures[Known]]:
        return {}

    def _rules(self) -> Iterable[tuple[Pattern, Owner]]:
        for id, service in self.services.items():
            for text in service.urls:
                yield Pattern.parse(text), id
        yield from self.known.hosts

    def boots(self, code: bytes) -> list[str]:
        """The ids of the services that the text of a script loads."""
        return self._boot.owners(code)

    def draws(self, id: str, code: bytes) -> bool:
        """Whether the text of a script gives an element what makes it a plug-in of the service."""
        marked = self._drawn.get(id)
        return marked is not None and marked.search(code.lower()) is not None

    @cached_property
    def _drawn(self) -> dict[str, re.Pattern[bytes]]:
        marks: dict[str, set[bytes]] = {}
        for selector, id, _ in self.mounts:
            if selector.mark:
                marks.setdefault(id, set()).add(re.escape(selector.mark))
        return {id: re.compile(_GIVEN % {b"mark": b"|".join(sorted(found))}) for id, found in marks.items()}

    def used(self, code: bytes) -> list[str]:
        """The ids of the services that the text of a script needs to be there."""
        return self._uses.owners(code)

    def loads(self, id: str, host: str, rest: str) -> bool:
        """Whether an address of a service is one that its plug-in or script is loaded from, and no link."""
        service = self.services[id]
        framed = service.treatment is Treatment.PLACEHOLDER and not service.floats
        if not framed and not host.startswith("www."):
            return True
        return id in self.boots(f"https://{host}{rest}".encode()) or self._framed.find(host, rest) == id

    @cached_property
    def _framed(self) -> Matcher[str]:
        services = self.services.items()
        return Matcher(
            (Pattern.parse(mount.url), id)
            for id, service in services
            for mount in service.mounts
            if mount.url
        )

    @cached_property
    def _boot(self) -> Codes:
        return Codes((id, service.boot) for id, service in self.services.items())

    @cached_property
    def _uses(self) -> Codes:
        return Codes((id, service.uses) for id, service in self.services.items())

    def network(self, name: str) -> tuple[str, str] | None:
        """The service that is called so, and the address at which it is given what to share; None where
        nothing can be shared there."""
        return self._networks.get(name)

    @cached_property
    def _networks(self) -> dict[str, tuple[str, str]]:
        found = {}
        for id, service in self.services.items():
            for name in (id, *service.share.names) if service.share else ():
                found[name] = (id, service.share.url)  # type: ignore[union-attr]
        return found

    @cached_property
    def mounts(self) -> list[tuple[Selector, str, Mount]]:
        """Every selector with the id of its service and the plug-in it finds, in the order of the files."""
        return [
            (Selector.parse(text), id, mount)
            for id, service in self.services.items()
            for mount in service.mounts
            for text in mount.selectors
        ]


@lru_cache(maxsize=1)
def load() -> Catalogue:
    """The catalogue that ships with the product, the same one for every call. Raises datafile.Faulty if an entry is wrong."""
    folder = resources.files(__package__)
    services: dict[str, Service] = {}
    for entry in sorted(
        folder.joinpath("services").iterdir(), key=lambda entry: entry.name.removesuffix(".toml")
    ):
        if entry.name.endswith(".toml"):
            text = entry.read_text(encoding="utf-8")
            services[entry.name.removesuffix(".toml")] = parse(text, Service, file=entry.name)
    purposes = parse(folder.joinpath("purposes.toml").read_text("utf-8"), Purposes, file="purposes.toml")
    stand_ins = parse(
        folder.joinpath("stand_ins.toml").read_text("utf-8"), StandInsOfHosts, file="stand_ins.toml"
    )
    groups = parse(folder.joinpath("groups.toml").read_text("utf-8"), Groups, file="groups.toml")
    click_ids = parse(folder.joinpath("click_ids.toml").read_text("utf-8"), ClickIds, file="click_ids.toml")
    return Catalogue(
        services=services,
        purposes={id: getattr(purposes, id) for id in type(purposes).model_fields},
        known=known.read(folder.joinpath("known")),
        stand_ins=stand_ins.hosts,
        groups=groups.groups,
        click_ids=click_ids.click_ids,
    )
