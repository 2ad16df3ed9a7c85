"""The places of a page that belong to somebody, and how those are recognised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from consent_gateway.catalogue import Known, Mount
from consent_gateway.page.mounts import Mounts
from consent_gateway.page.positions import (
    Carrier,
)
from consent_gateway.page.tags import Tag
from consent_gateway.urls import Address


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A third party that is in no list, on a site that holds those."""

    host: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list of the operator's holds: never released."""

    list: str


Owner = str | Known | Listed | Unlisted
NAMELESS = (Known, Listed, Unlisted)  # held without being a service


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One place in a page that belongs to `owner`.

    `attribute` names the attribute that holds the address; it is empty for the text of a script.
    `span` is the address inside CSS, with what to put in its place. `mount` is the plug-in that an
    element stands for, `end` the offset after it. `uses` marks code that needs a service to be there.
    """

    tag: Tag
    owner: Owner
    carrier: Carrier
    attribute: bytes = b""
    address: Address | None = None
    value: str = ""
    span: tuple[int, int, bytes] | None = None
    mount: Mount | None = None
    end: int | None = None
    uses: bool = False


Classify = Callable[[Address, Carrier], Owner | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """How elements are recognised: whose an address is, whose plug-in an element, whom a script's code
    loads, whom it needs to be there; whether a host may be anybody's, and whose address it is that code
    may fetch some time; what is the site's own; and whether the guard script has a stand-in for a name. All of
    it for pages served under `host`."""

    of_address: Classify
    of_code: Callable[[bytes], list[str]]
    of_use: Callable[[bytes], list[str]] = lambda code: []
    knows: Callable[[str], bool] = lambda host: False
    of_mention: Callable[[str, str], str | None] = lambda host, rest: None
    mounts: Mounts = field(default_factory=lambda: Mounts(()))
    is_own: Callable[[Address], bool] = lambda address: False
    stands_in: Callable[[str], bool] = lambda name: False
    draws: Callable[[str, bytes], bool] = lambda service, code: False
    host: str = ""


def counting(elements: list[Element]) -> list[Element]:
    """Without what stands for a service only where its loader is: plug-ins that are no proof by
    themselves, and code that uses it. Of plug-ins within one another the outermost counts."""
    loaders = {e.owner for e in elements if e.carrier is Carrier.SCRIPT and e.mount is None and not e.uses}
    counting = []
    reach: dict[Owner, int] = {}
    for e in elements:
        if e.owner not in loaders and (e.uses or (e.mount and not e.mount.alone)):
            continue
        if e.carrier is Carrier.MOUNT and e.end is not None:
            if e.tag.start < reach.get(e.owner, 0):
                continue
            reach[e.owner] = e.end
        counting.append(e)
    return counting
