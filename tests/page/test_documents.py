"""Where an HTML response ends up: in the window, in a frame, or inside a page."""

from __future__ import annotations

import pytest

from consent_gateway.messages import Headers, Request
from consent_gateway.page.documents import Place, canonical_of, has_base, language_of, place_of, title_of

WHOLE, PART = b"<!doctype html><title>x</title>", b"<li>one</li>"


def request(method: str = "GET", **headers: str) -> Request:
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Request(method=method, scheme="https", host="h", target="/", headers=Headers(fields))


@pytest.mark.parametrize(
    ("asked", "data", "place"),
    [
        (request(Sec_Fetch_Dest="document"), PART, Place.PAGE),
        (request(Sec_Fetch_Dest="iframe"), WHOLE, Place.FRAME),
        (request(Sec_Fetch_Dest="object"), WHOLE, Place.FRAME),
        (request(Sec_Fetch_Dest="empty"), WHOLE, Place.FRAGMENT),
        (request(Accept="text/html,*/*"), PART, Place.PAGE),
        (request(Accept="text/html", X_Requested_With="XMLHttpRequest"), WHOLE, Place.FRAGMENT),
        (request(), WHOLE, Place.PAGE),
        (request(), PART, Place.FRAGMENT),
        (request(Accept="*/*"), PART, Place.FRAGMENT),
        (request("HEAD"), b"", Place.PAGE),
    ],
)
def test_the_place_of_a_response(asked: Request, data: bytes, place: Place) -> None:
    assert place_of(asked, data) is place


@pytest.mark.parametrize(
    ("data", "language"),
    [
        (b'<!doctype html><HTML class=x LANG="de-AT">', "de"),
        (b"<html xml:lang='fr'>", "fr"),
        (b"<html lang=en>", "en"),
        (b"<html data-lang=de>", ""),
        (b'<html class="lang=de">', ""),
        (b"<body lang=de>", ""),
        (b"", ""),
    ],
)
def test_a_page_says_its_language(data: bytes, language: str) -> None:
    assert language_of(data) == language


@pytest.mark.parametrize(
    ("html", "has"),
    [
        (b"<BASE\nhref=//a.example/>", True),
        (b"<x:base/>", True),
        (b"<noscript><base>", True),
        (b"<basefont> base href", False),
    ],
)
def test_a_page_with_a_base_is_known(html: bytes, has: bool) -> None:
    assert has_base(html) is has


@pytest.mark.parametrize(
    ("html", "address"),
    [
        (b'<link rel="canonical" href="https://a.b/?x=1&amp;y=2">', "https://a.b/?x=1&y=2"),
        (b"<LINK HREF=/news REL='Alternate Canonical'>", "/news"),
        (b"<link rel=icon href=/i><link rel=canonical href=' /c '>", "/c"),
        (b"<link rel=canonical>", ""),
        (b"<p>canonical", ""),
        (b"<!-- <link rel=canonical href=/a> --><link rel=canonical href=/b>", "/b"),
        (b"<script>'<link rel=canonical href=/a>'</script><link rel=canonical href=/b>", "/b"),
        (
            b"<noscript><link rel=canonical href=/a></noscript><template><link rel=canonical href=/b></template>",
            "",
        ),
        (b"<meta content='<link rel=canonical href=/a>'>", ""),
    ],
)
def test_the_address_a_page_gives_itself(html: bytes, address: str) -> None:
    assert canonical_of(html) == address


@pytest.mark.parametrize(
    ("html", "title"),
    [
        (b"<title lang=en>\n A &amp;\tB </title><svg><title>C</title></svg>", "A & B"),
        (b"<title>Gr\xfc\xdfe</title>", ""),
        (b"<!-- <title>A</title> --><script>'<title>B</title>'</script><title>C <b></title>", "C <b>"),
        (b"<svg><title>A</title></svg>", ""),
        (b"<p>none", ""),
    ],
)
def test_the_title_of_a_page_as_text(html: bytes, title: str) -> None:
    assert title_of(html) == title
