"""Headers whose value is a list."""

from __future__ import annotations

import pytest

from consent_gateway.header_lists import members, remaining, text_of


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a, b", ["a", " b"]),
        ("<https://x.example/?a,b>; rel=preload, </c>", ["<https://x.example/?a,b>; rel=preload", " </c>"]),
        ('</a>; title="a, \\"b\\", c",</d>', ['</a>; title="a, \\"b\\", c"', "</d>"]),
        ('<https://x.example/"q>; rel=preload, </c>', ['<https://x.example/"q>; rel=preload', " </c>"]),
        ("", [""]),
        ("<unclosed, b", ["<unclosed, b"]),
    ],
)
def test_commas_in_strings_and_addresses_separate_nothing(value: str, found: list[str]) -> None:
    assert members(value) == found


def test_objects_are_members_as_a_whole() -> None:
    assert members('{"a":[1,{"b":"},{"}]}, {"c":2}', brackets="{}") == ['{"a":[1,{"b":"},{"}]}', ' {"c":2}']


def test_what_stays_stays_as_it_is() -> None:
    assert remaining("a ,b,  c", lambda member: False) == "a ,b,  c"
    assert remaining("a ,b;x=1,  c", lambda member: member.strip() == "a") == "b;x=1, c"
    assert remaining("a", lambda member: True) is None


def test_a_string_is_without_its_quotation_marks_and_parameters() -> None:
    assert text_of(' "a\\"b\\\\c" ; x=1') == 'a"b\\c'
    assert text_of(" token ") == "token"
