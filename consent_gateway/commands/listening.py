"""The address to listen on: whether it can be had, and whether the origin is that very address."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from urllib.parse import urlsplit

from consent_gateway.proxy.master import Listen

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
PORTS = {"http": 80, "https": 443}
ABSENT = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)  # "localhost" may be ::1 where there is no IPv6


def obstacle(listen: Listen) -> str:
    """Why the address cannot be listened on at this moment; empty if it can."""
    try:
        found = addresses(listen.host)
    except OSError as error:
        return error.strerror or str(error)
    except ValueError:
        return "not the name of a host"
    faults = [_fault(ip, listen.port) for ip in found]
    lasting = [fault for fault in faults if fault and fault not in ABSENT]
    if 0 in faults and not lasting:
        return ""
    return os.strerror((lasting or faults)[0])


def is_own(origin: str, listen: Listen) -> bool:
    """Whether the origin is where the gateway listens: every request would come back to it."""
    parts = urlsplit(origin)
    return is_same(Listen(parts.hostname or "", parts.port or PORTS[parts.scheme]), listen)


def is_same(one: Listen, other: Listen) -> bool:
    """Whether who connects to the one address arrives at what listens on the other."""
    if one.port != other.port or not one.port:
        return False
    try:
        behind, own = addresses(one.host), addresses(other.host)
    except (OSError, ValueError):
        return False  # it may be there later
    return any(_reaches(ip, there) for ip in behind for there in own)


def is_loopback(listen: Listen) -> bool:
    """Whether nobody but this computer reaches the address. Raises OSError and ValueError as `addresses` does."""
    return all(ip.is_loopback for ip in addresses(listen.host))


def addresses(host: str) -> list[Ip]:
    """What a name stands for. Raises OSError, and ValueError for what cannot be a name."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ipaddress.ip_address(address[0]) for *_, address in found))


def _fault(ip: Ip, port: int) -> int:
    """The number of the error that binding the address ends with; 0 if there is none."""
    family = socket.AF_INET6 if ip.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As asyncio binds it.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if ip.version == 6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind((str(ip), port))
    except OSError as error:
        return error.errno or errno.EADDRNOTAVAIL
    return 0


def _reaches(ip: Ip, there: Ip) -> bool:
    """Whether a connection to the one address arrives at what listens on the other."""
    if ip.is_unspecified:  # a connection to it goes to this computer
        ip = ipaddress.ip_address("127.0.0.1" if ip.version == 4 else "::1")
    # Only an address of this computer can be bound.
    return ip == there or (there.is_unspecified and ip.version == there.version and not _fault(ip, 0))
