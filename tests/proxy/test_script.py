"""The same gateway under mitmproxy's own tools, as `-s addons/gateway.py`."""

from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from h2.config import H2Configuration  # type: ignore[import-untyped]
from h2.connection import H2Connection  # type: ignore[import-untyped]

from tests.conftest import ROOT
from tests.loopback import Server, showing
from tests.mitmdump import PROGRAM, running
from tests.raw_http import answering, heard, page, say

PAGE = (
    "<!doctype html><head></head><body>"
    '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>' + "<p>text</p>" * 500
)


@pytest.fixture(scope="module")
def origin() -> Iterator[Server]:
    with showing(PAGE) as server:
        yield server


@contextmanager
def mitmdump(origin: Server | str, folder: Path, *options: str) -> Iterator[int]:
    fixed = (
        "-s", str(ROOT / "addons" / "gateway.py"), "--set", f"confdir={folder}/mitmproxy",
        "--set", f"consent_state={folder}/state", *options,
    )  # fmt: skip
    address = origin if isinstance(origin, str) else origin.address
    with running(lambda port: ("--mode", f"reverse:{address}@127.0.0.1:{port}", *fixed)) as port:
        yield port


def get(port: int, path: str = "/") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    result = response.status, response.read()
    connection.close()
    return result


def test_mitmdump_serves_the_same_page(origin: Server, tmp_path: Path) -> None:
    with mitmdump(origin, tmp_path) as port:
        status, body = get(port)
        assert status == 200 and b'data-privacy="placeholder"' in body and b"youtube.com/embed" not in body
        assert get(port, "/.privacy/healthz") == (200, b"ok\n")


def test_streaming_asked_for_by_option_does_not_let_a_page_past(origin: Server, tmp_path: Path) -> None:
    with mitmdump(origin, tmp_path, "--set", "stream_large_bodies=1k") as port:
        for _ in range(3):
            _, body = get(port)
            assert b"youtube.com/embed" not in body


def test_a_choice_works_as_behind_serve(origin: Server, tmp_path: Path) -> None:
    with mitmdump(origin, tmp_path) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}"}
        connection.request("POST", "/.privacy/choice", "decision=accept_all", headers)
        assert connection.getresponse().status == 303
        connection.close()


@pytest.mark.parametrize(
    ("content", "reason"),
    [("[surprise]\n", "surprise: unknown key"), ("a = \n", "not TOML")],
)
def test_a_wrong_site_file_keeps_mitmdump_from_starting(
    origin: Server, tmp_path: Path, content: str, reason: str
) -> None:
    site = tmp_path / "site.toml"
    site.write_text(content)
    result = subprocess.run(
        [PROGRAM, "--mode", f"reverse:{origin.address}@127.0.0.1:0", "-s", str(ROOT / "addons" / "gateway.py"),
         "--set", f"confdir={tmp_path}/mitmproxy", "--set", f"consent_state={tmp_path}/state", "--set", f"consent_site={site}"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == 1
    assert reason in result.stdout + result.stderr


def test_without_a_reverse_mode_it_does_not_start(tmp_path: Path) -> None:
    result = subprocess.run(
        [PROGRAM, "-p", "0", "-s", str(ROOT / "addons" / "gateway.py"), "--set", f"confdir={tmp_path}/mitmproxy"],
        capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert result.returncode == 1 and "--mode reverse:" in result.stdout + result.stderr


SECOND = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"


def over_tls(port: int, *protocols: str) -> ssl.SSLSocket:
    """A connection to the gateway with the certificate that mitmproxy makes itself."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(list(protocols))
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), 15), server_hostname="localhost")


def posted_by_http2(port: int) -> bytes:
    """A POST of HTTP/2 whose body looks like a request and has no length, whatever was agreed on; what comes back."""
    speaks = H2Connection(H2Configuration(validate_outbound_headers=False))
    speaks.initiate_connection()
    head = ((":method", "POST"), (":path", "/first"), (":scheme", "https"), (":authority", "localhost"))
    speaks.send_headers(1, head)
    speaks.send_data(1, SECOND, end_stream=True)
    with over_tls(port, "h2") as secure:
        secure.sendall(speaks.data_to_send())
        return heard(secure)


def test_a_request_of_http_2_does_not_become_two(tmp_path: Path) -> None:
    """H07, H32"""
    with (
        answering(lambda path: page(b"x", kind=b"image/png")) as site,
        mitmdump(site.address, tmp_path) as port,
    ):
        for protocols in (("h2", "http/1.1"), ("h2",)):
            with over_tls(port, *protocols) as secure:
                assert secure.selected_alpn_protocol() != "h2"
        assert posted_by_http2(port).startswith(b"HTTP/1.1 505")
        assert site.heads == []
        with over_tls(port, "http/1.1") as secure:
            secure.sendall(b"GET /a.png HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert heard(secure).endswith(b"\r\n\r\nx")


def test_a_body_is_no_second_request_either_where_its_length_is_called_a_matter_of_one_connection(
    tmp_path: Path,
) -> None:
    """H07, H10: the same for what `serve` has in the place of mitmproxy's HTTP/1."""
    with (
        answering(lambda path: page(b"x", kind=b"image/png")) as site,
        mitmdump(site.address, tmp_path) as port,
    ):
        base, length = f"http://127.0.0.1:{port}", b"Content-Length: %d" % len(SECOND)
        say(base, b"POST /first HTTP/1.1", b"Host: a", length, b"Connection: Content-Length", body=SECOND)
        assert site.heads[0].startswith(b"POST /first ") and length in site.heads[0]
        for fields, status in (
            ((b"Host: a", b"Host: b"), b"400"),
            ((b"Host: a", b"A: b\r\n c"), b"400"),
            ((b"Host: a", *(b"A: b",) * 201), b"431"),
            ((b"Host: a", length, b"Transfer-Encoding: chunked"), b"400"),
        ):
            assert say(base, b"GET / HTTP/1.1", *fields).startswith(b"HTTP/1.1 " + status)


@pytest.mark.parametrize("chosen", [(), ("--set", "onboarding=true", "--set", "block_global=true")])
def test_mitmproxys_own_page_and_certificate_authority_are_not_there(
    origin: Server, tmp_path: Path, chosen: tuple[str, ...]
) -> None:
    """H33"""
    with mitmdump(origin, tmp_path, *chosen) as port:
        for path in (b"/", b"/cert/pem"):
            answer = say(f"http://127.0.0.1:{port}", b"GET " + path + b" HTTP/1.1", b"Host: mitm.it")
            assert b"CERTIFICATE" not in answer and b"mitmproxy" not in answer.lower()


def test_for_a_site_that_speaks_tls_no_port_of_udp_is_opened_here_either(tmp_path: Path) -> None:
    """H30"""
    with mitmdump("https://127.0.0.1:1", tmp_path) as port:
        assert get(port, "/.privacy/healthz")[0] in (200, 503)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", port))
