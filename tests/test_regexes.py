"""Every regular expression that sees pages, visitors or captures takes no longer than in proportion to what it reads."""

from __future__ import annotations

import re

import pytest

from tests.regexes import Expression, expressions, slow_on

# What only the operator writes, or what the gateway brings along.
OF_THE_OPERATOR = ("demo/", "reference/", "commands/", "fairness/", "catalogue/", "replay/", "testing/", "datafile.py", "page/patterns.py")  # fmt: skip
# Where what is read is short, or the catalogue's.
BOUNDED = {
    "page/documents.py:_HTML_TAG[0]": "looks through 4096 bytes",
    "audit/looking.py:_HOST[0]": "reads the catalogue",
    "treatments/links.py:89": "reads a template of the catalogue",
}


@pytest.fixture(scope="module")
def seen() -> list[Expression]:
    return [one for one in expressions(OF_THE_OPERATOR) if one.where not in BOUNDED]


def test_no_input_takes_the_square_of_its_length(seen: list[Expression]) -> None:
    assert [one.where for one in seen if slow_on(one) is not None] == []


@pytest.mark.parametrize(
    ("pattern", "method"),
    [(r"(?:a+)+b", "match"), (r"x\s*[\"']?\s*y", "search"), (rb"[0-9]+[0-9.]*;", "match")],
)  # fmt: skip
def test_what_does_is_found(pattern: str | bytes, method: str) -> None:
    assert slow_on(Expression("here", re.compile(pattern), frozenset((method,)))) is not None


def test_there_are_as_many_as_one_would_think(seen: list[Expression]) -> None:
    assert len(seen) > 150
