"""One request is one request to the site, whatever a visitor writes (RFC 9112 6.3, 11.2)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.loopback import gateway
from tests.proxy.test_body_limit import connected

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /first HTTP/1.1\r\nHost: a\r\n"
CHUNKS = b"0\r\n\r\n" + HIDDEN

AMBIGUOUS = {
    "a length and chunks": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
    "chunks and a length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + CHUNKS,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "a list of lengths": POST + b"Content-Length: 0, %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "a signed length": POST + b"Content-Length: +0\r\n\r\n" + HIDDEN,
    "a negative length": POST + b"Content-Length: -1\r\n\r\n" + HIDDEN,
    "a length in hexadecimal": POST + b"Content-Length: 0x0\r\n\r\n" + HIDDEN,
    "an underscore in a length": POST + b"Content-Length: 1_0\r\n\r\n" + HIDDEN,
    "another coding after chunks": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n" + CHUNKS,
    "chunks misspelt": POST + b"Transfer-Encoding: xchunked\r\n\r\n" + CHUNKS,
    "chunks after a tabulator": POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n" + CHUNKS,
    "a blank before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n" + CHUNKS,
    "a folded line": POST + b"X: y\r\n Transfer-Encoding: chunked\r\n\r\n" + CHUNKS,
    "a folded coding": POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n" + CHUNKS,
    "a bad size of a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + HIDDEN,
    "a negative size of a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n" + HIDDEN,
    "chunks without their line ends": POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nxx0\r\n\r\n" + HIDDEN,
    "a lone carriage return": POST + b"X: y\rTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
    "a null in a name": POST + b"Content\x00-Length: 0\r\n\r\n",
    "two hosts": b"GET /first HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "chunks in HTTP/1.0": b"POST /first HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
}


@contextmanager
def listening() -> Iterator[tuple[str, bytearray]]:
    """A site that notes every byte it gets, and answers what looks like the end of a head."""
    heard = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve(connection: socket.socket) -> None:
            with connection:
                connection.settimeout(15)
                try:
                    while data := connection.recv(65536):
                        heard.extend(data)
                        if b"\r\n\r\n" in data:
                            connection.sendall(ANSWER)
                except OSError:
                    pass

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", heard


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, bytearray]]:
    with listening() as (site, heard), gateway(site, tmp_path_factory.mktemp("smuggling") / "state") as base:
        yield base, heard


@pytest.mark.parametrize("kind", AMBIGUOUS)
def test_no_ambiguous_request_reaches_the_site(behind: tuple[str, bytearray], kind: str) -> None:
    """SEC-05"""
    base, heard = behind
    heard.clear()
    with connected(base) as connection:
        connection.sendall(AMBIGUOUS[kind])
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400 "), answer
    assert bytes(heard) == b""


def test_a_request_that_is_clear_reaches_it_once(behind: tuple[str, bytearray]) -> None:
    base, heard = behind
    heard.clear()
    with connected(base) as connection:
        body = b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        connection.sendall(POST + body)
        assert b"".join(iter(lambda: connection.recv(65536), b"")).endswith(b"ok")
    assert heard.count(b"POST /first") == 1


@pytest.mark.parametrize(
    ("name", "fields", "body"),
    [
        (b"Content-Length", b"%d" % len(HIDDEN), HIDDEN),
        (b"Transfer-Encoding", b"chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN)),
    ],
)
def test_whoever_calls_the_length_a_matter_of_the_connection_makes_no_request_of_the_body(
    behind: tuple[str, bytearray], name: bytes, fields: bytes, body: bytes
) -> None:
    base, heard = behind
    heard.clear()
    with connected(base) as connection:
        connection.sendall(POST + b"%s: %s\r\nConnection: %s, close\r\n\r\n%s" % (name, fields, name, body))
        while connection.recv(65536):
            pass
    head = bytes(heard).partition(b"\r\n\r\n")[0]
    assert head.startswith(b"POST /first") and b"\r\n%s: %s" % (name.lower(), fields) in head.lower()
