"""`consent-gateway reports`"""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

from click.testing import CliRunner, Result

from consent_gateway.commands.reports import reports
from consent_gateway.commands.reports_advice import OF_HOSTS
from consent_gateway.database import in_folder
from consent_gateway.report_counts import ReportCounts
from consent_gateway.reports import OWN, Blocked, held_cookie
from consent_gateway.state import StateFolder

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


def test_an_unknown_host_comes_with_a_choice_and_not_with_a_line_that_opens_it_as_it_stands(
    state: Path,
) -> None:
    counted(state, ("cdn.example.net", "unlisted", 7), ("fonts.example.net", "unlisted", 12))
    result = run(state)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "HOST               BELONGS TO  DIRECTIVE  TIMES  FIRST       LAST",
        "fonts.example.net  unlisted    img-src    12     2026-11-24  2026-11-24",
        "cdn.example.net    unlisted    img-src    7      2026-11-24  2026-11-24",
        "",
        *OF_HOSTS,
        "",
        "[third_parties]",
        "first_party = [",
        '#   "cdn.example.net",   # if it is yours',
        '#   "fonts.example.net",   # if it is yours',
        "]",
    ]
    pasted = "\n".join(result.stdout.splitlines()[7:])
    assert tomllib.loads(pasted) == {"third_parties": {"first_party": []}}, (
        "a stranger loads for nobody by mistake"
    )


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
        "only_if_yours": True, "named_by": "",
    }  # fmt: skip
    assert [row["site_file"] for row in rows[1:]] == ["[services.linkedin]", ""]


def test_what_was_beyond_the_limit_is_said(state: Path) -> None:
    counted(state, ("", "", 4000))
    result = run(state)
    assert result.exit_code == 0 and "(more than 1000 on one day)" in result.stdout


def test_nothing_is_nothing(state: Path) -> None:
    counted(state)
    result = run(state)
    assert result.exit_code == 0
    assert result.stdout.startswith("nothing is counted") and "every 5 seconds" in result.stdout
    assert run(state, "--json").stdout == ""


SITE = """
[site]
hosts = ["www.shop.example"]
[third_parties]
unlisted = "hold"
first_party = ["*.example.net", "static"]
[services.linkedin]
[cookies."wp_*"]
purpose = "necessary"
reason = "login"
"""


def test_what_the_site_file_names_by_now_is_marked_and_no_longer_to_be_pasted(
    state: Path, tmp_path: Path
) -> None:
    counted(
        state,
        ("cdn.example.net", "unlisted", 9),
        ("static", "unlisted", 8),
        ("new.example", "unlisted", 7),
        ("www.linkedin.com", "linkedin", 6),
    )
    counts = ReportCounts(in_folder(state))
    counts.add({held_cookie(name, TODAY): 1 for name in ("wp_1", "other")})
    counts.close()
    file = tmp_path / "site.toml"
    file.write_text(SITE)
    lines = run(state, "--site", str(file)).stdout.splitlines()
    marked = {line.split()[0]: line.rpartition("2026-11-24")[2].strip() for line in lines[1:7]}
    assert lines[0].endswith("IN THE SITE FILE")
    assert marked == {
        "cdn.example.net": "first_party", "static": "first_party", "new.example": "",
        "www.linkedin.com": "[services.linkedin]", "wp_1": '[cookies.wp_*]'.replace("wp_*", '"wp_*"'), "other": "",
    }  # fmt: skip
    rest = "\n".join(lines[7:])
    assert "new.example" in rest and "[cookies.other]" in rest
    assert "cdn.example.net" not in rest and "wp_" not in rest and "linkedin" not in rest
    StateFolder(state).remember_site_file(file)
    assert run(state).stdout.splitlines() == lines, "the file of the last serve is taken without being named"


def test_a_site_file_that_cannot_be_read_any_more_is_said_and_the_counts_are_listed(
    state: Path, tmp_path: Path
) -> None:
    counted(state, ("cdn.example.net", "unlisted", 9))
    StateFolder(state).remember_site_file(tmp_path / "gone.toml")
    result = run(state)
    assert result.exit_code == 0 and "cdn.example.net" in result.stdout and "gone.toml" in result.stderr
    assert run(state, "--site", str(tmp_path / "gone.toml")).exit_code == 2


def test_of_a_host_of_the_sites_own_that_was_refused_it_is_said_what_to_do(state: Path) -> None:
    counted(state, ("inner.example.com", OWN, 2))
    said = run(state).stdout
    assert "name it in first_party" in said and '"inner.example.com"' in said
    assert "own Content-Security-Policy" in said


def test_without_a_database_it_cannot_run(tmp_path: Path) -> None:
    result = run(tmp_path / "none")
    assert result.exit_code == 2 and "CONSENT_GATEWAY_STATE" in result.stderr
