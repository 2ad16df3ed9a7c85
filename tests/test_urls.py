"""Addresses as a browser parses them, and whom they belong to."""

from __future__ import annotations

import tracemalloc

import pytest

from consent_gateway.urls import (
    BadPattern,
    Matcher,
    Pattern,
    attribute_bytes,
    attribute_text,
    linked,
    resolve,
    without_stand_ins,
)

PAGE = "https://www.example.com/dir/page.html"


@pytest.mark.parametrize(
    ("value", "host", "rest"),
    [
        ("https://platform.linkedin.com/in.js?x#y", "platform.linkedin.com", "/in.js?x"),
        ("//Platform.LinkedIn.COM/in.js", "platform.linkedin.com", "/in.js"),
        ("\\\\t.co\\a", "t.co", "/a"),
        ("/\t/t.co/1", "t.co", "/1"),
        (" \n ht\ntps://t.co/1 ", "t.co", "/1"),
        ("https:t.co", "www.example.com", "/dir/t.co"),
        ("http:t.co", "t.co", "/"),
        ("https://www.example.com@t.co:444/", "t.co", "/"),
        ("https://t.co./", "t.co", "/"),
        ("https://%74.co/", "t.co", "/"),
        ("https://ｔ.co/", "t.co", "/"),
        ("wss://t.co/s", "t.co", "/s"),
        ("picture.png", "www.example.com", "/dir/picture.png"),
        ("", "www.example.com", "/dir/page.html"),
    ],
)
def test_an_address_is_what_a_browser_would_fetch(value: str, host: str, rest: str) -> None:
    """SEC-11"""
    address = resolve(value, PAGE)
    assert address is not None and (address.host, address.rest) == (host, rest)


@pytest.mark.parametrize(
    "value", ["data:text/html,x", "javascript:x", "mailto:a@b", "blob:https://t.co/1", "//a b/", "https://"]
)
def test_some_values_fetch_nothing(value: str) -> None:
    assert resolve(value, PAGE) is None
    assert linked(value, PAGE) == ""


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("#a b", "https://www.example.com/dir/page.html#a%20b"),
        ("HTTP://me:secret@t.co", "http://t.co/"),
        ("//t.co:444/?x#y?z", "https://t.co:444/?x#y?z"),
        ("wss://t.co/s", ""),
    ],
)
def test_a_link_leads_to_an_address_of_the_web_and_a_place_in_it(value: str, address: str) -> None:
    assert linked(value, PAGE) == address


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("//t.co&sol;1", "//t.co/1"),
        ("&#47;&#x2F;t.co", "//t.co"),
        ("?a=1&amp;b=2", "?a=1&b=2"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("&copy 2", "© 2"),
        ("&ampx", "&ampx"),
        ("&notareference;", "&notareference;"),
        ("&#0;", "\ufffd"),
        ("a & b", "a & b"),
        ("&#5;&#x80;&#0;&#xD800;&#13", "\x05€\ufffd\ufffd\r"),
        (f"&#{'9' * 5000};&#x{'0' * 5000}41;", "\ufffdA"),
    ],
)
def test_references_in_attributes_are_resolved_as_the_standard_says(raw: str, text: str) -> None:
    assert attribute_text(raw) == text


def test_resolved_bytes_know_where_they_came_from() -> None:
    resolved, offsets = attribute_bytes(b"a&quot;b&amp;")
    assert resolved == b'a"b&'
    assert offsets == [0, 1, 7, 8, 13]


@pytest.fixture
def matcher() -> Matcher[str]:
    rules = [
        "*.linkedin.com",
        "www.linkedin.com/px/",
        "www.linkedin.com/p",
        "zoom.us",
        "*.google.*/maps",
        "a.b/x*y",
    ]
    return Matcher((Pattern.parse(text), text) for text in rules)


