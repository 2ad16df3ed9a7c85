"""`consent-gateway ledger prove`"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from consent_gateway.database import in_folder
from consent_gateway.verify_receipt import check
from tests.commands.test_ledger import of, run
from tests.recorded import change, filled, record


@pytest.fixture
def kept(state: Path) -> Path:
    """A state folder with a ledger in it."""
    filled(
        state,
        record("refusal"),
        record("grant", receipt="-mine_", time="2026-01-10T10:00:00+00:00"),
        record("grant", receipt="theirs", time="2026-01-11T10:00:00+00:00"),
        record("withdrawal", receipt="-mine_", time="2026-02-10T10:00:00+00:00"),
    )
    return state


def test_a_bundle_and_its_verifier_need_neither_gateway_nor_library(kept: Path, tmp_path: Path) -> None:
    """CON-14"""
    empty = tmp_path / "empty"
    empty.mkdir()
    result = of(
        kept, "prove", "-mine_", "-o", str(empty / "b.json"), "--verifier", str(empty / "verify_receipt.py")
    )
    assert (result.exit_code, result.output) == (0, "")
    command = [sys.executable, "-I", "-S", "verify_receipt.py", "b.json"]
    ran = subprocess.run(command, cwd=empty, capture_output=True, text=True, timeout=30)
    assert ran.returncode == 0 and "record 4: withdrawal" in ran.stdout
    assert {path.stat().st_mode & 0o777 for path in empty.iterdir()} == {0o600}


def test_without_a_file_the_bundle_is_printed(kept: Path) -> None:
    """CON-14"""
    assert run("prove", "--state", str(kept), "--", "-mine_").exit_code == 0
    result = of(kept, "prove", "2")
    assert check(result.stdout_bytes)["dct:identifier"] == "-mine_"
    assert len(json.loads(result.stdout)["proof"]["records"]) == 1


@pytest.mark.parametrize(
    ("at", "code", "words"),
    [
        (
            "2026-01-20",
            0,
            "at 2026-01-20T00:00:00+00:00 record 2 was in force, until 2026-02-10T10:00:00+00:00 at the latest: media",
        ),
        ("2026-01-10T11:30:00+01:00", 0, "record 2 was in force"),
        ("2026-03-01", 1, "at 2026-03-01T00:00:00+00:00 nothing was granted under this"),
        ("2025-01-01", 1, "nothing was granted"),
    ],
)
def test_it_says_what_was_in_force_at_a_time(kept: Path, at: str, code: int, words: str) -> None:
    """CON-14"""
    result = of(kept, "prove", "-mine_", "--at", at)
    assert result.exit_code == code and words in result.stderr
    assert check(result.stdout_bytes)


@pytest.mark.parametrize(
    ("number", "at", "code", "words"),
    [
        ("2", "2026-01-20", 0, "record 2 was in force, until 2026-02-10T10:00:00+00:00 at the latest: media"),
        ("2", "2026-03-01", 1, "nothing was granted"),
        ("4", "2026-01-20", 0, "record 2 was in force"),
        ("1", "2026-11-25", 1, "nothing was granted"),
    ],
)
def test_what_followed_a_record_counts_when_it_is_asked_for_by_its_number(
    kept: Path, number: str, at: str, code: int, words: str
) -> None:
    """CON-14"""
    result = of(kept, "prove", number, "--at", at)
    assert result.exit_code == code and words in result.stderr
    assert len(json.loads(result.stdout)["proof"]["records"]) == 1


@pytest.mark.parametrize("what", ["nobody", "99", "²", "٣"])
def test_what_is_not_there_cannot_be_proved(kept: Path, what: str) -> None:
    result = of(kept, "prove", what)
    assert result.exit_code == 1
    assert (result.stdout, result.stderr) == (
        "",
        "consent-gateway: there is no such record, or it was erased\n",
    )


def test_a_broken_ledger_proves_nothing(kept: Path) -> None:
    change(in_folder(kept), "DELETE FROM ledger_entries WHERE number = 3")
    result = of(kept, "prove", "1")
    assert result.exit_code == 1 and result.stderr == "consent-gateway: broken: record 3: is missing\n"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["prove"], "name the RECEIPT or the NUMBER of a record"),
        (["prove", "1", "--at", "yesterday"], "is no time such as"),
        (["prove", "1", "-o", "/nonexistent/file"], "/nonexistent/file: No such file or directory"),
        (["prove", "1", "-o", "/dev/full"], "/dev/full: No space left on device"),
        (["prove", "--verifier", "/dev/full"], "/dev/full: No space left on device"),
    ],
)
def test_what_cannot_be_done_is_said(kept: Path, arguments: list[str], reason: str) -> None:
    result = of(kept, *arguments)
    assert result.exit_code == 2 and reason in result.stderr


def test_the_verifier_alone_can_be_had(state: Path, tmp_path: Path) -> None:
    script = tmp_path / "verify_receipt.py"
    assert of(state, "prove", "--verifier", str(script)).exit_code == 0
    assert b"def check(" in script.read_bytes()
