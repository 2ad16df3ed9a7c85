"""Code is compared with the expressions of every service, at the price of a look-up."""

from __future__ import annotations

import re

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.catalogue.codes import Codes, word_of

CODES = Codes(
    [("b", (r"connect\.facebook\.net\\?/", r"fbq\b")), ("a", (r"[a-z0-9]*static\.zoom\.us",)), ("n", ())]
)


@pytest.mark.parametrize(
    ("code", "owners"),
    [
        (b'u="//connect.facebook.net/x"', ["b"]),
        (b'u="\\/\\/connect.facebook.net\\/x"', ["b"]),
        (b"fbq('init')", ["b"]),
        (b"us01static.zoom.us + fbq", ["b", "a"]),
        (b"my_fbq() + facebook.net", []),
        (b"xconnect.facebook.net/", []),
        (b"", []),
        (b"fbq\xff", ["b"]),
    ],
)
def test_code_belongs_to_those_whose_expressions_are_in_it(code: bytes, owners: list[str]) -> None:
    assert CODES.owners(code) == owners


@pytest.mark.parametrize(
    ("expression", "word"),
    [
        (r"connect\.facebook\.net\\?/", "facebook"),
        (r"hjSettings\b", "hjSettings"),
        (r"(?:a|b)\.g\.doubleclick\.net", "doubleclick"),
        (r"function\s+gtag\b", "gtag"),
        (r"bat\.bing\.com", "bing"),
        (r'["\x27]uetq["\x27]', "uetq"),
        (r"twq\s*\(\s*\\?[\"\x27](?:config|init)\b", "twq"),
        (r"google(?:apis)?\.maps\.", "maps"),
        (r"[^a-zA-Z0-9_]uetq\.", "uetq"),
    ],
)
def test_of_an_expression_a_whole_word_is_looked_up(expression: str, word: str) -> None:
    assert word_of(expression) == word


@pytest.mark.parametrize(
    "expression",
    [
        r"linkedin",
        r"[a-z]linkedin",
        r"pins?\b",
        r"\.pin[a-z]\.",
        r"(?:pinterest)\.x",
        r"\blinkedin(?:-ei)?\.",
    ],
)
def test_one_without_a_whole_word_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="no whole word"):
        word_of(expression)


def test_one_with_bare_alternatives_is_refused() -> None:
    with pytest.raises(ValueError, match="parentheses"):
        word_of(r"one\.two|three\.four")


def test_every_word_that_is_looked_up_is_a_word_of_what_its_expression_finds(catalogue: Catalogue) -> None:
    for service in catalogue.services.values():
        for expression in (*service.boot, *service.uses):
            assert re.search(rf"(?:^|[^a-zA-Z0-9_]|\\b){word_of(expression)}(?![a-zA-Z0-9_])", expression), (
                expression
            )
