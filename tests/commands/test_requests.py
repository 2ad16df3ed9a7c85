"""`consent-gateway requests`: list, overdue, show, webhook-secret."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consent_gateway.commands import options
from consent_gateway.commands.ledger import ledger
from consent_gateway.commands.requests import requests
from consent_gateway.database import in_folder
from consent_gateway.state import StateFolder
from consent_gateway.subject_requests.book import Requests
from consent_gateway.verify_receipt import check
from tests.conftest import ROOT
from tests.received import NOW, WORDS, again, new
from tests.recorded import change, filled, opened, record, write

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    move(monkeypatch, NOW)


def move(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """The clock of the commands."""
    monkeypatch.setattr(options, "clock", lambda: now)


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner(env={"CONSENT_GATEWAY_KEYS": None}).invoke(requests, list(arguments), input=stdin)


def of(state: Path, *arguments: str, stdin: str | None = None) -> Result:
    return run(*arguments, "--state", str(state), stdin=stdin)


@pytest.fixture
def served(state: Path) -> Path:
    """A state folder as serve leaves it."""
    filled(state)
    return state


def receive(state: Path, *kinds: str, routes: Sequence[str] = (), days: int = 0) -> None:
    at = NOW - days * DAY
    with again(in_folder(state), StateFolder(state).keys.kept_ring({}), routes) as book:
        for kind in kinds:
            book.receive(new(kind=kind, received=at), at, [("crm", "Example CRM")])


def kept(state: Path) -> Requests:
    return Requests.to_read(in_folder(state), StateFolder(state).keys.kept_ring({}))


def verified(state: Path) -> Result:
    return CliRunner(env={"CONSENT_GATEWAY_KEYS": None}).invoke(ledger, ["verify", "--state", str(state)])


def test_a_clear_table_has_the_most_urgent_first_and_nobodys_words(served: Path) -> None:
    """PRC-09"""
    receive(served, "access")
    receive(served, "erase", days=40)
    result = of(served, "list")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "NUMBER  RECEIVED    DUE         DAYS LEFT  STATUS  KIND    CHANNEL",
            "2       2026-10-15  2026-11-15  -9         open    erase   form",
            "1       2026-11-24  2026-12-24  30         open    access  form",
        ],
    )


def test_what_is_closed_is_listed_on_request(served: Path) -> None:
    receive(served, "access", "erase")
    assert of(served, "answer", "1", "--text", "Here it is.").exit_code == 0
    assert of(served, "list").stdout.count("\n") == 2
    assert "1       2026-11-24  2026-12-24             answered  access  form" in of(served, "list", "--all").stdout  # fmt: skip


def test_machines_get_json_without_personal_data(served: Path) -> None:
    receive(served, "erase", days=40)
    text = of(served, "list", "--format", "json").stdout
    assert json.loads(text) == [
        {
            "number": 1, "received": "2026-10-15T10:30:00+00:00", "due": "2026-11-15", "days_left": -9, "overdue": True,
            "status": "open", "kind": "erase", "channel": "form",
        }
    ]  # fmt: skip
    assert of(served, "overdue", "--format", "json").stdout == text
    assert json.loads(of(served, "overdue", "--format", "json").stdout)[0]["overdue"]


def test_overdue_ones_are_named_with_an_exit_code(served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PRC-09"""
    receive(served, "access", "erase")
    result = of(served, "overdue")
    assert (result.exit_code, result.stdout) == (0, "no request is overdue; 2 open, the next to be answered by 2026-12-24\n")  # fmt: skip
    move(monkeypatch, NOW + 30 * DAY)
    assert of(served, "overdue").exit_code == 0
    move(monkeypatch, NOW + 31 * DAY)
    result = of(served, "overdue")
    assert (result.exit_code, [line.split()[0] for line in result.stdout.splitlines()[1:]]) == (1, ["1", "2"])
    for number in ("1", "2"):
        of(served, "answer", number, "--text", "Done.")
    result = of(served, "overdue")
    assert (result.exit_code, result.stdout) == (0, "no request is overdue; 0 open\n")


@pytest.mark.parametrize("command", [["list"], ["list", "--all"], ["overdue"]], ids=" ".join)
def test_one_that_does_not_open_is_named_and_hides_no_other(served: Path, command: list[str]) -> None:
    receive(served, "access", "erase", "object", days=60)
    change(in_folder(served), "UPDATE requests SET due = '2029-01-01' WHERE number = 2")
    result = of(served, *command)
    assert result.exit_code == 1
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["NUMBER", "1", "3"]
    assert "request 2 does not open: somebody without the keys has changed it" in result.stderr
    result = of(served, *command, "--format", "json")
    assert result.exit_code == 1 and [one["number"] for one in json.loads(result.stdout)] == [1, 3]
    change(in_folder(served), "DELETE FROM requests WHERE number <> 2")
    result = of(served, *command)
    assert result.exit_code == 1 and "request 2 does not open" in result.stderr
    assert result.stdout.startswith(
        "no request is overdue" if command == ["overdue"] else "there are no others"
    )


def test_an_empty_book_says_so(served: Path) -> None:
    assert [of(served, "list").stdout, of(served, "list", "--all").stdout] == [
        "no request is open\n",
        "there are no requests\n",
    ]
    assert of(served, "overdue").exit_code == 0 and of(served, "list", "--format", "json").stdout == "[]\n"


