"""`consent-gateway check`"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from consent_gateway.commands.check import check


def test_a_good_file_has_no_faults(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('[third_parties]\nunlisted = "hold"\n[services.linkedin]\n[services.zoom]\n')
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 0
    assert result.stdout == f"{file}: no faults; 2 services, unlisted third parties: hold\n"


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
    file.write_text('[third_parties]\nlists = ["own.txt"]\n')
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
