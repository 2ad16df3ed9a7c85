"""Every requirement on notice, consent, placeholders, access, rights, policy, audits, HTTP and security, and every hazard of
mitmproxy, has a test that goes by its id."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

LAST = {"BAN": 15, "CON": 14, "PLH": 8, "A11Y": 9, "PRC": 11, "POL": 9, "QA": 8, "HTTP": 17, "SEC": 13}
HAZARDS = [f"H{number:02}" for number in range(1, 34)]  # docs/http.md
IDS = [f"{name}-{number:02}" for name, last in LAST.items() for number in range(1, last + 1)]
NAMED = {
    found.upper().replace("_", "-")
    for file in (ROOT / "tests").rglob("test_*.py")
    for found in re.findall(
        r"\b(?:test_)?((?:(?:BAN|CON|PLH|A11Y|PRC|POL|QA|HTTP|SEC)[-_]|H)\d\d(?!\d))",
        file.read_text("utf-8"),
        re.I,
    )
}


@pytest.mark.parametrize("id", [*IDS, *HAZARDS])
def test_it_is_named_by_a_test(id: str) -> None:
    assert id in NAMED
