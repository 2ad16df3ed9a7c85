"""`consent-gateway policy`"""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.loopback import gateway
from tests.policies import EXAMPLE, sections, without

module = importlib.import_module("consent_gateway.commands.policy")  # its command has the same name


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "site.toml"
    written.write_text(EXAMPLE)
    return written


def of(file: Path, *options: str) -> Result:
    state = str(file.parent / "state")
    return CliRunner().invoke(module.policy, ["--site", str(file), "--state", state, *options])


def test_a_page_that_stands_alone_is_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "clock", lambda: datetime(2026, 11, 29, tzinfo=UTC))
    result = of(file)
    assert (result.exit_code, result.stderr) == (0, "")
    page = result.stdout
    assert page.startswith('<!DOCTYPE html>\n<html lang="en" dir="ltr">')
    assert "<title>Privacy policy – Morgenrot Solar GmbH</title>" in page
    assert all(sections(page).values())
    assert 'href="https://www.morgenrot-solar.example/.privacy/preferences?language=en"' in page
    assert "As of 29 November 2026" in page
    assert "<script" not in page and "<link" not in page and "url(" not in page


def test_each_language_of_the_site_can_be_had_and_no_other(file: Path) -> None:
    assert '<html lang="de"' in of(file, "--language", "de").stdout
    result = of(file, "--language", "fr")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--language: the site has en, de, and not 'fr'" in result.stderr


def test_the_facts_come_as_json_with_the_hash_they_go_by(file: Path) -> None:
    """POL-09"""
    read = json.loads(of(file, "--format", "json", "--language", "de").stdout)
    text = json.dumps(read["facts"], ensure_ascii=False, indent=1)
    assert read["hash"] == hashlib.sha256(text.encode()).hexdigest()
    assert (read["language"], read["version"]) == ("de", None)
    assert read["headings"]["contact"] == "Kontakt"


def test_the_record_of_processing_names_the_policy_it_belongs_to(file: Path) -> None:
    """POL-08"""
    read = json.loads(of(file, "--format", "record-of-processing").stdout)
    assert read["policy"] == json.loads(of(file, "--format", "json").stdout)["hash"]
    assert len(read["activities"]) == 13


def test_number_and_date_are_those_under_which_it_was_served(file: Path) -> None:
    with gateway("http://127.0.0.1:9", file.parent / "state", site=EXAMPLE):
        pass
    read = json.loads(of(file, "--format", "json").stdout)
    assert read["version"] == 1
    assert re.search(r"Version 1 of [^.<]+\. Fingerprint: <code[^>]*>[0-9a-f]{64}", of(file).stdout)
    file.write_text(EXAMPLE.replace("14 days", "15 days"))
    assert json.loads(of(file, "--format", "json").stdout)["version"] is None


def test_what_is_missing_is_named_and_it_is_written_all_the_same(file: Path) -> None:
    file.write_text(without("controller", "address"))
    target = file.parent / "policy.html"
    result = of(file, "-o", str(target))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "missing: controller.address: " in result.stderr
    assert "still to say here: the postal address" in target.read_text("utf-8")


@pytest.mark.parametrize("text", ["[site", "[processing.a]\nrecipients = ['x']\n"])
def test_a_bad_site_file_is_no_policy(file: Path, text: str) -> None:
    file.write_text(text)
    result = of(file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert str(file) in result.stderr


def test_a_database_that_cannot_be_read_is_said(file: Path) -> None:
    result = of(file, "--database", "postgresql://127.0.0.1:9/none")
    assert result.exit_code == 2 and "127.0.0.1:9" in result.stderr
