"""Where the servers of the demo are, and how a browser names them."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass

from consent_gateway.proxy.master import Listen

HOST = "127.0.0.1"
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Addresses:
    """The gateway's address, and the ports of the site behind it, of the third parties and of the catalogue.

    The gateway goes by a number and the site by the name "localhost": browsers keep cookies per host
    name, whatever the port (RFC 6265 8.5), so the two versions of the site share none.
    """

    gateway: Listen
    site_port: int
    third_parties_port: int
    catalogue_port: int

    @property
    def origin(self) -> str:
        """The site as the gateway reaches it."""
        return f"http://{HOST}:{self.site_port}"

    @property
    def unprotected(self) -> str:
        """Host and port of the site as a browser reaches it without the gateway."""
        return f"localhost:{self.site_port}"

    @property
    def catalogue(self) -> str:
        """Host and port of the pages about every service."""
        return f"localhost:{self.catalogue_port}"

    @property
    def protected(self) -> tuple[str, ...]:
        """Host and port of the site behind the gateway, also as somebody may type them."""
        return str(self.gateway), f"localhost:{self.gateway.port}"

    @property
    def google(self) -> str:
        """Google's stand-in as the gateway reaches it: by this host a request is known to be its own."""
        return f"http://{HOST}:{self.third_parties_port}"

    @property
    def marks(self) -> dict[str, str]:
        """What is filled into the files of the demo."""
        return {
            "gateway": str(self.gateway),
            "unprotected": self.unprotected,
            "port": str(self.third_parties_port),
            "catalogue": self.catalogue,
        }


def obstacle(listen: Listen) -> str:
    """Why the address cannot be listened on at this moment; empty if it can."""
    try:
        _bound(listen.host, listen.port).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def free_port(host: str) -> int:
    """A port that nobody listens on at this moment."""
    with _bound(host, 0) as probe:
        port = probe.getsockname()[1]
        assert isinstance(port, int)
        return port


def loopback(listen: Listen | None = None) -> list[socket.socket]:
    """Sockets on one free port of every loopback address, or on that of an address: "localhost" may mean
    either of them. Raises OSError where they are taken."""
    hosts = dict.fromkeys((listen.host, HOST, "::1") if listen else (HOST, "::1"))
    for _ in range(_ATTEMPTS):
        port = listen.port if listen else free_port(HOST)
        found: list[socket.socket] = []
        try:
            for host in hosts:
                found.append(_bound(host, port))
        except OSError as error:
            if found and error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                return found  # a computer without IPv6
            for taken in found:
                taken.close()
            continue
        return found
    raise OSError(errno.EADDRINUSE, "the port is not free on all loopback addresses")


def _bound(host: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound
