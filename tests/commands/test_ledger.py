"""`consent-gateway ledger`: verify, show, export."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import sqlite3
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consent_gateway.commands.ledger import ledger
from consent_gateway.database import in_folder
from consent_gateway.holding import Erased
from consent_gateway.record import hash_of
from consent_gateway.running import Running
from consent_gateway.starting import Settings, start
from tests import started
from tests.asking import Asking
from tests.conftest import ROOT
from tests.ledger_before import as_before
from tests.recorded import TERMS, TEXT, change, filled, opened, record

FOUR = (record("refusal"), record(), record("change"), record("withdrawal"))


# As click names them in errors of its own.
STATE = "'--state' (env var: 'CONSENT_GATEWAY_STATE')"
DATABASE = "'--database' (env var: 'CONSENT_GATEWAY_DATABASE')"


def run(*arguments: str, env: dict[str, str | None] | None = None) -> Result:
    return CliRunner(env={"CONSENT_GATEWAY_KEYS": None, **(env or {})}).invoke(ledger, list(arguments))


def of(state: Path, *arguments: str) -> Result:
    return run(*arguments, "--state", str(state))


def test_a_whole_ledger_is_said_to_be_whole_and_where_it_ends(state: Path) -> None:
    """CON-07"""
    filled(state, record(), record("withdrawal"))
    result = of(state, "verify")
    first, end = result.stdout.splitlines()
    assert (result.exit_code, first) == (0, "2 records, unbroken")
    chain = end.removeprefix("end: 2 ")
    assert len(chain) == 64
    assert of(state, "verify", "--noted", chain).exit_code == 0
    assert of(state, "verify", "--noted", "0" * 64).exit_code == 1


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE ledger_entries SET content = 'x' || substr(content, 2) WHERE number = 3", 3),
        ("DELETE FROM ledger_entries WHERE number = 2", 2),
        ("DELETE FROM ledger_entries WHERE number = 4", 4),
        ("UPDATE texts SET text = text || ' '", 1),
    ],
)
def test_a_record_that_is_not_as_it_was_is_named(state: Path, statement: str, number: int) -> None:
    """CON-07"""
    filled(state, *FOUR)
    change(in_folder(state), statement)
    result = of(state, "verify")
    assert result.exit_code == 1
    assert result.stdout.startswith(f"broken: record {number}: ")


def test_a_broken_ledger_is_not_shown_as_if_it_were_whole(state: Path) -> None:
    filled(state, *FOUR)
    change(in_folder(state), "DELETE FROM ledger_entries WHERE number = 2")
    for command in ("show", "export"):
        result = of(state, command)
        assert result.exit_code == 1 and result.stderr == "consent-gateway: broken: record 2: is missing\n"


@pytest.mark.parametrize("command", [["show"], ["export"], ["prove", "1"]])
def test_a_ledger_without_its_secret_is_not_an_empty_one(state: Path, command: list[str]) -> None:
    """CON-07"""
    filled(state, *FOUR)
    change(in_folder(state), "DELETE FROM ledger_secrets")
    result = of(state, "verify")
    assert result.exit_code == 1 and result.stdout.startswith("broken: the secret of the ledger was removed")
    result = of(state, *command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "broken: the secret of the ledger was removed" in result.stderr


@pytest.mark.parametrize(("year", "code"), [("2020", 0), ("2999", 1)])
def test_a_withdrawal_that_gateways_are_not_told_of_is_a_finding(state: Path, year: str, code: int) -> None:
    """CON-08"""
    filled(state, record("withdrawal", time=f"{year}-01-15T10:00:00+00:00"))
    change(in_folder(state), "DELETE FROM ledger_ended")
    assert of(state, "verify").exit_code == code


def test_what_was_erased_is_counted(state: Path) -> None:
    ring = filled(state, *FOUR)
    with opened(in_folder(state), ring) as book:
        book.erase([1, 2], {"event": "purge"})
    lines = of(state, "verify").stdout.splitlines()
    assert lines[:2] == ["4 records, unbroken", "2 records whose content has been erased"]
    shown = [json.loads(line) for line in of(state, "show").stdout.splitlines()]
    assert shown[0] == {"number": 1, "erased": True}
    assert shown[4] == {"number": 5, "event": "purge", "numbers": [[1, 2]]}


def test_without_keys_only_the_chain_can_be_checked(state: Path) -> None:
    filled(state, *FOUR)
    (state / "keys").unlink()
    result = of(state, "verify")
    assert result.exit_code == 2
    assert result.stderr == (
        "consent-gateway: the contents of the ledger are encrypted, and the keys cannot be had: "
        f"{state}/keys: there are no keys yet, and CONSENT_GATEWAY_KEYS is not set. Give CONSENT_GATEWAY_KEYS the value "
        f"that the gateway has, or name the folder with its keys by {STATE}\n"
    )
    result = of(state, "verify", "--without-keys")
    assert result.exit_code == 0 and "not checked without the keys" in result.stdout
    change(in_folder(state), "UPDATE ledger_entries SET digest = 'x' WHERE number = 1")
    assert of(state, "verify", "--without-keys").exit_code == 1


def test_every_record_is_a_line_of_json_with_the_text_on_request(state: Path) -> None:
    filled(state, record(), record("withdrawal"))
    lines = [json.loads(line) for line in of(state, "show").stdout.splitlines()]
    assert [(line["number"], line["kind"]) for line in lines] == [(1, "grant"), (2, "withdrawal")]
    assert "text" not in lines[0]
    assert json.loads(of(state, "show", "--texts").stdout.splitlines()[0])["text"] == TEXT


@pytest.mark.parametrize("text", [TEXT, TERMS])
def test_a_text_is_printed_byte_for_byte(state: Path, text: str) -> None:
    """CON-03"""
    filled(state, record())
    show = ["ledger", "show", "--text", hash_of(text), "--state", str(state)]
    command = [*started.command(), *show]
    assert subprocess.run(command, capture_output=True, check=True).stdout == text.encode()
    assert of(state, "show", "--text", "0" * 64).exit_code == 1


async def test_what_a_visitor_saw_can_be_shown_after_everything_has_changed(
    state: Path, now: datetime
) -> None:
    """CON-03"""
    site = state / "site.toml"

    def running(controller: str) -> Running:
        site.write_text(f'[controller]\nname = "{controller}"\n[services.youtube]\n')
        return start(
            Settings(
                origin="http://127.0.0.1:9", origin_hosts=(), site_file=site, state=state, environment={}
            )
        )

    before = running("Example AG")
    asking = Asking(before.gateway, now)
    seen = html.unescape(
        asking.page("<!doctype html><head></head><body><p>Hello", Accept_Language="de").body.decode()
    )
    reply = asking.post(
        "/.privacy/choice", {"decision": ["accept_all"], "layer": ["notice"], "language": ["de"]}
    )
    assert (await before.carry_out(reply)).status == 303
    await before.close()
    await running("Another GmbH").close()
    kept = json.loads(of(state, "show").stdout)
    shown = of(state, "show", "--text", kept["shown"]).stdout_bytes.decode()
    assert "Example AG" in shown and html.unescape(shown).strip() in seen
    assert (
        json.loads(of(state, "show", "--text", kept["policy"]).stdout)["controller"]["name"] == "Example AG"
    )


def test_everything_can_be_exported_as_json(state: Path) -> None:
    filled(state, *FOUR)
    exported = of(state, "export").stdout
    assert exported == of(state, "show").stdout


def test_everything_can_be_exported_as_a_table(state: Path, tmp_path: Path) -> None:
    filled(state, *FOUR)
    file = tmp_path / "records.csv"
    result = of(state, "export", "--format", "csv", "-o", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert file.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8"))))
    assert [row["kind"] for row in rows] == ["refusal", "grant", "change", "withdrawal"]
    assert (rows[1]["granted"], rows[0]["refused"]) == ("media=r1", "marketing=r2 media=r1")


FORMULAS = ("=1+1", "+1", "-mine_", "@SUM(1)", "\t=1", "\r=1")


def test_no_cell_of_a_table_is_a_formula_to_a_spreadsheet(state: Path) -> None:
    filled(
        state, *(replace(record(receipt=text), granted={text: "r1"}, services=[text]) for text in FORMULAS)
    )
    result = of(state, "export", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout_bytes.decode(), newline="")))
    assert [row["receipt"] for row in rows] == [f"'{text}" for text in FORMULAS]
    assert [row["granted"] for row in rows] == [f"'{text}=r1" for text in FORMULAS]
    assert [row["services"] for row in rows] == [f"'{text}" for text in FORMULAS]
    assert (rows[0]["kind"], rows[0]["refused"]) == ("grant", "marketing=r2")
    assert [json.loads(line)["receipt"] for line in of(state, "export").stdout.splitlines()] == [*FORMULAS]


def test_a_file_that_others_could_read_is_closed_to_them_before_records_are_in_it(
    state: Path, tmp_path: Path
) -> None:
    filled(state, record())
    file = tmp_path / "records"
    file.write_text("longer than what comes after it " * 100)
    file.chmod(0o644)
    assert of(state, "export", "-o", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text("utf-8") == of(state, "show").stdout


@pytest.mark.parametrize(
    ("file", "reason"),
    [("none/file", "No such file or directory"), ("/dev/full", "No space left on device")],
)
def test_a_file_that_cannot_be_written_is_named(state: Path, tmp_path: Path, file: str, reason: str) -> None:
    filled(state, record())
    result = of(state, "export", "-o", str(tmp_path / file))
    assert result.exit_code == 2 and f"{tmp_path / file}: {reason}" in result.stderr


def test_a_ledger_of_an_earlier_version_is_checked_and_shown(state: Path) -> None:
    filled(state)
    change(in_folder(state), *(f"DROP TABLE {name}" for name in ("ledger_entries", "ledger_keys", "ledger_head", "ledger_secrets", "texts")))  # fmt: skip
    as_before(in_folder(state), "grant", "refusal")
    assert of(state, "verify").stdout == "2 records, unbroken\nend: 2 " + of(state, "verify").stdout[-65:]
    lines = [json.loads(line) for line in of(state, "show", "--texts").stdout.splitlines()]
    assert [(line["kind"], line["policy"], line["text"]) for line in lines] == [
        ("grant", "", TEXT),
        ("refusal", "", TEXT),
    ]


def test_without_a_ledger_nothing_is_made_up(tmp_path: Path) -> None:
    result = run("verify", "--state", str(tmp_path / "none"))
    assert result.exit_code == 2
    assert result.stderr == (
        f"consent-gateway: {tmp_path}/none/ledger.sqlite3: there is no ledger; {STATE} or {DATABASE} says where it is\n"
    )
    assert list(tmp_path.iterdir()) == []


COMMANDS = (["verify"], ["show"], ["export"], ["prove", "1"], ["show", "--text", "x"])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_database_is_not_made_by_looking_for_it(tmp_path: Path, command: list[str]) -> None:
    result = run(*command, "--database", f"sqlite:///{tmp_path}/none.db")
    assert result.exit_code == 2 and f"{tmp_path}/none.db: there is no ledger" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_a_ledger_is_left_as_it_is(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "other.db").close()
    result = run("verify", "--database", f"sqlite:///{tmp_path}/other.db")
    assert result.exit_code == 2
    said = f"{tmp_path}/other.db: there is no ledger in it; {STATE} or {DATABASE} says where it is"
    assert result.stderr == f"consent-gateway: {said}\n"
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [0]


def test_a_database_that_cannot_be_used_is_an_error() -> None:
    result = run("verify", "--database", "oracle")
    assert result.exit_code == 2 and "not a database that can be used" in result.stderr
    assert DATABASE in result.stderr


@pytest.mark.parametrize("command", ["verify", "show", "export", "prove", "purge"])
def test_the_help_teaches(command: str) -> None:
    text = " ".join(run(command, "--help").stdout.split())
    assert "--state" in text and "--database" in text and len(text) > 500


def test_the_documentation_names_commands_that_there_are() -> None:
    lines = re.findall(
        r"consent-gateway ledger ([a-z]+)([^`\n]*)", (ROOT / "docs" / "ledger.md").read_text("utf-8")
    )
    assert {command for command, _ in lines} == set(ledger.commands)
    for command, rest in lines:
        known = run(command, "--help").stdout
        assert [option for option in re.findall(r"--[a-z-]+", rest) if option not in known] == []


def test_prc_06_what_is_only_kept_is_printed_as_such(state: Path, tmp_path: Path) -> None:
    ring = filled(state, record(receipt="mine"), record(receipt="theirs"))
    with opened(in_folder(state), ring) as ledger:
        time = datetime(2026, 11, 25, tzinfo=UTC)
        ledger.erase_under(Erased(name=ledger.key_id("mine"), time=time, retained=True), "HGB § 257")
    lines = [json.loads(line) for line in of(state, "show").output.splitlines()]
    assert [line.get("restricted") for line in lines] == [True, None, None]
    assert (lines[2]["event"], lines[2]["ground"], lines[2]["numbers"]) == (
        "restriction",
        "HGB § 257",
        [[1, 1]],
    )
    assert of(state, "export").output.count('"restricted": true') == 1
    table = of(state, "export", "--format", "csv").output.splitlines()
    assert table[0].endswith(',"restricted"') and table[1].endswith(",True") and table[2].endswith(',""')
    assert of(state, "verify").exit_code == 0


def test_a_ledger_from_before_anything_could_be_marked_is_shown(state: Path) -> None:
    filled(state, record())
    change(in_folder(state), "DROP TABLE ledger_restricted")
    assert of(state, "show").exit_code == 0
