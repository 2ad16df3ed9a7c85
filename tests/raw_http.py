"""An origin and a client that say exactly these bytes, on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

END = b"\r\n\r\n"
Answer = Callable[[bytes], bytes | None]


@dataclass
class Origin:
    """`heads` has what was asked, request line and header fields; it grows while the origin runs."""

    address: str
    heads: list[bytes] = field(default_factory=list)


def page(body: bytes, *fields: bytes, kind: bytes = b"text/html", status: bytes = b"200 OK") -> bytes:
    """A response with its length."""
    lines = (b"HTTP/1.1 " + status, b"Content-Type: " + kind, b"Content-Length: %d" % len(body), *fields)
    return b"\r\n".join(lines) + END + body


def _fields(head: bytes) -> dict[bytes, bytes]:
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.lower(): value.strip() for name, _, value in lines}


def unless_known(head: bytes, said: bytes) -> bytes:
    """The response, or 304 to who says that he has it (RFC 9110 13.2.2)."""
    asked, answered = _fields(head), _fields(said.partition(END)[0])
    condition, validator = (
        (b"if-none-match", b"etag") if b"if-none-match" in asked else (b"if-modified-since", b"last-modified")
    )
    if validator not in answered or asked.get(condition) != answered[validator]:
        return said
    return b"HTTP/1.1 304 Not Modified\r\n%s: %s" % (validator, answered[validator]) + END


@contextmanager
def answering(answer: Answer, *, conditional: bool = False) -> Iterator[Origin]:
    """Each request without a body gets what `answer` makes of its path, or where it is `conditional`, 304 if it has
    that; the connection stays open, and is closed without a word for None."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        origin = Origin(f"http://127.0.0.1:{listening.getsockname()[1]}")

        def serve(connection: socket.socket) -> None:
            received = b""
            with connection, suppress(OSError):
                connection.settimeout(30)
                while True:
                    while END not in received:
                        if not (part := connection.recv(65536)):
                            return
                        received += part
                    head, _, received = received.partition(END)
                    origin.heads.append(head)
                    said = answer(head.split()[1])
                    if said is None:
                        return
                    said = unless_known(head, said) if conditional else said
                    connection.sendall(said.partition(END)[0] + END if head.startswith(b"HEAD") else said)

        def take() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()

        threading.Thread(target=take, daemon=True).start()
        yield origin


@contextmanager
def connected(base: str) -> Iterator[socket.socket]:
    host, _, port = base.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=15) as connection:
        yield connection


def heard(connection: socket.socket) -> bytes:
    """Everything up to the end of the connection."""
    parts = []
    with suppress(ConnectionError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def say(base: str, *lines: bytes, body: bytes = b"") -> bytes:
    """What comes back for a request of these lines, after which the connection is closed."""
    with connected(base) as connection:
        with suppress(ConnectionError):
            connection.sendall(b"\r\n".join((*lines, b"Connection: close")) + END + body)
        return heard(connection)


def get(base: str, path: bytes, *fields: bytes, method: bytes = b"GET") -> tuple[bytes, bytes]:
    """Head and body of the answer."""
    said = say(base, method + b" " + path + b" HTTP/1.1", b"Host: " + base[7:].encode(), *fields)
    head, _, body = said.partition(END)
    return head, body
