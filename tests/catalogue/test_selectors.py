"""The small part of CSS selectors in which the catalogue says what a plug-in looks like."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue.selectors import BadSelector, Selector


@pytest.mark.parametrize(
    ("selector", "element", "attributes"),
    [
        (".fb-like", "div", {"class": "left  fb-like\nbig"}),
        ("blockquote.twitter-tweet", "blockquote", {"class": "twitter-tweet"}),
        ("fb:like", "fb:like", {}),
        ("#disqus_thread", "div", {"id": "disqus_thread"}),
        ('[id^="taboola-"]', "div", {"id": "taboola-below"}),
        ('script[type^="in/" i]', "script", {"type": " IN/Share "}),
        ('script[src*="on24.com"][data-url]', "script", {"src": "//x.on24.com/y", "data-url": ""}),
    ],
)
def test_what_a_selector_means_it_finds(selector: str, element: str, attributes: dict[str, str]) -> None:
    assert Selector.parse(selector).matches(element, attributes)


@pytest.mark.parametrize(
    ("selector", "element", "attributes"),
    [
        (".fb-like", "div", {"class": "fb-like-box"}),
        (".fb-like", "div", {"class": "FB-LIKE"}),
        (".fb-like", "div", {"id": "fb-like"}),
        ("blockquote.twitter-tweet", "div", {"class": "twitter-tweet"}),
        ("fb:like", "fb:like-box", {}),
        ('[id^="taboola-"]', "div", {"id": "my-taboola-"}),
        ('script[type="in/share"]', "script", {"type": "IN/Share"}),
        ('script[src*="on24.com"][data-url]', "script", {"src": "//x.on24.com/y"}),
        (".a.b", "div", {"class": "a"}),
    ],
)
def test_what_it_does_not_mean_it_leaves(selector: str, element: str, attributes: dict[str, str]) -> None:
    assert not Selector.parse(selector).matches(element, attributes)


@pytest.mark.parametrize("text", ["", "a b", "a > b", ".a, .b", ":not(a)", "[a='x']", "*", ".", '[a~="x"]'])
def test_anything_else_is_refused_with_the_text_that_was_wrong(text: str) -> None:
    with pytest.raises(BadSelector):
        Selector.parse(text)
