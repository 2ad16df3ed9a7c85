"""Products in a hit keep what was sold and lose what the site added of its own."""

from __future__ import annotations

import pytest

from consent_gateway.analytics import products


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("idSKU1~nmSoap~pr19.90~qt2", "idSKU1~nmSoap~pr19.90~qt2"),
        ("idSKU1~k0customer~v04711", "idSKU1"),
        ("nmSoap~cpSUMMER~afShop~loplace", "nmSoap"),
        ("nmA~~B~brX", "nmA~~B~brX"),
        ("prfree~qt1e9~lp3", "lp3"),
        ("nmFor max@example.org", "nmFor :email"),
        ("", ""),
        ("~~~", ""),
    ],
)
def test_a_known_part_passes(value: str, kept: str) -> None:
    assert products.general(value) == kept