def test_one_is_shown_with_its_steps_its_ways_and_its_recipients(served: Path) -> None:
    receive(served, "erase", routes=("smtp",))
    of(served, "extend", "1", "--months", "1", "--reason", "Many systems.")
    text = of(served, "show", "1").stdout
    for fact in ("request 1: erase (GDPR Art. 17)", "2026-11-24 10:30 UTC by form", "2027-01-24, 61 days left", "anna@example.com", WORDS, "extended  (ledger 2, digest ", "Many systems.", "smtp: waiting since", "Example CRM (notice 1): to be told"):  # fmt: skip
        assert fact in text
    shown = json.loads(of(served, "show", "1", "--format", "json").stdout)
    assert (shown["reply_to"], shown["message"], shown["steps"][1]["text"]) == ("anna@example.com", WORDS, "Many systems.")  # fmt: skip
    assert (shown["sent_on"][0]["route"], shown["recipients"][0]["name"]) == ("smtp", "Example CRM")
    book = kept(served)
    (found,) = book.all()
    book.close()
    assert [step["digest"] for step in shown["steps"]] == [found.digest(step) for step in found.steps]
    assert found.key not in text + json.dumps(shown)


def test_what_is_shown_is_compared_with_the_ledger(served: Path) -> None:
    receive(served, "erase")
    of(served, "answer", "1", "--text", "Erased.")
    result = of(served, "show", "1", "--check")
    assert result.exit_code == 0 and "the ledger is unbroken and has these digests" in result.stderr
    assert verified(served).exit_code == 0
    change(in_folder(served), "DELETE FROM ledger_entries WHERE number = 2")
    result = of(served, "show", "1", "--check")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "broken: record 2 of the ledger is missing")  # fmt: skip
    change(in_folder(served), "UPDATE ledger_entries SET digest = 'x' WHERE number = 1")
    assert of(served, "show", "1", "--check").exit_code == 1


def test_the_ledgers_own_commands_take_requests_for_what_they_are(state: Path) -> None:
    """Shown as events, not exported, not purged, and links between the records of a proof."""
    filled(state, record("grant", receipt="a", time="2020-01-15T10:00:00+00:00"))
    receive(state, "erase")
    ring = StateFolder(state).keys.kept_ring({})
    with opened(in_folder(state), ring) as book:
        write(book, record("withdrawal", receipt="a", time="2020-02-15T10:00:00+00:00"))

    def told(*arguments: str) -> Result:
        runner = CliRunner(env={"CONSENT_GATEWAY_KEYS": None})
        return runner.invoke(ledger, [*arguments, "--state", str(state)])

    shown = [json.loads(line) for line in told("show").stdout.splitlines()]
    assert [(one["number"], one.get("step", one.get("kind"))) for one in shown] == [(1, "grant"), (2, "received"), (3, "withdrawal")]  # fmt: skip
    assert len(told("export").stdout.splitlines()) == 2
    assert len(check(told("prove", "a").stdout_bytes)["dpv:hasRecordOfActivity"]) == 2
    (state / "site.toml").write_text("")
    assert "2 records" in told("purge", "--site", str(state / "site.toml")).stdout
    assert told("verify").exit_code == 0
    assert of(state, "show", "1", "--check").exit_code == 0


def test_a_request_from_another_ledger_does_not_pass_for_one_of_this(
    served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(served, "erase", "access")
    with monkeypatch.context() as patched:
        patched.setattr("consent_gateway.subject_requests.request.commitment", lambda *_: "0" * 64)
        result = of(served, "show", "1", "--check")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "broken: record 1 of the ledger has another digest")  # fmt: skip


def test_a_number_that_there_is_not_is_a_finding(served: Path) -> None:
    result = of(served, "show", "7")
    assert (result.exit_code, result.stderr) == (1, "consent-gateway: there is no request 7\n")


def test_the_secret_of_the_webhook_is_printed_as_receivers_take_it(served: Path) -> None:
    secret = of(served, "webhook-secret").stdout
    assert secret == of(served, "webhook-secret").stdout
    ring = StateFolder(served).keys.kept_ring({})
    assert base64.b64decode(secret.strip().removeprefix("whsec_")) == ring.pepper("webhook")


COMMANDS = (["list"], ["overdue"], ["show", "1"], ["add", "--kind", "erase", "--reply-to", "a", "--message", "b"], ["answer", "1", "--text", "a"], ["extend", "1", "--reason", "a"], ["notices"], ["told", "1"], ["advance-notices"], ["advance-notice", "--who", "a", "--recipient", "b", "--planned", "2026-12-24", "--text", "c"])  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_where_there_is_no_ledger_nothing_is_made(tmp_path: Path, command: list[str]) -> None:
    for place in (["--state", f"{tmp_path}/none"], ["--database", f"sqlite:///{tmp_path}/none.db"]):
        result = run(*command, *place)
        assert result.exit_code == 2 and "there is no ledger" in result.stderr
        assert "CONSENT_GATEWAY_STATE" in result.stderr and "CONSENT_GATEWAY_DATABASE" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_somebody_elses_change_is_named(served: Path) -> None:
    receive(served, "erase")
    change(in_folder(served), "UPDATE requests SET due = '2030-01-01'")
    result = of(served, "list")
    assert result.exit_code == 1 and "request 1 does not open" in result.stderr


@pytest.mark.parametrize("command", sorted(requests.commands))
def test_the_help_teaches(command: str) -> None:
    text = " ".join(run(command, "--help").stdout.split())
    assert "--state" in text and len(text) > 400


def test_the_documentation_names_commands_that_there_are() -> None:
    document = (ROOT / "docs" / "requests.md").read_text("utf-8")
    lines = re.findall(r"consent-gateway requests ([a-z-]+)([^`\n;]*)", document)
    assert {command for command, _ in lines} == set(requests.commands)
    for command, rest in lines:
        known = run(command, "--help").stdout
        assert [option for option in re.findall(r"--[a-z-]+", rest) if option not in known] == []
