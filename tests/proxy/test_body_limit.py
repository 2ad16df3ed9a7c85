"""What is too long for a path of ours is refused before it is read."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import web

from tests.loopback import Server, gateway, serving

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
MEBIBYTE = 2**20


@pytest.fixture
def origin() -> Iterator[Server]:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(text=f"{len(await request.read())} bytes")

    with serving(answer) as server:
        yield server


@contextmanager
def connected(base: str) -> Iterator[socket.socket]:
    host, _, port = base.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=15) as connection:
        yield connection


def head(path: str, *fields: bytes, host: bytes = b"a") -> bytes:
    lines = (b"POST %s HTTP/1.1" % path.encode(), b"Host: " + host, *fields)
    return b"\r\n".join(lines) + b"\r\n" + FORM + b"\r\n"


def said(connection: socket.socket) -> bytes:
    """Everything up to the end of the connection."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass  # what was under way when the other side closed
    return b"".join(parts)


@pytest.mark.parametrize("expecting", [(), (b"Expect: 100-continue",)], ids=["", "expecting"])
def test_what_announces_too_much_is_answered_before_a_byte_of_it_came(
    origin: Server, tmp_path: Path, expecting: tuple[bytes, ...]
) -> None:
    """SEC-10, SEC-12"""
    with gateway(origin, tmp_path / "state") as base, connected(base) as connection:
        connection.sendall(
            head("/.privacy/request", b"Content-Length: 629145600", b"Accept-Language: de", *expecting)
        )
        answer = said(connection)
    assert answer.startswith(b"HTTP/1.1 413 ") and answer.count(b"HTTP/1.1") == 1
    assert b"connection: close" in answer.lower() and b'lang="de"' in answer and answer.endswith(b"</html>")
    assert origin.requests == []


def test_whoever_goes_on_sending_gets_the_answer_and_is_cut_off_soon(origin: Server, tmp_path: Path) -> None:
    with gateway(origin, tmp_path / "state") as base:
        with connected(base) as connection:
            connection.sendall(head("/.privacy/request", b"Content-Length: 629145600"))
            with pytest.raises((ConnectionResetError, BrokenPipeError)):
                for _ in range(600):
                    connection.sendall(bytes(MEBIBYTE))
        with connected(base) as connection:
            connection.sendall(head("/.privacy/request", b"Content-Length: 500000") + bytes(500_000))
            assert said(connection).endswith(b"</html>")


def test_what_says_nothing_of_its_length_is_read_up_to_the_limit(origin: Server, tmp_path: Path) -> None:
    chunk = b"%x\r\n" % MEBIBYTE + bytes(MEBIBYTE) + b"\r\n"
    taken = 0
    with gateway(origin, tmp_path / "state") as base, connected(base) as connection:
        connection.sendall(head("/.privacy/request", b"Transfer-Encoding: chunked"))
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            for _ in range(200):
                connection.sendall(chunk)
                taken += 1
        answer = said(connection)
        with connected(base) as another:
            another.sendall(head("/upload", b"Content-Length: 3", b"Connection: close") + b"abc")
            assert said(another).endswith(b"3 bytes")
    assert taken < 50 and (answer.startswith(b"HTTP/1.1 413 ") or answer == b"")
    assert [request.path for request in origin.requests] == ["/upload"]


def test_a_chunk_too_many_is_answered_and_what_follows_it_is_no_request(
    origin: Server, tmp_path: Path
) -> None:
    body = b"%x\r\n" % 140_000 + bytes(140_000) + b"\r\n0\r\n\r\n" + head("/second", b"Content-Length: 0")
    with gateway(origin, tmp_path / "state") as base, connected(base) as connection:
        connection.sendall(head("/.privacy/choice", b"Transfer-Encoding: chunked") + body)
        answer = said(connection)
    assert answer.startswith(b"HTTP/1.1 413 ") and answer.count(b"HTTP/1.1") == 1
    assert origin.requests == []


def test_what_is_just_short_enough_is_read_and_the_connection_stays(origin: Server, tmp_path: Path) -> None:
    with gateway(origin, tmp_path / "state") as base, connected(base) as connection:
        connection.sendall(head("/.privacy/choice", b"Content-Length: 131072") + bytes(131_072))
        connection.sendall(head("/second", b"Content-Length: 0", b"Connection: close"))
        answer = said(connection)
    assert answer.startswith(b"HTTP/1.1 400 ") and answer.endswith(b"0 bytes")


def test_an_upload_to_the_site_has_no_limit_but_under_a_name_that_is_not_the_sites(
    origin: Server, tmp_path: Path
) -> None:
    body = bytes(MEBIBYTE)
    upload = (b"Content-Length: %d" % len(body), b"Connection: close")
    with gateway(origin, tmp_path / "state", site='[site]\nhosts = ["www.example.com"]\n') as base:
        with connected(base) as connection:
            connection.sendall(head("/upload", *upload, host=b"www.example.com") + body)
            assert said(connection).endswith(b"1048576 bytes")
        with connected(base) as connection:
            connection.sendall(head("/upload", *upload, host=b"evil.example"))
            assert said(connection).startswith(b"HTTP/1.1 421 ")
    assert len(origin.requests) == 1
