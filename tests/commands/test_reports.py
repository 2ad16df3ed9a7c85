"""`consent-gateway reports`"""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

from click.testing import CliRunner, Result

from consent_gateway.commands.reports import reports
from consent_gateway.database import in_folder
from consent_gateway.report_counts import ReportCounts
from consent_gateway.reports import OWN, Blocked, held_cookie

TODAY = date(2026, 11, 24)


def run(state: Path, *arguments: str) -> Result:
    return CliRunner().invoke(reports, ["--state", str(state), *arguments])


def counted(state: Path, *rows: tuple[str, str, int]) -> None:
    counts = ReportCounts(in_folder(state))
    counts.prepare()
    day = TODAY.isoformat()
    counts.add(
        {
            Blocked(host=host, directive="img-src" if host else "", owner=owner, day=day): number
            for host, owner, number in rows
        }
    )
    counts.close()


def test_what_the_site_may_need_comes_with_the_line_that_opens_it(state: Path) -> None:
    counted(state, ("cdn.example.net", "unlisted", 7), ("fonts.example.net", "unlisted", 12))
    result = run(state)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "HOST               BELONGS TO  DIRECTIVE  TIMES  FIRST       LAST",
        "fonts.example.net  unlisted    img-src    12     2026-11-24  2026-11-24",
        "cdn.example.net    unlisted    img-src    7      2026-11-24  2026-11-24",
        "",
        "What of this the site needs, in the site file:",
        "",
        "[third_parties]",
        'first_party = ["cdn.example.net", "fonts.example.net"]',
        "",
        "What is somebody else's is a service to be asked about: consent-gateway services --new cdn.example.net",
    ]


def test_a_cookie_that_nobody_declared_comes_with_the_table_that_lets_it_pass(state: Path) -> None:
    held = {held_cookie(name, TODAY): number for name, number in (("sid", 3), ("connect.sid", 2))}
    counts = ReportCounts(in_folder(state))
    counts.prepare()
    counts.add(held)
    counts.close()
    result = run(state)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1].split()[:4] == ["sid", "unlisted", "cookie", "3"]
    assert "first_party" not in result.stdout
    tables = result.stdout.partition("in the site file:\n")[2]
    declared = tomllib.loads(tables)["cookies"]
    assert {name: table["purpose"] for name, table in declared.items()} == {
        "sid": "",
        "connect.sid": "",
    }, "what it is for is for the operator to say"
    lines = [json.loads(line) for line in run(state, "--json").stdout.splitlines()]
    assert [line["site_file"] for line in lines] == ["[cookies.sid]", '[cookies."connect.sid"]']


def test_a_known_service_or_tracker_is_a_finding(state: Path) -> None:
    counted(state, ("px.ads.linkedin.com", "linkedin", 1), ("tracker.example", "Tracker Inc.", 1))
    result = run(state)
    assert result.exit_code == 1
    assert "px.ads.linkedin.com  linkedin" in result.stdout and "[services.linkedin]" in result.stdout
    assert "Tracker Inc." in result.stdout and "first_party" not in result.stdout


def test_every_row_is_a_line_of_json(state: Path) -> None:
    counted(
        state,
        ("cdn.example.net", "unlisted", 7),
        ("www.linkedin.com", "linkedin", 2),
        ("www.example.com", OWN, 1),
    )
    rows = [json.loads(line) for line in run(state, "--json").stdout.splitlines()]
    assert rows[0] == {
        "host": "cdn.example.net", "owner": "unlisted", "directive": "img-src", "number": 7,
        "first": "2026-11-24", "last": "2026-11-24", "site_file": 'first_party = ["cdn.example.net"]',
    }  # fmt: skip
    assert [row["site_file"] for row in rows[1:]] == ["[services.linkedin]", ""]


def test_what_was_beyond_the_limit_is_said(state: Path) -> None:
    counted(state, ("", "", 4000))
    result = run(state)
    assert result.exit_code == 0 and "(more than 1000 on one day)" in result.stdout


def test_nothing_is_nothing(state: Path) -> None:
    counted(state)
    assert (run(state).exit_code, run(state).stdout) == (0, "nothing was reported, or no longer is kept\n")
    assert run(state, "--json").stdout == ""


def test_without_a_database_it_cannot_run(tmp_path: Path) -> None:
    result = run(tmp_path / "none")
    assert result.exit_code == 2 and "--state or --database" in result.stderr
