"""docs/audit-reports.md says of the reports what is so."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from consent_gateway.audit.reports import FORMATS, manifest
from consent_gateway.audit.reports.json import VERSION
from consent_gateway.audit.reports.presentable import LONGEST
from consent_gateway.audit.reports.text import WIDTH
from tests.audit import audits
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "audit-reports.md").read_text("utf-8")


def test_every_form_has_its_row() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.M)) == set(FORMATS)


def test_its_numbers_are_those_of_the_code() -> None:
    assert f'`"version": {VERSION}`' in PAGE
    assert f"at most {WIDTH} columns" in PAGE
    assert f"more than {LONGEST} characters" in PAGE


def test_its_lines_of_python_name_what_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = tmp_path / "report.html"
    report.write_text("one", "utf-8")
    audit = audits.leaky()
    monkeypatch.chdir(tmp_path)
    Path("manifest.json").write_text(manifest.manifest(audit, [report], beside=tmp_path), "utf-8")
    report.write_text("another", "utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.M | re.S)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, {})
    assert "report.html (report) is not the same any more\n" in printed.getvalue()
