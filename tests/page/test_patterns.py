"""What a group that is repeated possessively matches does not depend on the Python."""

from __future__ import annotations

import re

import pytest

from consent_gateway.page import grammar
from consent_gateway.page.patterns import atomic, compiled


@pytest.mark.parametrize(
    ("pattern", "same"),
    [
        (rb"(?:a|b)*+c", rb"(?>(?:a|b)*)c"),
        (rb"x(?:[)(]|\)(?:y)++)?+", rb"x(?>(?:[)(]|\)(?>(?:y)+))?)"),
        (rb"(a){0,3}+[^]+]*+\d++", rb"(?>(a){0,3})[^]+]*+\d++"),
    ],
)
def test_a_possessive_group_is_an_atomic_one(pattern: bytes, same: bytes) -> None:
    assert atomic(pattern) == same


def test_tags_are_found_by_either_form() -> None:
    page = b'a<p class="x">b</p><!-- c --><base href="/x/">'
    for expression in (grammar.HTML, re.compile(atomic(grammar.HTML.pattern), re.S)):
        found = expression.match(page)
        assert found and found.groups() == (b"base", b' href="/x/"')
    assert compiled(rb"(?:[^<]++|<(?:(?!x)[a-z]++>))*+<x>").match(b"a<b>c<x>")
