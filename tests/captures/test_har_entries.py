"""One entry of a HAR becomes one exchange."""

from __future__ import annotations

import base64

import pytest

from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.har_entries import BadEntry, exchange_of
from consent_gateway.messages import Response
from tests.captures.hars import entry, fields

PAGE = "https://www.example.com/"
DIGEST = "0123456789abcdef0123456789abcdef01234567.html"


def nothing_beside(name: str) -> bytes:
    raise FileNotFoundError(2, "No such file or directory", name)


def exchange(value: object, limit: int = 4096) -> Exchange:
    found = exchange_of(value, limit, nothing_beside)
    assert found
    return found


def response(value: object, limit: int = 4096) -> Response:
    found = exchange(value, limit).response
    assert found
    return found


def test_content_is_decoded_already_and_no_field_says_otherwise() -> None:
    headers = fields(Content_Encoding="br", Content_Length="9", Content_Type="text/html", ETag="x")
    found = response(entry(PAGE, "Grüße", response={"headers": headers}))
    assert found.body.decode() == "Grüße"
    assert found.headers.fields == (("ETag", "x"), ("Content-Type", "text/html; charset=utf-8"))


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("text/html; charset=ISO-8859-1", "Grüße", "text/html; charset=utf-8"),
        ('text/html; charset="windows-1252"; x=y', "Grüße", "text/html; x=y; charset=utf-8"),
        ("text/html", "plain", "text/html"),
        ("text/html; charset=utf-16le", "plain", "text/html; charset=utf-8"),
        ("text/html; charset=UTF-8", "Grüße", "text/html; charset=UTF-8"),
    ],
)
def test_a_text_is_in_utf_8_and_says_so(kind: str, text: str, said: str) -> None:
    found = response(entry(PAGE, text, response={"headers": fields(content_type=kind)}))
    assert found.body == text.encode() and found.headers.get("content-type") == said


def test_base64_is_taken_byte_for_byte_with_its_own_charset() -> None:
    text = base64.b64encode("Grüße".encode("latin-1")).decode()
    headers = fields(Content_Type="text/html; charset=latin1")
    found = response(entry(PAGE, text, content={"encoding": "base64"}, response={"headers": headers}))
    assert found.body == "Grüße".encode("latin-1") and found.headers.get("content-type").endswith("latin1")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"text": "x" * 5000}, "more than 4096 bytes"),
        ({"text": "ü" * 3000}, "more than 4096 bytes"),
        ({"text": "QUJD" * 2000, "encoding": "base64"}, "more than 4096 bytes"),
        ({"text": "QUJ", "encoding": "base64"}, "damaged base64"),
        ({"text": "!!!!", "encoding": "base64"}, "damaged base64"),
        ({"text": "äääa", "encoding": "base64"}, "damaged base64"),
        ({"text": None, "size": 70}, "saved without content"),
        ({"text": None, "size": -1}, "saved without content"),
        ({"text": None, "size": None}, "saved without content"),  # of Firefox
        ({"_file": DIGEST, "text": None}, "in a file of its own"),
        ({"_file": "../secret", "text": None, "size": 3}, "saved without content"),
    ],
)
def test_why_a_body_cannot_be_read_is_said(content: dict[str, object], reason: str) -> None:
    found = exchange(entry(PAGE, content=content))
    assert reason in found.unreadable and found.response and found.response.body == b""


def test_base64_may_be_broken_into_lines() -> None:
    content = {"text": "QUJD\r\nREVG\n", "encoding": "base64"}
    assert response(entry(PAGE, content=content)).body == b"ABCDEF"


def test_what_has_no_body_lacks_none() -> None:
    for more in ({"status": 204}, {"status": 304}, {"status": 302}, {"status": 200, "content": {"size": 0}}):
        value = entry(PAGE, None, response={"content": {"size": 5}, **more})
        assert exchange(value).unreadable == ""
    assert exchange(entry(PAGE, None, content={"size": 5}, request={"method": "HEAD"})).unreadable == ""


def test_a_body_in_a_file_beside_the_har_is_read_within_the_limit() -> None:
    value = entry(PAGE, None, content={"_file": DIGEST})
    for size, body in ((9, b"x" * 9), (4097, b"")):
        found = exchange_of(value, 4096, {DIGEST: b"x" * size}.__getitem__)
        assert found and found.response and found.response.body == body


@pytest.mark.parametrize("status", [0, -1, None, "nonsense", "0"])
def test_no_status_is_no_response(status: object) -> None:
    assert exchange(entry(PAGE, response={"status": status})).response is None


def test_a_status_may_be_a_text_and_a_content_type_stand_in_the_content_only() -> None:
    found = response(entry(PAGE, "<p>", response={"status": "404"}))
    assert found.status == 404 and found.media_type == "text/html"


@pytest.mark.parametrize(
    "url", ["data:text/html,x", "blob:https://a/b", "chrome-extension://a/b.js", "about:blank"]
)
def test_what_went_over_no_network_is_no_exchange(url: str) -> None:
    assert exchange_of(entry(url), 4096, nothing_beside) is None


def test_a_socket_is_asked_for_over_http() -> None:
    found = exchange(entry("wss://chat.example.org:444/x?y", response={"status": 101}))
    assert (found.request.url, found.destination) == ("https://chat.example.org:444/x?y", "websocket")


def test_fields_come_in_pairs_or_objects_joined_by_line_feeds_and_with_pseudo_headers() -> None:
    value = entry(
        PAGE,
        request={
            "headers": [{"name": ":authority", "value": "x"}, ["Accept", "*/*"], {"name": "A", "value": 5}, 7]
        },
        response={"headers": fields(Set_Cookie="a=1\nb=2")},
    )
    found = exchange(value)
    assert found.request.headers.fields == (("Accept", "*/*"), ("A", ""))
    assert found.response and found.response.headers.all("set-cookie") == ["a=1", "b=2"]


@pytest.mark.parametrize(
    ("posted", "body"),
    [
        ({"text": "a=ü"}, "a=ü".encode()),
        ({"text": "AAE=", "encoding": "base64"}, b"\0\1"),
        ({"params": [{"name": "a b", "value": "c&d"}]}, b"a+b=c%26d"),
        ({"text": "A", "encoding": "base64"}, b""),
        ({"text": "ä", "encoding": "base64"}, b""),
        ({"_file": DIGEST}, b""),
        (None, b""),
    ],
)
def test_what_was_posted(posted: object, body: bytes) -> None:
    assert exchange(entry(PAGE, request={"method": "post", "postData": posted})).request.body == body


def test_a_tunnel_and_an_address_of_no_host_are_said() -> None:
    with pytest.raises(BadEntry, match=r"a tunnel to www\.example\.com"):
        exchange_of(entry(PAGE, request={"method": "CONNECT"}), 4096, nothing_beside)
    with pytest.raises(BadEntry, match="no address"):
        exchange_of(entry("http://[/"), 4096, nothing_beside)


def test_a_time_that_is_none_is_left_out() -> None:
    times = [
        exchange(entry(PAGE) | {"startedDateTime": one}).time for one in ("2026-11-29T10:00:00", "soon", 5)
    ]
    assert times[0] and times[0].tzinfo and times[1:] == [None, None]
