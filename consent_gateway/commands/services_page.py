"""All that the catalogue knows about one service, or about a group of them, with its sources."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from consent_gateway.catalogue import Catalogue, Mount, Service

LABEL = 20  # columns


def page(known: Catalogue, id: str, width: int, file: str = "") -> list[str]:
    """The lines about a service or group, folded at `width` columns where that takes nothing apart; `file` is that
    of a site's own service."""
    if id in known.groups:
        members = known.groups[id]
        return [f"{id} stands for these services in a site file:", *(f"  {member}" for member in members)]
    lines = []
    for name, values in _rows(known, id, file or _file(id)):
        label = f"{name}:"
        for value in values or ["none"]:
            for part in textwrap.wrap(value, width - LABEL, break_long_words=False, break_on_hyphens=False):
                lines.append(f"{label:<{LABEL}}{part}")
                label = ""
    return lines


def values_of(known: Catalogue, id: str, file: str = "") -> dict[str, object]:
    """The same for programs: the keys of its file in the catalogue, or the members of a group."""
    if id in known.groups:
        return {"id": id, "members": list(known.groups[id])}
    values = known.services[id].model_dump(mode="json")
    return {"id": id} | values | {"groups": _groups(known, id), "file": file or _file(id)}


def _rows(known: Catalogue, id: str, file: str) -> Iterator[tuple[str, list[str]]]:
    service = known.services[id]
    controller = service.controller
    yield "id", [id]
    yield "name", [service.name]
    yield "purposes", [", ".join(service.purposes)]
    yield "while held", [service.treatment.value]
    yield "controller", [f"{controller.name}, {controller.address or controller.country}"]
    yield "policy", [controller.privacy_policy]
    if service.joint:
        yield "joint with you", [service.joint]
    yield "third countries", [_transfer(service)]
    yield "data", [", ".join(service.data)]
    yield "held addresses", list(service.urls)
    yield "hosts when loaded", list(service.hosts) or ["none: by way of the gateway"]
    yield "cookies", [f"{c.name} ({_kind(c.kind)}{c.party} party, {c.duration})" for c in service.cookies]
    yield "plug-ins", list(_plug_ins(service))
    yield "code that loads it", list(service.boot)
    yield "code that needs it", list(service.uses)
    if service.stand_ins:
        yield "stand-ins", [", ".join((*service.stand_ins.silent, *service.stand_ins.queue))]
    if service.share:
        yield "sharing", [service.share.url]
    if groups := _groups(known, id):
        yield "groups", [", ".join(groups)]
    yield "in a page", service.example.strip().splitlines()
    yield "in a site file", [f"[services.{id}]"]
    yield "sources", list(service.sources)
    yield "reviewed", [f"{service.reviewed.isoformat()}, {file}"]


def _kind(kind: str) -> str:
    return "" if kind == "cookie" else f"{kind.replace('_', ' ')}, "


def _groups(known: Catalogue, id: str) -> list[str]:
    return [name for name, members in known.groups.items() if id in members]


def _file(id: str) -> str:
    return f"consent_gateway/catalogue/services/{id}.toml"


def _plug_ins(service: Service) -> Iterator[str]:
    yield from map(_plug_in, service.mounts)
    if service.floats:
        yield f"{service.floats}: above the page"


def _plug_in(mount: Mount) -> str:
    width, height = (str(side) if side else "fluid" for side in mount.size)
    return f"{mount.id}: {', '.join(mount.selectors) or mount.url} ({width} x {height})"


def _transfer(service: Service) -> str:
    if service.transfer is None:
        return "none named"
    countries = ", ".join(service.transfer.countries) or "not named"
    return f"{countries} ({service.transfer.basis.replace('_', ' ')})"
