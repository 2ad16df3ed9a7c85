"""A page in the making: its bytes, and what this visitor may see of it."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Literal, Protocol

from consent_gateway.catalogue import Mount
from consent_gateway.consent import Instance
from consent_gateway.page.tags import Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """A visible plug-in as it stands in the page: what its placeholder has to say and to keep.
    `kinds` are words for what it is, such as "share", the most telling first, `text` is what it says.
    `shares` are links that stand instead of a share button, each with the service of its network;
    `frame` are the attributes that a frame has once it is loaded, unless the site wrote others. `apart`
    is one that draws itself above the page: nothing of it stands where its placeholder does."""

    service: str
    instance: int
    width: str
    height: str
    alternative: str
    kinds: tuple[str, ...]
    text: str
    original: bytes
    shares: tuple[tuple[str, str], ...] = ()
    frame: tuple[tuple[str, str], ...] = ()
    apart: bool = False


class Placeholders(Protocol):
    """Renders the placeholder of a plug-in, as ASCII; nothing where none is wanted."""

    def __call__(self, plugin: Plugin, *, first: bool) -> bytes: ...


UndoPlace = Literal["edge", "below", "apart"]


class Undo(Protocol):
    """Renders what switches off a service that is loaded, as ASCII: at the lower edge of a plug-in, below
    a small one, or apart from it."""

    def __call__(self, service: str, *, first: bool, place: UndoPlace) -> bytes: ...


def _no_undo(service: str, *, first: bool, place: UndoPlace) -> bytes:
    return b""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one visitor gets to see of one page. `root` stands before paths of ours where the page has
    another base than itself. `frame` gives the attributes that a frame of a service has once
    its placeholder is clicked, `network` the service and the share address of a network, by its name;
    `click_ids` are parameters that no address that is shared has."""

    url: str
    prefix: str
    loads: Callable[[str], bool]
    once: frozenset[Instance]
    placeholder: Placeholders
    forms: Callable[[list[str]], bytes]
    mounts: Callable[[str], tuple[Mount, ...]]
    frame: Callable[[str, tuple[str, ...]], tuple[tuple[str, str], ...]] = lambda service, kinds: ()
    undo: Undo = _no_undo
    network: Callable[[str], tuple[str, str] | None] = lambda name: None
    click_ids: Container[str] = ()
    root: str = ""

    def loads_instance(self, service: str, instance: int) -> bool:
        return self.loads(service) or (service, instance) in self.once

    def loads_loader(self, service: str) -> bool:
        """Whether what a service needs to come alive loads: also for a single instance."""
        return self.loads(service) or any(service == activated for activated, _ in self.once)


@dataclass(slots=True)
class Page:
    """The page while it is rewritten. `body` is the offset from which placeholders may stand. `settled`
    says that something may stand beside a plug-in that is loaded: code of the page compares no tree of
    its own with this one."""

    data: bytes
    view: View
    certain: bool
    body: int
    settled: bool = True
    instances: int = 0
    placeholders: set[str] = field(default_factory=set)
    undone: set[str] = field(default_factory=set)
    _touched: set[int] = field(default_factory=set)

    def first_edit_of(self, tag: Tag) -> bool:
        """True once per tag: a script that several services claim is made inert once."""
        if tag.start in self._touched:
            return False
        self._touched.add(tag.start)
        return True

    @property
    def head(self) -> bytes:
        """What comes before its body."""
        return self.data[: self.body]

    @property
    def first(self) -> bool:
        """Whether nothing of ours stands among its plug-ins yet."""
        return not (self.placeholders or self.undone)

    def next_instance(self) -> int:
        """The number of the next plug-in on the page, from 1, whether it is held or not."""
        self.instances += 1
        return self.instances
