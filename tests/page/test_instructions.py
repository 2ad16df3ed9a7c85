"""Import maps and speculation rules, as a browser reads them."""

from __future__ import annotations

import pytest

from consent_gateway.page.instructions import instructions, links, may_follow_links


def test_values_are_addresses_and_names_are_not() -> None:
    text = b'{"imports": {"a\\"b" : "https:\\/\\/t.co\\/a", "c": "\\u002f/t.co/c"}, "x": ["d"]}'
    found = list(instructions(text))
    assert [one.address for one in found] == ["https://t.co/a", "//t.co/c", "d"]
    assert [text[one.start : one.end] for one in found] == [b"https:\\/\\/t.co\\/a", b"\\u002f/t.co/c", b"d"]


def test_what_a_browser_cannot_read_is_no_instruction() -> None:
    assert list(instructions(b'{"a": "\\q"}')) == [] and list(instructions(b'{"a": "')) == []


@pytest.mark.parametrize(
    ("rules", "follows"),
    [
        ('{"prefetch":[{"urls":["/a"]}]}', False),
        ('{"prefetch":[{"source":"document"}]}', True),
        ('{"prerender":[{"where":{"href_matches":["/a/*","/b"]}}]}', False),
        ('{"prerender":[{"where":{"or":[{"href_matches":"/a"},{"selector_matches":"a"}]}}]}', True),
        ("no JSON", False),
        ("[]", False),
    ],
)
def test_rules_follow_links_unless_they_name_paths(rules: str, follows: bool) -> None:
    assert may_follow_links(rules.encode()) is follows


def test_links_are_found_wherever_they_stand() -> None:
    data = b"<a href=/x><area href='//t.co'><!-- <a href=y> --><link href=z>"
    assert list(links(data)) == [b"/x", b"//t.co", b"y"]
