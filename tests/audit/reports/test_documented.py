"""docs/audit-reports.md says of the reports what is so."""

from __future__ import annotations

import re

from consent_gateway.audit.reports import FORMATS
from consent_gateway.audit.reports.json import VERSION
from consent_gateway.audit.reports.presentable import LONGEST
from consent_gateway.audit.reports.text import WIDTH
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "audit-reports.md").read_text("utf-8")


def test_every_form_has_its_row() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.M)) == set(FORMATS)


def test_its_numbers_are_those_of_the_code() -> None:
    assert f'`"version": {VERSION}`' in PAGE
    assert f"at most {WIDTH} columns" in PAGE
    assert f"more than {LONGEST} characters" in PAGE
