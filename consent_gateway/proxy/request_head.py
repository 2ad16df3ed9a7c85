"""What is wrong with the head of a request that mitmproxy would pass on, seen on 11.0.2 and 12.3.1."""

from __future__ import annotations

import re
from collections.abc import Callable

LONGEST = 65_536  # bytes of request line and header fields: twice what nginx takes, with room for cookies of old sites
MOST = 200  # header fields

END = re.compile(rb"\n\r?\n")  # h11 takes a bare LF for the end of a line (RFC 9112 2.2), and so does it here
_VERSION = re.compile(rb" HTTP/(\d)\.(\d)[ \t]*\r?\n?\Z")
_HOST = re.compile(rb"^host[ \t]*:", re.I | re.M)

Fault = tuple[Callable[[bytes], bool], int, str]

# fmt: off
FAULTS: tuple[Fault, ...] = (
    (lambda head: len(head) > LONGEST or head.rstrip(b"\r\n").count(b"\n") > MOST,
        431, "RFC 6585 5"),
    (lambda head: b"\0" in head or re.search(rb"\r(?!\n|\Z)", head) is not None,
        400, "RFC 9110 5.5: a CR or NUL within a value ends it for some and not for others"),
    (lambda head: re.search(rb"\n[ \t]", head) is not None,
        400, "RFC 9112 5.2: a value in several lines"),
    (lambda head: _version(head) not in ((), (1, 0), (1, 1)),
        505, "RFC 9110 15.6.6"),
    (lambda head: _version(head) == (1, 1) and len(_HOST.findall(head)) != 1,
        400, "RFC 9112 3.2: no host, or more than one"),
)
# fmt: on


def fault(head: bytes) -> int:
    """The status that refuses a request with this head, up to its empty line; 0 where nothing is wrong that
    mitmproxy does not see itself."""
    return next((status for is_wrong, status, _ in FAULTS if is_wrong(head)), 0)


def _version(head: bytes) -> tuple[int, ...]:
    """Nothing where the line is none of HTTP/1."""
    found = _VERSION.search(head.partition(b"\n")[0])
    return (int(found[1]), int(found[2])) if found else ()
