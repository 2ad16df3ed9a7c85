"""`consent-gateway check`"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from consent_gateway.commands.check import check
from tests.policies import EXAMPLE


def test_a_good_file_has_no_faults(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(EXAMPLE)
    result = CliRunner().invoke(check, [str(file)])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{file}: no faults; 5 services, unlisted third parties: hold\n"


def test_what_the_policy_must_say_and_the_file_does_not_is_a_fault(tmp_path: Path) -> None:
    """POL-02"""
    file = tmp_path / "site.toml"
    file.write_text(
        '[controller]\nname = "Example AG"\n\n[cookies.sid]\npurpose = "necessary"\nreason = "x"\n'
    )
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == (
        f"{file}:1: controller.address: missing: where who is responsible can be found (GDPR Art. 13(1)(a))"
    )
    assert f"{file}: processing: missing: what else the operator processes data for" in result.stdout
    assert lines[-2] == f"{file}:4: cookies.sid.duration: missing: how long it lasts (C-673/17, no. 81)"
    assert lines[-1] == f"{len(lines) - 1} faults in {file}"


def test_every_fault_is_named_with_line_key_and_reason(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('[site]\nlanguages = ["xx"]\n\n[third_parties]\nunlisted = "perhaps"\nsurprise = 1\n')
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert f"{file}:5: third_parties.unlisted:" in result.stdout
    assert f"{file}:6: third_parties.surprise: unknown key" in result.stdout
    assert lines[-1].endswith(f"faults in {file}")
    assert lines[-1].split()[0] == str(len(lines) - 1)


@pytest.mark.parametrize("content", [b"[site", b"\xff\xfe", None])
def test_what_is_not_toml_is_not_judged(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "site.toml"
    if content is not None:
        file.write_bytes(content)
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 2
    assert str(file) in result.stderr
    assert "Traceback" not in result.stderr


def test_of_each_list_it_is_said_what_is_read_and_what_is_not(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(EXAMPLE.replace('unlisted = "hold"', 'unlisted = "hold"\nlists = ["own.txt"]'))
    (tmp_path / "own.txt").write_text("||a.example^\n@@||a.example/x\n##.ad\n||b.example^$method=post\n")
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1:] == [
        "own.txt: 2 rules, 1 of them exceptions",
        "  1 line not used, from line 3 on: hide elements of the page, fetch nothing",
        "  1 line not used, from line 4 on: have a restriction that cannot be judged here: method",
    ]


def test_a_list_that_is_missing_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('[third_parties]\nlists = ["own.txt"]\n')
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 1
    assert f"{file}:2: third_parties.lists: own.txt: No such file or directory\n" in result.stdout


def test_colours_that_cannot_be_read_are_a_fault_with_the_figure(tmp_path: Path) -> None:
    """A11Y-04, BAN-02"""
    file = tmp_path / "site.toml"
    file.write_text('[theme]\ntext = "#999"\nsurface = "#fff"\n')
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == (
        f"{file}:2: theme.text: contrast of text #999999 on surface #ffffff is 2.84:1, at least 4.5:1 is needed (WCAG 1.4.3)"
    )


def test_templates_that_hide_the_refusal_are_a_fault(tmp_path: Path) -> None:
    """BAN-01, BAN-02"""
    file, own = tmp_path / "site.toml", tmp_path / "templates"
    file.write_text('[site]\nlanguages = ["en"]\n')
    (own / "static").mkdir(parents=True)
    (own / "static" / "notice.css").write_text('\n[value="reject_all"] { opacity: 0.4 }\n')
    result = CliRunner().invoke(check, [str(file), "--templates", str(own)])
    assert result.exit_code == 1
    assert (
        f'{own}/static/notice.css:2: [value="reject_all"]: it holds for reject_all and not for accept_all'
        in result.stdout
    )
    assert result.stdout.endswith(f"faults in {file} and {own}\n")


def test_a_mail_server_with_a_user_needs_no_password_to_be_checked(tmp_path: Path) -> None:
    file, own = tmp_path / "site.toml", tmp_path / "templates"
    file.write_text(f'{EXAMPLE}[notify]\nsmtp = "smtp://anna@mail.example.com"\nto = "a@example.com"\n')
    own.mkdir()
    assert CliRunner().invoke(check, [str(file), "--templates", str(own)]).exit_code == 0


def test_templates_that_only_look_different_are_none(tmp_path: Path) -> None:
    file, own = tmp_path / "site.toml", tmp_path / "templates"
    file.write_text(EXAMPLE)
    own.mkdir()
    result = CliRunner().invoke(check, [str(file), "--templates", str(own)])
    assert (result.exit_code, result.stderr) == (0, "")
    assert not (tmp_path / ".consent-gateway").exists()
