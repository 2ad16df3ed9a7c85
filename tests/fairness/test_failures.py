"""What cannot be shown is a fault with its file and the reason, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from consent_gateway.commands.check import check
from consent_gateway.fairness import failures
from tests.fairness.conftest import Judge


def test_a_failure_without_a_template_has_no_place() -> None:
    assert failures.place(ValueError("x"), (Path("/templates"),)) == (None, None)
    assert failures.reason(KeyError("purpose")) == "KeyError: 'purpose'"
    assert failures.reason(ZeroDivisionError("division by zero")) == "division by zero"


@pytest.mark.parametrize(
    ("name", "source", "reason"),
    [
        ("said.html", "\n{{ static('own.css') }}", "said.html:2: in en: static/own.css is not served; there are "),
        ("notice.html", "\n{{ 1 / 0 }}", "notice.html:2: in en: division by zero"),
        ("undo.html", "\n{{ w.undo.button | fill() }}", "undo.html:2: in en: KeyError: 'service'"),
        ("policy.html", "{% include 'none.html' %}", "policy.html:1: in en: 'none.html' not found in search path"),
        ("error.html", "{{ '{' | fill }}", "error.html:1: in en: Single '{' encountered in format string"),
        ("_page.html", "{% extends '_page.html' %}", "in en: maximum recursion depth exceeded"),
    ],
)  # fmt: skip
def test_a_template_that_fails_is_named_with_its_line(
    name: str, source: str, reason: str, judge: Judge
) -> None:
    found = judge({name: source})
    assert any(reason in fault for fault in found), found


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("notice.html", b"<p>\n\xe4</p>", "notice.html:2: not UTF-8 at byte 4"),
        ("static/notice.css", b"/* \xe4 */", "static/notice.css:1: not UTF-8 at byte 3"),
        ("static/guard/00-own.js", b"// \xe4", "static/guard/00-own.js:1: not UTF-8 at byte 3"),
        ("wording/en.toml", b"# \xe4", "wording/en.toml: 'utf-8' codec can't decode byte 0xe4"),
        ("wording/en.toml", b'[notice]\nheading = "{"\n', "notice.heading: has a brace that belongs to no blank"),
        ("static/guard.js", b"own()", "static/guard.js: does not contain __CONFIG__"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    own = tmp_path / "templates"
    (own / name).parent.mkdir(parents=True)
    (own / name).write_bytes(content)
    (tmp_path / "site.toml").write_text('[site]\nlanguages = ["en"]\n')
    result = CliRunner().invoke(check, [str(tmp_path / "site.toml"), "--templates", str(own)])
    assert reason in result.output
    assert result.exit_code in (1, 2) and isinstance(result.exception, SystemExit)
