"""The operator's site file: everything in it has a default, and nothing in it is guessed."""

from __future__ import annotations

from pathlib import Path

from consent_gateway import datafile
from consent_gateway.catalogue import Catalogue
from consent_gateway.datafile import Table, ValidationInfo, field_validator
from consent_gateway.notify_table import Notify
from consent_gateway.own_words import OwnWords, WordsField
from consent_gateway.policy_tables import PolicyTable, Processing, Recipient, Source
from consent_gateway.references import Wrong, dangling
from consent_gateway.site_tables import (
    ITS_NAME,
    Analytics,
    ControllerTable,
    Limits,
    PurposeWords,
    Retention,
    SiteCookie,
    SiteService,
    SiteTable,
    ThirdParties,
)
from consent_gateway.site_values import CookieName, PurposeId, Reference, ServiceId
from consent_gateway.theme import Theme, faults


class Site(Table):
    """The whole site file."""

    site: SiteTable = SiteTable()
    controller: ControllerTable = ControllerTable()
    third_parties: ThirdParties = ThirdParties()
    analytics: Analytics = Analytics()
    services: dict[ServiceId, SiteService] | None = None
    cookies: dict[CookieName, SiteCookie] = datafile.Field(default_factory=dict)
    retention: dict[str, Retention] = datafile.Field(default_factory=dict)
    purposes: dict[PurposeId, PurposeWords] = datafile.Field(default_factory=dict)
    policy: PolicyTable = PolicyTable()
    processing: dict[str, Processing] = datafile.Field(default_factory=dict)
    recipients: dict[str, Recipient] = datafile.Field(default_factory=dict)
    sources: dict[str, Source] = datafile.Field(default_factory=dict)
    measures: dict[str, WordsField] = datafile.Field(default_factory=dict)
    """How you protect data, beside what the gateway does; each measure under a name of yours (GDPR Art. 32)."""
    notify: Notify = Notify()
    limits: Limits = Limits()
    theme: Theme = Theme()

    @field_validator("services", mode="before")
    @classmethod
    def _members(cls, value: object, info: ValidationInfo) -> object:
        """A group stands for its members; what is said of a member itself counts for that one."""
        if not isinstance(value, dict) or not isinstance(info.context, Reference):
            return value
        groups = info.context.catalogue.groups
        members = {id: settings for name, settings in value.items() for id in groups.get(name, ())}
        return members | {name: settings for name, settings in value.items() if name not in groups}

    @field_validator("services")
    @classmethod
    def _mapped(
        cls, value: dict[str, SiteService] | None, info: ValidationInfo
    ) -> dict[str, SiteService] | None:
        known = info.context.catalogue.services if isinstance(info.context, Reference) else {}
        faults = []
        for id, settings in (value or {}).items():
            purposes = known[id].purposes if id in known else settings.purposes
            if settings.purposes and id in known and len(purposes) < 2:
                faults.append(f"{id}: purposes can be said of a tag manager only; it serves {purposes[0]}")
            elif foreign := sorted(set(settings.purposes) - set(purposes)):
                faults.append(f"{id}: no purpose that a container can serve: {', '.join(foreign)}")
        if faults:
            raise ValueError("; ".join(faults))
        return value

    @field_validator("cookies", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        """Each table with the name it has, so that it can be judged as a whole."""
        if not isinstance(value, dict):
            return value
        return {
            name: {**table, ITS_NAME: name} if isinstance(table, dict) else table
            for name, table in value.items()
        }

    @property
    def declared_cookies(self) -> dict[str, str]:
        """The purposes of the declared cookies, by their names."""
        return {name: cookie.purpose for name, cookie in self.cookies.items()}

    @property
    def mapped_purposes(self) -> dict[str, tuple[str, ...]]:
        """The purposes that the operator has said a service is for, by its id."""
        return {id: own.purposes for id, own in (self.services or {}).items() if own.purposes}

    @property
    def named_purposes(self) -> dict[str, dict[str, OwnWords]]:
        """What the operator calls purposes, by their ids and by what is said of them."""
        return {id: dict(words) for id, words in self.purposes.items()}

    @property
    def prefix(self) -> str:
        return self.site.prefix

    def lists(self, service: str) -> bool:
        """Whether the service may be released at all: without a [services] table every one may."""
        return self.services is None or service in self.services


def read(path: Path, catalogue: Catalogue) -> Site:
    """The site file, checked. Raises datafile.Unreadable or datafile.Faulty."""
    found = parsed(path, catalogue)
    if wrong := contradictions(found):
        raise datafile.Faulty(faults_at(path, wrong))
    return found


def parsed(path: Path, catalogue: Catalogue) -> Site:
    """The site file, each table checked by itself. Raises datafile.Unreadable or datafile.Faulty."""
    return datafile.read(path, Site, against=Reference(catalogue, catalogue.matcher()))


def contradictions(site: Site) -> list[Wrong]:
    """What its tables say against each other, and colours that cannot be read: keys with the reason."""
    return [*faults(site.theme), *dangling(site)]


def faults_at(path: Path, wrong: list[Wrong]) -> tuple[datafile.Fault, ...]:
    """The same with the lines of the file on which they stand."""
    text = path.read_text(encoding="utf-8") if wrong else ""
    return tuple(datafile.fault_at(path, text, key, reason) for key, reason in wrong)