@pytest.mark.parametrize(
    ("host", "rest", "owner"),
    [
        ("platform.linkedin.com", "/in.js", "*.linkedin.com"),
        ("linkedin.com", "/", "*.linkedin.com"),
        ("www.linkedin.com", "/px/li", "www.linkedin.com/px/"),
        ("www.linkedin.com", "/p", "www.linkedin.com/p"),
        ("www.linkedin.com", "/company", "*.linkedin.com"),
        ("x.www.linkedin.com", "/px/li", "*.linkedin.com"),
        ("linkedin.com.example.net", "/", None),
        ("evil-linkedin.com", "/", None),
        ("zoom.us", "/", "zoom.us"),
        ("us02web.zoom.us", "/", None),
        ("zoominfo.com", "/", None),
        ("www.google.de", "/maps/embed", "*.google.*/maps"),
        ("maps.google.co.uk", "/maps", "*.google.*/maps"),
        ("www.google.de", "/search", None),
        ("a.b", "/x/1/y", "a.b/x*y"),
        ("a.b", "/y", None),
        ("", "/", None),
    ],
)
def test_an_address_belongs_to_the_nearest_host_and_the_longest_path(
    matcher: Matcher[str], host: str, rest: str, owner: str | None
) -> None:
    """SEC-11"""
    assert matcher.find(host, rest) == owner


def test_a_local_stand_in_counts_as_what_it_stands_for_only_where_that_is_wanted() -> None:
    rules = [(Pattern.parse("*.linkedin.com"), "LinkedIn")]
    host = "platform.linkedin.com.localhost"
    assert Matcher(rules).find(host, "/") is None
    assert Matcher(rules, stand_ins=True).find(host, "/") == "LinkedIn"


@pytest.mark.parametrize("text", ["", "https://a.b", "A.b", "a.b/c d", "*", "*.*.a", "a.b#c", "a..b"])
def test_a_pattern_is_a_host_with_or_without_a_path(text: str) -> None:
    with pytest.raises(BadPattern):
        Pattern.parse(text)


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        (b'"http://a.example.net.localhost:81/x"', b'"http://a.example.net/x"'),
        (b"//a.example.net.localhost/x", b"//a.example.net/x"),
        (b"a.localhost.example.net b.localhosts", b"a.localhost.example.net b.localhosts"),
    ],
)
def test_code_that_names_a_stand_in_means_what_that_stands_for(code: bytes, meant: bytes) -> None:
    assert without_stand_ins(code) == meant


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        ("a.example", "a.example", True),
        ("*.a.example", "b.a.example", True),
        ("*.a.example", "a.example/x", True),
        ("a.example", "b.a.example", False),
        ("*.a.example", "ba.example", False),
        ("a.example/x", "a.example/xy", True),
        ("a.example/x", "a.example/y", False),
        ("a.example/*/x", "a.example/1/x", True),
        ("a.*", "a.co.uk", True),
        ("*.a.*", "b.a.de/x", True),
        ("a.*", "b.a.de", False),
    ],
)
def test_two_patterns_meet_where_an_address_may_belong_to_both(one: str, other: str, meets: bool) -> None:
    assert Pattern.parse(one).meets(Pattern.parse(other)) is meets
    assert Pattern.parse(other).meets(Pattern.parse(one)) is meets


def test_what_is_resolved_takes_up_no_memory_however_long_it_is() -> None:
    """A visitor makes up paths, and a page has pictures in its addresses."""
    tracemalloc.start()
    for number in range(50):
        long = f"{number}" + "x" * 50_000
        assert resolve(f"/{long}", "https://www.example.com/") is not None
        assert resolve("a.png", f"https://www.example.com/{long}/") is not None
        assert resolve(f"data:image/png;base64,{long}", "https://www.example.com/") is None
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 500_000


def test_nothing_is_fetched_from_a_host_that_there_cannot_be() -> None:
    assert resolve(f"https://{'a.' * 126}a/", "https://www.example.com/") is not None
    assert resolve(f"https://{'a.' * 127}ab/", "https://www.example.com/") is None
