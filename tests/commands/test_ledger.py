"""`consent-gateway ledger`"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
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
    assert result.exit_code == 2
    assert result.stderr == (
        f"consent-gateway: {tmp_path}/none/ledger.sqlite3: there is no ledger; "
        "--state or --database say where it is\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["verify", "show"])
def test_a_database_is_not_made_by_looking_for_it(tmp_path: Path, command: str) -> None:
    result = run(command, "--database", f"sqlite:///{tmp_path}/none.db")
    assert result.exit_code == 2 and f"{tmp_path}/none.db: there is no ledger" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_a_ledger_is_left_as_it_is(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "other.db").close()
    result = run("verify", "--database", f"sqlite:///{tmp_path}/other.db")
    assert result.exit_code == 2
    assert result.stderr == f"consent-gateway: {tmp_path}/other.db: there is no ledger in it\n"
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [0]


def test_the_help_does_not_promise_what_cannot_be_seen(state: Path) -> None:
    filled(state, "grant", "refusal", "grant")
    connection = sqlite3.connect(state / "ledger.sqlite3")
    with connection:
        connection.execute("DELETE FROM records WHERE number = 3")
    connection.close()
    assert run("verify", "--state", str(state)).stdout == "2 records, unbroken\n"
    assert "cut off at the end cannot be seen yet" in " ".join(run("verify", "--help").stdout.split())


def test_a_database_that_cannot_be_used_is_an_error() -> None:
    result = run("verify", "--database", "oracle")
    assert result.exit_code == 2 and "not a database that can be used" in result.stderr
