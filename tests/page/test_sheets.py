"""A style sheet contacts whom its addresses, and those of its data: imports, belong to."""

from __future__ import annotations

from urllib.parse import quote

from consent_gateway.page.charset import Encoding
from consent_gateway.page.sheets import contacts


def found(css: str) -> list[str]:
    owner = {"//t.co/1": "one", "//u.co/1": "two"}.get
    return [who for _, who in contacts(css.encode(), Encoding("utf-8"), owner)]


def test_sheets_within_sheets_are_read() -> None:
    inner = "a{b:url(//t.co/1);c:url(//u.co/1)}"
    assert found(inner) == ["one", "two"]
    assert found(f"@import 'data:text/css,{quote(inner)}';") == ["one", "two"]
    assert found(f"a{{b:url('data:image/svg+xml,{quote(inner)}')}}") == []


def test_how_deep_they_are_read_has_an_end() -> None:
    css = "a{b:url(//t.co/1)}"
    for _ in range(6):
        css = f"@import 'data:text/css,{quote(css)}';"
    assert found(css) == []
