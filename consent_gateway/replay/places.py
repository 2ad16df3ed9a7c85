"""Where a host of the recording is on this computer: the site's by one port, everybody else by another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from consent_gateway.urls import STAND_IN


class Side(StrEnum):
    """The two versions of the site."""

    DIRECT = "direct"
    THROUGH = "through"


def local_name(host: str) -> str:
    """The name that stands for a host, which may have a port: browsers resolve what ends in ".localhost" to
    the computer itself (RFC 6761 6.3)."""
    if not host.startswith("["):
        host = host.partition(":")[0]
    name = re.sub(r"[^a-z0-9._-]", "-", host.lower().rstrip(".")).strip("-.")
    return name if name.endswith(STAND_IN) else f"{name}{STAND_IN}"


def real_name(name: str) -> str:
    """The host that a name stands for."""
    return name.removesuffix(STAND_IN)


@dataclass(frozen=True)
class Places:
    """The addresses of one side. `site` is host and port under which the browser finds the first of the
    site's `hosts`; the others have names of their own on the same port."""

    side: Side
    site: str
    hosts: tuple[str, ...]
    third_parties_port: int

    @property
    def site_port(self) -> int:
        return int(self.site.rpartition(":")[2])

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of the site's hosts, and where each is."""
        others = {local_name(host): f"{local_name(host)}:{self.site_port}" for host in self.hosts[1:]}
        return others | {local_name(self.hosts[0]): self.site}

    def of(self, host: str) -> str:
        """Host and port by which the browser reaches a host of the recording, or of anywhere; its port does
        not count, but for the site's own address here."""
        if host == self.site:
            return host
        name = local_name(host)
        return self.names.get(name) or f"{name}:{self.third_parties_port}"

    def host_at(self, host: str) -> str:
        """The name of the site's host that a browser asks for by `host`; of the first for one unknown."""
        name = local_name(host)
        return name if name in self.names else local_name(self.hosts[0])

    @property
    def sources(self) -> tuple[str, ...]:
        """All of it in the words of a Content Security Policy."""
        names = (self.site, f"*{STAND_IN}:{self.site_port}", f"*{STAND_IN}:{self.third_parties_port}")
        return tuple(f"{scheme}://{name}" for scheme in ("http", "ws") for name in names)
