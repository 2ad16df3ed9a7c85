"""The code of the site's own workers, as it stands in files."""

from __future__ import annotations

import pytest

from consent_gateway.page.edits import apply
from consent_gateway.page.workers import addresses, emptied


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (b'importScripts("https://cdn.onesignal.com/sdks/w.js");', b"https://cdn.onesignal.com/sdks/w.js"),
        (rb"importScripts('https:\/\/a.example\/w.js')", b"https://a.example/w.js"),
        (b"import x from '//a.example/m.js'", b"//a.example/m.js"),
        (b"fetch(`https://a.example/collect?${query}`)", b"https://a.example/collect?"),
        (b'new WebSocket("wss://a.example/s")', b"wss://a.example/s"),
    ],
)
def test_an_address_at_the_start_of_a_string_is_found(code: bytes, found: bytes) -> None:
    assert [value for _, _, value in addresses(code)] == [found]


@pytest.mark.parametrize(
    "code",
    [b"// https://a.example/x", b"a / b / c", b'"see https://a.example"', b"'/own.js'", b'"//"', b"/a/"],
)
def test_what_is_no_address_is_left(code: bytes) -> None:
    assert list(addresses(code)) == []


def test_what_is_added_to_a_held_address_becomes_a_query_of_nothing() -> None:
    code = b'importScripts("https://a.example/" + name);'
    edits = [emptied(start, end, "/.privacy/static/nothing.js") for start, end, _ in addresses(code)]
    assert apply(code, edits) == b'importScripts("/.privacy/static/nothing.js?" + name);'
