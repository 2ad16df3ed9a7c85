"""The catalogue as a list by purpose, all of it or what a search has found, in columns that fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consent_gateway.catalogue import Catalogue, Known
from consent_gateway.catalogue.entries import Purposes

PURPOSES = tuple(Purposes.model_fields)
SEVERAL = "several purposes"
NAME, HELD = 30, len("measurement")
NARROW = 95  # columns; below, companies are left out
MOST_TRACKERS = 20


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of services and of groups, in order, and hosts of known trackers, which are no services."""

    services: tuple[str, ...]
    groups: tuple[str, ...] = ()
    trackers: tuple[tuple[str, Known], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.services or self.groups or self.trackers)


def everything(known: Catalogue, purposes: Sequence[str]) -> Found:
    """All services of these purposes, or of all."""
    return Found(tuple(_of(known, purposes)), () if purposes else tuple(known.groups))


def matching(known: Catalogue, words: Sequence[str], purposes: Sequence[str]) -> Found:
    """What has every word in its id, name, company or addresses, without regard to case."""
    wanted = [_bare(word) for word in words]
    return Found(
        tuple(id for id in _of(known, purposes) if _has(_text_of(known, id), wanted)),
        () if purposes else tuple(name for name in known.groups if _has(name, wanted)),
        tuple(
            (str(pattern).removeprefix("*."), owner)
            for pattern, owner in known.known.hosts
            if (not purposes or owner.purpose in purposes)
            and (_has(f"{pattern} {owner.company}", wanted) or _lies_below(wanted, str(pattern)))
        ),
    )


def _of(known: Catalogue, purposes: Sequence[str]) -> Iterator[str]:
    for id, service in known.services.items():
        if not purposes or set(service.purposes) & set(purposes):
            yield id


def _bare(word: str) -> str:
    return word.lower().partition("://")[2].partition("/")[0] or word.lower()


def _has(text: str, words: Sequence[str]) -> bool:
    return all(word in text.lower() for word in words)


def _lies_below(words: Sequence[str], pattern: str) -> bool:
    host = pattern.removeprefix("*.")
    return len(words) == 1 and f".{words[0]}".endswith(f".{host}")


def _text_of(known: Catalogue, id: str) -> str:
    service = known.services[id]
    return " ".join((id, service.name, service.controller.name, *service.urls, *service.hosts))


def listed(known: Catalogue, found: Found, width: int, *, all: bool) -> Iterator[str]:
    """The lines, each no longer than `width` columns; after `all` of it with what there is besides."""
    ids = max(map(len, (*known.services, "ID")))
    for purpose in (*PURPOSES, SEVERAL):
        members = [id for id in found.services if _heading(known, id) == purpose]
        if members:
            yield f"{purpose} ({len(members)})"
            yield _cut(_line(ids, "ID", "NAME", "WHILE HELD", "COMPANY", width), width)
            for id in members:
                service = known.services[id]
                held, company = service.treatment.value, service.controller.name
                yield _cut(_line(ids, id, service.name, held, company, width), width)
            yield ""
    for group in found.groups:
        yield from _folded(f"{group}: ", ", ".join(known.groups[group]), width)
    if found.groups:
        yield ""
    yield from _trackers(found, width)
    if all:
        hosts, software = len(known.known.hosts), len(known.known.software)
        yield f"{len(found.services)} services, {hosts} hosts of trackers and {software} kinds of their software"
    else:
        yield _number(len(found.services), "service", "services")


def _trackers(found: Found, width: int) -> Iterator[str]:
    if found.trackers:
        yield "known trackers, held for everybody"
        for host, owner in found.trackers[:MOST_TRACKERS]:
            yield _cut(f"  {host:<{NAME}}  {owner.company}, {owner.purpose}", width)
        if (more := len(found.trackers) - MOST_TRACKERS) > 0:
            yield f"  and {more} more: --format json has them"
        yield ""


def _heading(known: Catalogue, id: str) -> str:
    purposes = known.services[id].purposes
    return purposes[0] if len(purposes) == 1 else SEVERAL


def _line(ids: int, id: str, name: str, held: str, company: str, width: int) -> str:
    line = f"  {id:<{ids}}  {_cut(name, NAME):<{NAME}}  {held:<{HELD}}"
    return f"{line}  {company}" if width >= NARROW else line


def _cut(text: str, width: int) -> str:
    return text.rstrip() if len(text.rstrip()) <= width else f"{text[: width - 1]}…"


def _folded(heading: str, text: str, width: int) -> Iterator[str]:
    line = heading
    for word in text.split(" "):
        if len(line) + len(word) > width and line.strip():
            yield line.rstrip()
            line = " " * 4
        line += f"{word} "
    yield line.rstrip()


def _number(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def as_values(known: Catalogue, found: Found) -> dict[str, object]:
    """The same for programs, with all that is known of each service."""
    return {
        "services": [{"id": id} | known.services[id].model_dump(mode="json") for id in found.services],
        "groups": {name: list(known.groups[name]) for name in found.groups},
        "trackers": [
            {"host": host, "company": owner.company, "purpose": owner.purpose}
            for host, owner in found.trackers
        ],
    }
