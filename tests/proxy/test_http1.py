"""What the origin may say that mitmproxy alone would stumble over."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.loopback import gateway
from tests.proxy.test_master import ask

PAGE = b"<!doctype html><title>x</title><p>hello"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
WHOLE = OK + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE


@contextmanager
def origin(*parts: bytes) -> Iterator[str]:
    """Says these bytes to the first request, whatever it is, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def speak() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                for part in parts:
                    connection.sendall(part)

        speaking = threading.Thread(target=speak, daemon=True)
        speaking.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        speaking.join(5)


HINT = b"HTTP/1.1 103 Early Hints\r\nLink: <https://www.youtube.com>; rel=preconnect\r\n\r\n"


@pytest.mark.parametrize(
    "parts",
    [
        (HINT + WHOLE,),
        (HINT, WHOLE),
        (HINT[:9], HINT[9:40], HINT[40:], b"HTTP/1.1 102 Processing\r\n\r\n", WHOLE),
        (HINT + HINT + WHOLE[:30], WHOLE[30:]),
    ],
)
def test_hints_before_a_page_are_dropped_and_the_page_arrives(
    parts: tuple[bytes, ...], tmp_path: Path
) -> None:
    """H09"""
    with origin(*parts) as address, gateway(address, tmp_path / "state") as base:
        status, headers, body = ask(base, "GET", "/")
    assert status == 200 and b"<p>hello" in body and "link" not in headers


def test_trailers_are_dropped_and_the_page_arrives(tmp_path: Path) -> None:
    chunked = (
        OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(PAGE) + PAGE + b"\r\n0\r\nDigest: x\r\n\r\n"
    )
    with origin(chunked) as address, gateway(address, tmp_path / "state") as base:
        status, headers, body = ask(base, "GET", "/")
    assert status == 200 and b"<p>hello" in body and "digest" not in headers


@pytest.mark.parametrize(
    "said",
    [b"", b"SSH-2.0-secret\r\n\r\n", OK + b"Content-Length: 9999\r\n\r\n" + PAGE, OK + b"Content-Length: secret\r\n\r\n"],
    ids=["nothing", "another protocol", "a part of the page", "a bad head"],
)  # fmt: skip
def test_an_origin_that_fails_is_told_of_to_the_operator_and_not_to_the_visitor(
    said: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """H25"""
    with (
        caplog.at_level(logging.WARNING, "consent_gateway"),
        origin(said) as address,
        gateway(address, tmp_path / "state") as base,
    ):
        status, headers, body = ask(base, "GET", "/shop?token=abc")
    assert status == 502 and b"cannot be reached" in body and "server" not in headers
    for inside in (b"mitmproxy", b"127.0.0.1", b"secret", b"hello"):
        assert inside not in body
    assert [record for record in caplog.messages if "/shop failed" in record and "abc" not in record]


def test_a_request_that_is_none_gets_a_page_of_ours(tmp_path: Path) -> None:
    with origin(WHOLE) as address, gateway(address, tmp_path / "state") as base:
        host, _, port = base.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(
                b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400") and b"could not be read" in answer
    assert b"mitmproxy" not in answer
