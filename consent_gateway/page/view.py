"""A page in the making: its bytes, and what this visitor may see of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from consent_gateway.catalogue import Mount
from consent_gateway.consent import Instance
from consent_gateway.page.tags import Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """A visible plug-in as it stands in the page: what its placeholder has to say and to keep.
    `kinds` are words for what it is, such as "share", the most telling first, `text` is what it says."""

    service: str
    instance: int
    width: str
    height: str
    alternative: str
    kinds: tuple[str, ...]
    text: str
    original: bytes


class Placeholders(Protocol):
    """Renders the placeholder of a plug-in, as ASCII."""

    def __call__(self, plugin: Plugin, *, first: bool) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one visitor gets to see of one page. `root` stands before paths of ours where the page has
    another base than itself."""

    url: str
    prefix: str
    loads: Callable[[str], bool]
    once: frozenset[Instance]
    placeholder: Placeholders
    forms: Callable[[list[str]], bytes]
    mounts: Callable[[str], tuple[Mount, ...]]
    root: str = ""

    def loads_instance(self, service: str, instance: int) -> bool:
        return self.loads(service) or (service, instance) in self.once

    def loads_loader(self, service: str) -> bool:
        """Whether what a service needs to come alive loads: also for a single instance."""
        return self.loads(service) or any(service == activated for activated, _ in self.once)


@dataclass(slots=True)
class Page:
    """The page while it is rewritten. `body` is the offset from which placeholders may stand."""

    data: bytes
    view: View
    certain: bool
    body: int
    instances: int = 0
    placeholders: set[str] = field(default_factory=set)
    _touched: set[int] = field(default_factory=set)

    def first_edit_of(self, tag: Tag) -> bool:
        """True once per tag: a script that several services claim is made inert once."""
        if tag.start in self._touched:
            return False
        self._touched.add(tag.start)
        return True

    def next_instance(self) -> int:
        """The number of the next plug-in on the page, from 1, whether it is held or not."""
        self.instances += 1
        return self.instances
