"""What is relative is relative to the first base element, and to any that only some browsers see."""

from __future__ import annotations

import pytest

from consent_gateway.page.bases import bases
from consent_gateway.page.charset import Encoding
from consent_gateway.page.reading import read

URL = "https://www.example.com/dir/"


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("", [URL]),
        ("<base href='/x/'>", ["https://www.example.com/x/"]),
        ("<base target=a><base href='//t.co:8/a?b#c'><base href=/y/>", ["https://t.co:8/a?b"]),
        ("<base href='https://me@t.co/'>", ["https://t.co/"]),
        ("<base href='data:,'><base href=//t.co/>", [URL]),
        ("<noscript><base href=//t.co/></noscript>", [URL, "https://t.co/"]),
        ("<template><base href=//t.co/></template>", [URL]),
    ],
)
def test_the_bases_of_a_page(html: str, found: list[str]) -> None:
    data = html.encode()
    assert bases(data, read(data), Encoding("utf-8"), URL) == found
