"""What the log says of a flow that failed: a sentence of ours, and nothing that was sent."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import h11
import mitmproxy.proxy.layers.http as layers
import pytest
from h11._readers import ChunkedReader
from h11._receivebuffer import ReceiveBuffer
from mitmproxy.net.http.http1.read import expected_http_body_size, read_request_head, read_response_head
from mitmproxy.net.http.validate import validate_headers

from consent_gateway.proxy import deadlines, failing

MARK = b"markierung"
REQUEST, ANSWER = "the head of the request is no valid HTTP", "the head of the site's answer is no valid HTTP"


def said(head: bytes) -> str:
    """What mitmproxy says of a request with such a head."""
    with pytest.raises(ValueError) as raised:
        request = read_request_head(head.split(b"\r\n"))
        expected_http_body_size(request)
        validate_headers(request)
    return str(raised.value)


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + MARK,
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: " + MARK,
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \xff" + MARK,
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2",
        b"POST / HTTP/1.1\r\nHost: a\r\n" + MARK + b" x: 1",
        b"POST / HTTP/1.1\r\n" + MARK,
        b"GET " + MARK,
        b"GET / " + MARK,
    ],
)
def test_of_a_request_that_is_no_http_that_is_said_and_none_of_its_bytes(head: bytes) -> None:
    message = said(head)
    assert failing.in_our_words(message) == REQUEST
    assert (
        failing.in_our_words(
            f"Received {message} from client, refusing to prevent request smuggling attacks."
        )
        == REQUEST
    )
    assert (
        failing.in_our_words(
            f"Received {message} from server, refusing to prevent request smuggling attacks."
        )
        == ANSWER
    )


def test_of_an_answer_that_is_no_http_too() -> None:
    with pytest.raises(ValueError) as raised:
        read_response_head([MARK])
    assert failing.in_our_words(f"Cannot parse HTTP response: {raised.value}") == ANSWER
    assert MARK.decode() in str(raised.value)


def test_of_a_body_that_is_wrongly_framed_or_cut_too() -> None:
    buffer = ReceiveBuffer()
    buffer += MARK + b"\r\n"
    with pytest.raises(h11.ProtocolError) as wrong:
        ChunkedReader()(buffer)
    assert (
        failing.in_our_words(f"HTTP/1 protocol error: {wrong.value}")
        == "a body is not framed as HTTP demands"
    )
    with pytest.raises(h11.ProtocolError) as cut:
        ChunkedReader().read_eof()
    assert "before the end of a body" in failing.in_our_words(f"HTTP/1 protocol error: {cut.value}")


async def test_a_site_that_cannot_be_reached_is_told_by_the_words_of_the_system() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        with pytest.raises(OSError) as refused:
            await asyncio.open_connection(*taken.getsockname())
    assert failing.in_our_words(str(refused.value)) == "the site cannot be reached: Connection refused"
    assert (
        failing.in_our_words("[Errno -2] Name or service not known")
        == "the name of the site cannot be looked up"
    )


@pytest.mark.parametrize(
    "message", ["", MARK.decode(), "EOF", f"\n[Errno 1] {MARK.decode()}", "[Errno 999999] x"]
)
def test_what_nobody_knows_has_a_sentence_too(message: str) -> None:
    assert failing.in_our_words(message) == failing.OTHERWISE


MESSAGES = {
    deadlines.LATE: "the site gave no answer in time",
    failing.HEAD_WITHOUT_END: "the site sent a head without end",
    "server closed connection": "the site closed the connection without an answer",
    "unexpected server response: b'markierung'": "the site closed the connection before the end of its head",
    "Cannot parse HTTP response: markierung": ANSWER,
    "HTTP/1 protocol error: peer closed connection without sending complete message body": "the connection was closed before the end of a body",
    "HTTP/1 protocol error: illegal chunk header: b'markierung'": "a body is not framed as HTTP demands",
    "Multiple exceptions: markierung": "no address of the site can be reached",
    "Received invalid content-length header: b'markierung' from client": REQUEST,
    "Certificate verify failed: hostname mismatch": "the certificate of the site is for another host",
    "Certificate verify failed: certificate has expired": "the certificate of the site has expired",
    "Certificate verify failed: self-signed certificate": "the certificate of the site cannot be verified",
    "The remote server does not speak TLS.": "the site does not speak TLS",
    "OpenSSL Error([('SSL routines', '', 'markierung')])": "no TLS could be agreed on with the site",
    "[Errno -2] Name or service not known": "the name of the site cannot be looked up",
    "connection cancelled": "the connection to the site was given up",
}


@pytest.mark.parametrize("message", MESSAGES)
def test_each_kind_of_fault_has_its_sentence_with_nothing_of_the_message(message: str) -> None:
    assert failing.in_our_words(message) == MESSAGES[message]


def test_no_sentence_is_left_out() -> None:
    assert {sentence for _, sentence in failing.SENTENCES} == set(MESSAGES.values())


def test_the_messages_are_those_of_the_mitmproxy_that_is_here() -> None:
    """Where it says things in other words, the table has to follow."""
    folder = Path(layers.__file__).parent
    source = "".join(file.read_text() for file in (*folder.glob("*.py"), folder.parent / "tls.py"))
    for begin in (
        "server closed connection", "unexpected server response", "Cannot parse HTTP response", "HTTP/1 protocol error",
        " from server, refusing", "Certificate verify failed", "The remote server does not speak TLS", "OpenSSL ",
    ):  # fmt: skip
        assert begin in source
