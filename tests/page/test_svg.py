"""SVG's tables."""

from __future__ import annotations

from consent_gateway.page import svg


def test_an_href_is_one_under_any_prefix_of_xlink() -> None:
    assert svg.is_href(b"href") and svg.is_href(b"xlink:href") and svg.is_href(b"x:href")
    assert not svg.is_href(b"hreflang") and not svg.is_href(b"data-href")


def test_links_and_gradients_are_not_among_what_fetches() -> None:
    assert svg.HREF_ELEMENTS.isdisjoint((b"a", b"lineargradient", b"pattern", b"textpath"))
    assert {b"image", b"use", b"feimage", b"script"} <= svg.HREF_ELEMENTS
