"""Nobody waits for ever: for a request, or for an answer."""

from __future__ import annotations

import http.client
import time
from pathlib import Path

import pytest

from consent_gateway.proxy import deadlines, http1, required_options
from tests.loopback import gateway
from tests.raw_http import answering, connected, get, heard, page

PAGE = page(b"<!doctype html><p>hello")


def test_a_request_that_comes_byte_by_byte_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """H11"""
    monkeypatch.setattr(deadlines, "HEAD_SECONDS", 0.4)
    with answering(lambda path: PAGE) as origin, gateway(origin.address, tmp_path / "state") as base:
        with connected(base) as connection:
            connection.settimeout(0.05)
            answer = b""
            for byte in b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 100:
                try:
                    connection.sendall(bytes([byte]))
                    if answer := connection.recv(65536):
                        break
                except TimeoutError:
                    continue
                except ConnectionError:
                    break
        assert answer.startswith(b"HTTP/1.1 408") and b"</html>" in answer
        with connected(base) as connection:  # whole in time, and quiet for longer than that
            connection.sendall(b"GET /.privacy/healthz HT")
            time.sleep(0.1)
            connection.sendall(b"TP/1.1\r\nHost: a\r\n\r\n")
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
            time.sleep(0.5)
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            assert b"<p>hello" in heard(connection)
    assert len(origin.heads) == 1


def test_an_origin_that_says_nothing_is_given_up_with_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H11"""
    monkeypatch.setattr(deadlines, "INACTIVE_SECONDS", 1)
    shorter = (*required_options.REQUIRED, ("tcp_timeout", 1, ""))
    monkeypatch.setattr(required_options, "REQUIRED", shorter)

    def answer(path: bytes) -> bytes:
        if path == b"/silent":
            time.sleep(5)
        return PAGE

    with answering(answer) as origin, gateway(origin.address, tmp_path / "state") as base:
        head, body = get(base, b"/silent")
        assert (
            head.startswith(b"HTTP/1.1 504")
            and b"cannot be reached" in body
            and b"mitmproxy" not in head + body
        )
        assert b"<p>hello" in get(base, b"/")[1]


def test_a_connection_ends_after_so_many_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """H12: what mitmproxy remembers of closed connections goes with it."""
    monkeypatch.setattr(http1, "MOST_REQUESTS", 3)
    closing = PAGE.replace(b"\r\n", b"\r\nKeep-Alive: timeout=5\r\n", 1)
    with answering(lambda path: closing) as origin, gateway(origin.address, tmp_path / "state") as base:
        connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=15)
        ends = []
        for _ in range(7):
            connection.request("GET", "/")
            response = connection.getresponse()
            assert b"<p>hello" in response.read()
            ends.append(response.getheader("connection") == "close")
        connection.close()
    assert ends == [False, False, True, False, False, True, False]


def test_an_answer_whose_head_never_ends_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """H10"""
    monkeypatch.setattr(http1, "LONGEST_HEAD", 1000)
    endless = b"HTTP/1.1 200 OK\r\nX: " + b"a" * 5000
    with answering(lambda path: endless) as origin, gateway(origin.address, tmp_path / "state") as base:
        head, body = get(base, b"/x")
    assert head.startswith(b"HTTP/1.1 502") and b"</html>" in body
    assert any("/x failed: the site sent a head without end" in message for message in caplog.messages)
