"""JSON files by which a browser itself fetches."""

from __future__ import annotations

import json
from typing import Any

import pytest

from consent_gateway.page.browser_json import without_held


def held(address: str) -> bool:
    return "tracker" in address


def narrowed(content: Any) -> Any:
    return json.loads(without_held(json.dumps(content).encode(), held))


def test_held_addresses_are_taken_out_of_speculation_rules() -> None:
    rules = {
        "prefetch": [{"source": "list", "urls": ["/a", "https://tracker.example/x"], "eagerness": "eager"}]
    }
    assert narrowed(rules) == {"prefetch": [{"source": "list", "urls": ["/a"], "eagerness": "eager"}]}


@pytest.mark.parametrize(
    ("where", "after"),
    [
        (None, {"href_matches": "/*"}),
        ({"href_matches": "https://*"}, {"and": [{"href_matches": "/*"}, {"href_matches": "https://*"}]}),
        ({"not": {"href_matches": "/x"}}, {"and": [{"href_matches": "/*"}, {"not": {"href_matches": "/x"}}]}),
        ({"or": [{"href_matches": "/x"}, {"selector_matches": "a"}]}, {"and": [{"href_matches": "/*"}, {"or": [{"href_matches": "/x"}, {"selector_matches": "a"}]}]}),
        ({"href_matches": ["/a", "//x/*"]}, {"and": [{"href_matches": "/*"}, {"href_matches": ["/a", "//x/*"]}]}),
    ],
)  # fmt: skip
def test_rules_for_the_links_of_a_page_are_for_those_within_the_site(where: Any, after: Any) -> None:
    rule = {"source": "document"} | ({"where": where} if where else {})
    assert narrowed({"prerender": [rule]}) == {"prerender": [{"source": "document", "where": after}]}


@pytest.mark.parametrize(
    "text",
    [
        '{ "prefetch": [ {"source": "document", "where": {"and": [{"href_matches": "/*"}, {"not": {"href_matches": "/wp-*.php"}}]} } ] }',
        '{"prefetch":[{"source":"list", "urls":["/a","https://cdn.example/b"]}], "tag": "x"}',
        '{"prefetch":[{"where":{"or":[{"href_matches":"/a"},{"href_matches":["/b"]}]}}]}',
        '{"name":"x", "icons":[{"src":"/i.png"}], "shortcuts":[{"url":"/s"}], "prefetch": 7}',
        '{"prefetch":[1, null]}', "[]", "{broken", "", '"https://tracker.example"', "[" * 100_000,
    ],
)  # fmt: skip
def test_a_file_without_anything_held_is_not_touched(text: str) -> None:
    assert without_held(text.encode(), held) == text.encode()


def test_pictures_of_a_web_app_that_are_held_are_taken_out() -> None:
    foreign, own = {"src": "https://tracker.example/i.png"}, {"src": "i.png", "sizes": "any"}
    manifest = {
        "name": "é",
        "icons": [foreign, own],
        "screenshots": [foreign],
        "shortcuts": [{"url": "/", "icons": [foreign]}],
    }
    assert narrowed(manifest) == {
        "name": "é",
        "icons": [own],
        "screenshots": [],
        "shortcuts": [{"url": "/", "icons": []}],
    }
