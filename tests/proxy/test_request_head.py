"""A request that different servers would read differently reaches none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from consent_gateway.proxy.request_head import LONGEST, MOST, fault
from tests.loopback import gateway
from tests.raw_http import Origin, answering, connected, get, heard, page, say

GET = b"GET / HTTP/1.1"
HOST = b"Host: www.example.com"
SOUND = [
    (GET, HOST),
    (GET, HOST, *(b"X-%d: a" % number for number in range(MOST - 1))),
    (GET, HOST, b"Cookie: " + b"a" * (LONGEST - 100)),
    (b"GET / HTTP/1.0",),
    (b"get /?HTTP/3.7 HTTP/1.1", HOST),
    (b"GET http://www.example.com/ HTTP/1.1", HOST),
]
FAULTY = [
    ((GET, HOST, *(b"X-%d: a" % number for number in range(MOST))), 431),
    ((GET, HOST, b"Cookie: " + b"a" * LONGEST), 431),
    ((GET, b"X: a\rY: b", HOST), 400),
    ((GET, b"X: a\0b", HOST), 400),
    ((GET, b"X: a", b" b", HOST), 400),
    ((GET, b"X: a", b"\tb", HOST), 400),
    ((GET,), 400),
    ((GET, HOST, b"HOST: other.example"), 400),
    ((b"GET / HTTP/1.9", HOST), 505),
    ((b"GET / HTTP/3.7", HOST), 505),
    ((b"PRI * HTTP/2.0",), 505),
]


@pytest.mark.parametrize("lines", SOUND, ids=range(len(SOUND)))
def test_what_every_server_reads_alike_passes(lines: tuple[bytes, ...]) -> None:
    assert fault(b"\r\n".join(lines)) == fault(b"\n".join(lines)) == 0


@pytest.fixture(scope="module")
def origin() -> Iterator[Origin]:
    with answering(lambda path: page(b"<!doctype html><p>hello")) as one:
        yield one


@pytest.fixture(scope="module")
def base(origin: Origin, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with gateway(origin.address, tmp_path_factory.mktemp("state")) as address:
        yield address


@pytest.mark.parametrize(("lines", "status"), FAULTY, ids=range(len(FAULTY)))
def test_anything_else_is_answered_and_the_site_does_not_hear_of_it(
    base: str, origin: Origin, lines: tuple[bytes, ...], status: int
) -> None:
    """H10, H33"""
    assert fault(b"\r\n".join(lines)) == status
    before = len(origin.heads)
    answer = say(base, *lines)
    assert answer.startswith(b"HTTP/1.1 %d" % status) and b"</html>" in answer
    assert b"mitmproxy" not in answer and b"127.0.0.1" not in answer
    assert len(origin.heads) == before


def test_a_head_that_never_ends_is_not_kept(base: str, origin: Origin) -> None:
    """H10"""
    before = len(origin.heads)
    with connected(base) as connection:
        connection.sendall(GET + b"\r\nX: " + b"a" * (LONGEST + 1))
        assert heard(connection).startswith(b"HTTP/1.1 431")
    assert len(origin.heads) == before


def test_empty_lines_before_a_request_are_passed_over(base: str) -> None:
    """RFC 9112 2.2"""
    with connected(base) as connection:
        connection.sendall(b"\r\n\r\n" + GET + b"\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert heard(connection).startswith(b"HTTP/1.1 200")


def test_of_an_absolute_target_the_path_goes_to_the_site_and_the_host_must_be_the_sites(
    base: str, origin: Origin, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """H28"""
    target = b"GET http://evil.example/x?a=b HTTP/1.1"
    assert say(base, target, HOST).startswith(b"HTTP/1.1 200")
    assert (
        origin.heads[-1].startswith(b"GET /x?a=b HTTP/1.1")
        and b"evil" not in origin.heads[-1].split(b"X-F")[0]
    )
    before = len(origin.heads)
    site = '[site]\nhosts = ["www.example.com"]\n'
    with gateway(origin.address, tmp_path_factory.mktemp("state"), site=site) as strict:
        assert say(strict, target, HOST).startswith(b"HTTP/1.1 421")
        assert say(strict, b"GET http://www.example.com/ HTTP/1.1", b"Host: evil.example").startswith(
            b"HTTP/1.1 200"
        )
        own = b"GET http://www.example.com/.privacy/healthz HTTP/1.1"
        assert say(strict, own, HOST).endswith(b"ok\n")
    assert len(origin.heads) == before + 1


def test_pipelined_requests_are_answered_in_order(base: str) -> None:
    with connected(base) as connection:
        one = b"GET /%s HTTP/1.1\r\nHost: a\r\n%s\r\n"
        connection.sendall(one % (b".privacy/healthz", b"") + one % (b"page", b"Connection: close\r\n"))
        answer = heard(connection)
    assert answer.count(b"HTTP/1.1 200") == 2 and answer.index(b"ok\n") < answer.index(b"<p>hello")


def test_a_client_that_closes_its_half_is_taken_to_be_gone_and_others_are_served(base: str) -> None:
    """H29: as nginx does (status 499), for a browser that went away looks the same."""
    with connected(base) as connection:
        connection.sendall(GET + b"\r\nHost: a\r\n\r\n")
        connection.shutdown(1)
        assert heard(connection) == b""
    assert get(base, b"/")[1].count(b"<p>hello") == 1
