"""`consent-gateway ledger`"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from click.testing import CliRunner, Result

from consent_gateway.commands.ledger import ledger
from consent_gateway.ledger import Ledger
from tests.test_ledger import record


def run(*arguments: str) -> Result:
    return CliRunner().invoke(ledger, list(arguments))


def filled(state: Path, *kinds: str) -> None:
    book = Ledger.in_folder(state)
    book.prepare()
    for kind in kinds:
        book.append(record(kind), "text")
    book.close()


def test_a_whole_ledger_is_said_to_be_whole(state: Path) -> None:
    filled(state, "grant", "withdrawal")
    result = run("verify", "--state", str(state))
    assert (result.exit_code, result.stdout) == (0, "2 records, unbroken\n")


def test_a_record_that_was_changed_is_named(state: Path) -> None:
    filled(state, "grant", "refusal", "grant")
    connection = sqlite3.connect(state / "ledger.sqlite3")
    with connection:
        connection.execute("""UPDATE records SET content = replace(content, 'refusal', 'consent')""")
    connection.close()
    result = run("verify", "--state", str(state))
    assert result.exit_code == 1
    assert result.stdout.startswith("broken: ") and "2" in result.stdout
    assert run("show", "--state", str(state)).exit_code == 1


def test_every_record_is_a_line_of_json_with_the_text_on_request(state: Path) -> None:
    filled(state, "grant", "withdrawal")
    lines = run("show", "--state", str(state)).stdout.splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["grant", "withdrawal"]
    assert [json.loads(line)["number"] for line in lines] == [1, 2]
    assert "text" not in json.loads(lines[0])
    shown = run("show", "--texts", "--state", str(state)).stdout.splitlines()
    assert json.loads(shown[0])["text"] == "text"


def test_without_a_ledger_nothing_is_made_up(tmp_path: Path) -> None:
    result = run("verify", "--state", str(tmp_path / "none"))
    assert result.exit_code == 2 and "there is no ledger" in result.stderr
    assert not (tmp_path / "none").exists()


def test_a_database_that_cannot_be_used_is_an_error() -> None:
    result = run("verify", "--database", "oracle")
    assert result.exit_code == 2 and "not a database that can be used" in result.stderr
