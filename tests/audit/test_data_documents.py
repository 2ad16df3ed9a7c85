"""HTML documents that stand in an address."""

from __future__ import annotations

import pytest

from consent_gateway.audit.data_documents import data_document


@pytest.mark.parametrize(
    ("address", "content"),
    [
        ("data:text/html,<p>a", b"<p>a"),
        (" DATA:Text/HTML;charset=utf-8,%3Cp%3Ea#not", b"<p>a"),
        ("data:text/ht\nml,<p>a", b"<p>a"),
        ("data:text/html;base64,PHA+YQ==", b"<p>a"),
        ("data:text/html;base64,PHA+ Y Q", b"<p>a"),
        ("data:text/html;base64,PHA+YQ===!", b""),
        ("data:text/html;base64,P", b""),
        ("data:text/plain,<p>a", b""),
        ("data:text/html", b""),
        ("https://www.example.com/data:text/html,a", b""),
    ],
)
def test_it_is_what_a_browser_makes_of_it(address: str, content: bytes) -> None:
    assert data_document(address) == content
