"""The services that a site adds to the catalogue: files that its site file names, in the catalogue's own format."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Protocol

from consent_gateway.catalogue import Catalogue, Service, additions
from consent_gateway.cookie_rules import fault_of
from consent_gateway.datafile import Fault, Faulty, Unreadable, decoded, fault_at, line_of, parse
from consent_gateway.site_tables import ThirdParties
from consent_gateway.urls import Pattern

KEY = ("third_parties", "services")


class Adding(Protocol):
    """A site file, as far as it adds services."""

    @property
    def third_parties(self) -> ThirdParties: ...


def of_file(site_file: Path, catalogue: Catalogue) -> dict[str, Service]:
    """Each by its id, which is the name of its file; paths are relative to the site file. Raises datafile.Faulty
    with what is wrong in any of them, or does not go with the catalogue or with one before it."""
    found: dict[str, Service] = {}
    faults: list[Fault] = []
    for name in _named(site_file):
        try:
            id, service = _one(site_file.parent / name, catalogue.with_services(found))
        except Faulty as error:
            faults += error.faults
        except ValueError as error:
            line = line_of(decoded(site_file), list(KEY))
            faults.append(Fault(str(site_file), ".".join(KEY), f"{name}: {error}", line))
        else:
            found[id] = service
    if faults:
        raise Faulty(tuple(faults))
    return found


def files(site: Adding) -> dict[str, str]:
    """The files that a site file names, by the ids of their services."""
    return {PurePath(name).stem: name for name in site.third_parties.services}


def _named(site_file: Path) -> list[str]:
    """What the key says, as far as it says anything: what is wrong with the site file is told when it is read."""
    try:
        table = tomllib.loads(site_file.read_text("utf-8")).get(KEY[0])
    except (OSError, ValueError):
        return []
    names = table.get(KEY[1]) if isinstance(table, dict) else None
    return [name for name in names if isinstance(name, str) and name] if isinstance(names, list) else []


def _one(path: Path, catalogue: Catalogue) -> tuple[str, Service]:
    """Raises datafile.Faulty for what is in the file, ValueError for the file itself."""
    if path.suffix != ".toml":
        raise ValueError("must be a .toml file")
    if not path.is_file():
        raise ValueError("there is no such file")
    try:
        text = decoded(path)
        service = parse(text, Service, file=str(path))
    except Unreadable as error:
        raise Faulty((error.fault,)) from error
    id = PurePath(path).stem
    if reason := additions.wrong_id(id, catalogue):
        raise ValueError(f"{reason}; the name of the file is the id of the service")
    if wrong := [*additions.wrong(service, catalogue), *_cookies(service, catalogue)]:
        raise Faulty(tuple(fault_at(path, text, key, reason) for key, reason in wrong))
    return id, service


def _cookies(service: Service, catalogue: Catalogue) -> Iterator[additions.Wrong]:
    for number, cookie in enumerate(service.cookies):
        purpose = service.purposes[0]
        if cookie.party == "first" and (reason := fault_of(cookie.name, purpose, catalogue)):
            yield ("cookies", str(number), "name"), f"{cookie.name} {reason}"


def on_the_site(services: Mapping[str, Service], names: tuple[str, ...]) -> Iterator[additions.Wrong]:
    """What of them is on a host of the site's own, which is never held."""
    for id, service in services.items():
        for text in service.urls:
            pattern = Pattern.parse(text)
            for name in names:
                if pattern.meets(Pattern(name, False, pattern.rest)):
                    yield KEY, f"{id}: {text} is the site's own: [site] hosts has {name}, which is never held"
