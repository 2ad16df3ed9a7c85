"""What a worker is given by the process that starts it: listening sockets, and a line to it."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

VARIABLE = "CONSENT_GATEWAY_WORKER"  # for a process's own children: no setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Numbers of open files. One worker is the `first`: what concerns all is said by it alone."""

    listening: tuple[int, ...]
    line: int
    first: bool

    def __str__(self) -> str:
        return json.dumps({"listening": self.listening, "line": self.line, "first": self.first})

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Handover | None:
        """None for a process that is no worker."""
        if not (text := environment.get(VARIABLE)):
            return None
        said = json.loads(text)
        return cls(listening=tuple(said["listening"]), line=said["line"], first=said["first"])

    def sockets(self) -> list[socket.socket]:
        """The listening sockets; they are the caller's from now on."""
        return [socket.socket(fileno=number) for number in self.listening]


def bound(addresses: Sequence[str], port: int) -> list[socket.socket]:
    """A socket for each IP address, all on one port, of which 0 is any. Raises OSError."""
    found: list[socket.socket] = []
    try:
        for address in addresses:
            version_6 = ":" in address
            one = socket.socket(socket.AF_INET6 if version_6 else socket.AF_INET, socket.SOCK_STREAM)
            found.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if version_6:  # as asyncio binds it
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind((address, port))
            port = one.getsockname()[1]
    except OSError:
        for one in found:
            one.close()
        raise
    return found
