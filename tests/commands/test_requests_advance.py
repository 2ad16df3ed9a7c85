"""`consent-gateway requests advance-notice` and `advance-notices`"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consent_gateway.commands.ledger import ledger
from consent_gateway.database import in_folder
from consent_gateway.verify_receipt import check
from tests.commands.test_requests import of, receive, served, today, verified
from tests.received import WORDS
from tests.recorded import change

__all__ = ["served", "today"]  # fixtures

ADVANCE = ["advance-notice", "--who", "Anna, customer 4711", "--recipient", "Collect GmbH", "--text", "We will hand it over."]  # fmt: skip


def test_an_advance_notice_is_recorded_and_can_be_proved(served: Path) -> None:
    assert of(served, "advance-notices").stdout == "there are no advance notices\n"
    recorded = of(served, *ADVANCE, "--planned", "2026-12-15").stdout
    (shown,) = json.loads(of(served, "advance-notices", "--format", "json").stdout)
    assert recorded == (
        f"advance notice 1 (ledger 1, digest {shown['digest']})\nrecorded: 21 characters: We will hand it over.\n"
    )
    assert (shown["who"], shown["recipient"], shown["planned"], shown["time"], shown["text"]) == (
        "Anna, customer 4711", "Collect GmbH", "2026-12-15", "2026-11-24T10:30:00+00:00", "We will hand it over.",
    )  # fmt: skip
    result = of(served, "advance-notices", "--check")
    assert result.exit_code == 0 and "data go to Collect GmbH on 2026-12-15" in result.stdout
    assert "has these digests" in result.stderr and verified(served).exit_code == 0
    change(in_folder(served), "DELETE FROM ledger_entries")
    assert of(served, "advance-notices", "--check").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--planned", "2026-11-24"], "--planned: must be later than today"),
        (["--planned", "2026-12-15", "--who", ""], "--who: must not be empty"),
        (["--planned", "2026-12-15", "--text", ""], "--text: must not be empty"),
    ],
)
def test_what_is_no_notice_in_advance_is_not_recorded(
    served: Path, arguments: list[str], reason: str
) -> None:
    result = of(served, *ADVANCE, *arguments)
    assert result.exit_code == 2 and reason in result.stderr
    assert of(served, "advance-notices").stdout == "there are no advance notices\n"


SITE = """
[recipients.collect]
kind = "collection"
name = "Collect GmbH"
[recipients.dunning]
kind = "collection"
[recipients.hosting]
kind = "it"
name = "Host GmbH"
"""


def with_site(state: Path, recipient: str, site: str = SITE) -> tuple[int, str, list[str]]:
    """Exit code, what went wrong, and the recipients of what is recorded then."""
    (state / "site.toml").write_text(site)
    wanted = ["--recipient", recipient, "--planned", "2026-12-15", "--site", str(state / "site.toml")]
    result = of(state, "advance-notice", "--who", "Anna", "--text", "x", *wanted)
    shown = of(state, "advance-notices", "--format", "json").stdout
    return result.exit_code, result.stderr, [one["recipient"] for one in json.loads(shown)]


@pytest.mark.parametrize(
    ("given", "name"),
    [("collect", "Collect GmbH"), ("Collect GmbH", "Collect GmbH"), ("dunning", "dunning")],
)
def test_a_recipient_of_the_site_file_is_recorded_under_its_name(served: Path, given: str, name: str) -> None:
    assert with_site(served, given) == (0, "", [name])


@pytest.mark.parametrize("given", ["Colect GmbH", "hosting", "Host GmbH", ""])
def test_somebody_else_is_not_and_who_there_is_is_named(served: Path, given: str) -> None:
    code, said, recorded = with_site(served, given)
    assert (code, recorded) == (2, [])
    assert said == (
        f'consent-gateway: --recipient: {given!r} is no recipient of kind "collection" in the site file; '
        "there are: collect (Collect GmbH), dunning\n"
    )


def test_a_site_file_without_a_collection_service_says_so(served: Path) -> None:
    code, said, recorded = with_site(served, "Collect GmbH", "")
    assert (code, recorded) == (2, []) and said.endswith("in the site file; it has none\n")


def test_it_can_be_proved_to_somebody_who_has_neither_gateway_nor_keys(served: Path, tmp_path: Path) -> None:
    of(served, *ADVANCE, "--planned", "2026-12-15")
    empty = tmp_path / "empty"
    empty.mkdir()
    result = proved(served, "1", "-o", str(empty / "b.json"), "--verifier", str(empty / "verify_receipt.py"))
    assert (result.exit_code, result.output) == (0, "")
    head = verified(served).stdout.split()[-1]
    command = [sys.executable, "-I", "-S", "verify_receipt.py", "b.json", "--head", head]
    ran = subprocess.run(command, cwd=empty, capture_output=True, text=True, timeout=30)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for said in ('planned "2026-12-15"', 'text: "We will hand it over."', 'who: "Anna, customer 4711"', "holds: what is above up to record 1"):  # fmt: skip
        assert said in ran.stdout


def test_so_can_each_step_of_a_request_and_who_was_told_of_it(served: Path) -> None:
    receive(served, "erase")
    of(served, "answer", "1", "--text", "Erased.")
    of(served, "told", "1")
    received, answered, told = (check(proved(served, number).stdout_bytes) for number in ("1", "2", "3"))
    assert (received["said"]["message"], answered["said"]["text"], told["said"]) == (WORDS, "Erased.", None)
    assert (answered["event"]["step"], told["event"]["step"], told["event"]["recipient"]) == ("answered", "told", "crm")  # fmt: skip
    result = proved(served, "1", "--at", "2026-11-25")
    assert result.exit_code == 2 and "a question about a consent" in result.stderr
    assert proved(served, "4").exit_code == 1


def proved(state: Path, *arguments: str) -> Result:
    runner = CliRunner(env={"CONSENT_GATEWAY_KEYS": None})
    return runner.invoke(ledger, ["prove", *arguments, "--state", str(state)])
