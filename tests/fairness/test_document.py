"""Markup becomes a tree, or is refused where a browser might make another one of it."""

from __future__ import annotations

import pytest

from consent_gateway.fairness.document import Document, Malformed, text, unfolded


def test_elements_are_found_by_what_they_are_and_have() -> None:
    page = Document(
        '<!DOCTYPE html><html><body><p data-part="small">a &amp; <b> b</b></p><input disabled><p>c</p>'
    )
    (small,) = page.all("p", data_part="small")
    assert text(small) == "a & b"
    assert [element.tag for element in page.path(small)] == ["p", "body", "html"]
    assert [element.get("disabled") for element in page.all("input")] == [""]
    assert page.root.tag == "html"


def test_what_ends_unsaid_ends_with_what_is_around_it() -> None:
    page = Document("<ul><li>a<li>b</ul><p>c")
    assert [element.tag for element in page.root.iter()] == ["document", "ul", "li", "li", "p"]


@pytest.mark.parametrize("html", ["<div></span></div>", "</div>", "<b><i></b></i>"])
def test_tags_that_do_not_fit_together_are_refused(html: str) -> None:
    with pytest.raises(Malformed, match="does not end what is open"):
        Document(html)


def test_the_first_of_two_attributes_counts_as_in_browsers() -> None:
    page = Document('<p class="a" class="b"></p><svg><path/><path/></svg>')
    assert [element.get("class") for element in page.all("p")] == ["a"]
    assert len(list(page.all("path"))) == 2


def test_what_never_has_an_end_needs_none() -> None:
    page = Document('<p>a<br>b<frame src="/x"></p><svg><image href="/a"></image></svg>')
    assert [element.tag for element in page.root.iter()] == ["document", "p", "br", "frame", "svg", "image"]


def test_what_is_folded_is_not_seen_but_its_summary() -> None:
    page = Document(
        "<p>a <b>b</b> c</p><details><summary>d</summary>e<p>f</p>g</details>h<details open>i</details>"
    )
    assert unfolded(page.root) == "a b c d h i"
