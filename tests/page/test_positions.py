"""The tables of what fetches."""

from __future__ import annotations

import pytest

from consent_gateway.page.positions import Carrier, link_carrier, refresh_address, runs, srcset_addresses


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a.jpg", ["a.jpg"]),
        ("a.jpg 1x, //t.co/b.jpg 2x,c.jpg 100w", ["a.jpg", "//t.co/b.jpg", "c.jpg"]),
        ("data:image/png;base64,xx 1x, //t.co/a,b 2x", ["data:image/png;base64,xx", "//t.co/a,b"]),
        (" , ,//t.co/a , ", ["//t.co/a"]),
        ("a 1x,//t.co/b 2x", ["a", "//t.co/b"]),
        ("a, b,c (d,e) 2x,f", ["a", "b,c", "f"]),
        ("a (1x,b", ["a"]),
        ("", []),
    ],
)
def test_a_srcset_is_split_into_its_addresses(value: str, found: list[str]) -> None:
    assert list(srcset_addresses(value)) == found


@pytest.mark.parametrize(
    ("content", "address"),
    [
        ("0; url=https://t.co/", "https://t.co/"),
        ("5;URL='https://t.co/'", "https://t.co/"),
        ("0, https://t.co/", "https://t.co/"),
        ("3", None),
        ("url=https://t.co/", None),
        ("1.5 https://t.co/", "https://t.co/"),
        ('.;url = "//t.co/\'x"', "//t.co/'x"),
        ("0;url\v=//t.co/", "url\v=//t.co/"),
    ],
)
def test_a_refresh_says_where_it_goes(content: str, address: str | None) -> None:
    assert refresh_address(content) == address


@pytest.mark.parametrize(
    ("kind", "runs_as_script"),
    [
        (None, True), ("", True), ("text/javascript", True), ("Application/JavaScript", True), ("module", True),
        (" text/javascript ", True), ("text/plain", False), ("application/ld+json", False), ("IN/Share", False),
        ("text/partytown", False), ("speculationrules", False),
    ],
)  # fmt: skip
def test_only_some_types_of_script_run(kind: str | None, runs_as_script: bool) -> None:
    assert runs(kind) is runs_as_script


def test_the_language_attribute_counts_where_there_is_no_type() -> None:
    assert runs(None, "JavaScript") and runs(None, "javascript1.5") and not runs(None, "vbscript")


def test_a_link_that_is_only_information_fetches_nothing() -> None:
    assert link_carrier("canonical") is None
    assert link_carrier("me noopener") is None
    assert link_carrier("Alternate STYLESHEET") is Carrier.STYLE
    assert link_carrier("dns-prefetch preconnect") is Carrier.HINT
