"""`consent-gateway ledger purge`"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result

from consent_gateway import purging as purging_of_all
from consent_gateway.commands import purging
from consent_gateway.database import in_folder
from consent_gateway.report_counts import ReportCounts
from consent_gateway.reports import Blocked
from tests.commands.test_ledger import of
from tests.recorded import change, checked, filled, record

SITE = '[retention.consent]\nperiod = "3 years"\nground = "proof of consent, Art. 7(1) GDPR"\n'
OTHERS = (
    "requests: kept for 3 years after the answer (proof that requests were answered, GDPR Art. 5(2); limitation of claims)",
    "reports: kept for 90 days after the day (to see what the website needs, GDPR Art. 6(1)(f))",
)


@pytest.fixture
def kept(state: Path) -> Path:
    """A state folder with a ledger and a site file in it."""
    filled(
        state,
        record("grant", receipt="a", time="2020-01-15T10:00:00+00:00"),
        record("refusal", time="2020-02-20"),
        record("change", receipt="a", time="2020-06-01T10:00:00+00:00"),
        record("grant", receipt="b", time="2022-01-15T10:00:00+00:00"),
    )
    (state / "site.toml").write_text(SITE)
    return state


def purge(state: Path, today: str, monkeypatch: pytest.MonkeyPatch, *options: str) -> Result:
    monkeypatch.setattr(purging, "clock", lambda: datetime.fromisoformat(today).replace(tzinfo=UTC))
    return of(state, "purge", "--site", str(state / "site.toml"), *options)


def test_what_has_served_its_time_is_removed_and_the_chain_stays_valid(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CON-13"""
    result = purge(kept, "2023-10-01", monkeypatch)
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "consent: kept for 3 years after the end of the consent (proof of consent, Art. 7(1) GDPR)",
            *OTHERS,
            "2 records of 2020-01-15 to 2020-02-20 (1 grant, 1 refusal) removed",
        ],
    )
    assert of(kept, "verify").stdout.splitlines()[:2] == [
        "4 records, unbroken",
        "2 records whose content has been erased",
    ]
    lines = [json.loads(line) for line in of(kept, "show").stdout.splitlines()]
    assert [line["number"] for line in lines if "kind" in line] == [3, 4]
    assert lines[-1] == {
        "number": 5, "event": "purge", "time": "2023-10-01T00:00:00+00:00", "period": "3 years",
        "ground": "proof of consent, Art. 7(1) GDPR", "numbers": [[1, 2]],
    }  # fmt: skip


def test_a_dry_run_says_the_same_and_removes_nothing(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CON-13"""
    before = (kept / "ledger.sqlite3").read_bytes()
    result = purge(kept, "2023-10-01", monkeypatch, "--dry-run")
    assert result.stdout.endswith(
        "2 records of 2020-01-15 to 2020-02-20 (1 grant, 1 refusal) would be removed\n"
    )
    assert (kept / "ledger.sqlite3").read_bytes() == before


def test_purging_again_removes_what_is_due_since_then_and_no_more(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CON-13"""
    for today, words in (("2023-10-01", "2 records"), ("2023-10-02", "nothing has served its time"), ("2024-01-01", "1 record of"), ("2030-01-01", "1 record of")):  # fmt: skip
        assert words in purge(kept, today, monkeypatch).stdout
    result = of(kept, "verify")
    assert result.exit_code == 0 and "4 records whose content has been erased" in result.stdout


@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=" ".join)
def test_what_is_broken_is_named_and_keeps_nothing_else(
    kept: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    """POL-05"""
    counts = ReportCounts(in_folder(kept))
    counts.prepare()
    counts.add({Blocked(host="a.example", directive="img-src", owner="unlisted", day="2020-01-15"): 1})
    counts.close()
    change(in_folder(kept), "UPDATE ledger_entries SET content = 'x' WHERE number = 1")
    result = purge(kept, "2023-10-01", monkeypatch, *options)
    assert result.exit_code == 1 and "consent: broken: record 1: was changed" in result.stderr
    assert result.stdout.splitlines()[-1] == f"1 day of counts {'would be ' * bool(options)}removed"


def test_many_are_removed_in_several_transactions(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = filled(state, *(record("refusal", time="2020-02-20") for _ in range(25)))
    (state / "site.toml").write_text(SITE)
    monkeypatch.setattr(purging_of_all, "AT_A_TIME", 10)
    assert "25 records" in purge(state, "2024-01-01", monkeypatch).stdout
    found = checked(in_folder(state), ring)
    assert (len(found.erased), found.events) == (25, 3)


def test_what_is_not_out_of_the_file_yet_is_said_and_out_of_it_the_next_time(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CON-13"""
    monkeypatch.setattr(purging_of_all, "AT_A_TIME", 1)
    reader = sqlite3.connect(kept / "ledger.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    content = reader.execute("SELECT content FROM ledger_entries WHERE number = 1").fetchone()[0].encode()
    began = time.monotonic()
    result = purge(kept, "2023-10-01", monkeypatch)
    assert time.monotonic() - began < 10
    assert result.exit_code == 1 and "2 records of" in result.stdout
    assert result.stderr == (
        "consent-gateway: what was removed is not out of the files of the database yet: "
        "they are in use; purge again later\n"
    )
    reader.close()
    assert purge(kept, "2023-10-01", monkeypatch).exit_code == 0
    assert content not in b"".join(path.read_bytes() for path in kept.glob("ledger.*"))


def test_what_was_taken_back_long_ago_is_removed_as_well(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CON-13"""
    filled(state, record("withdrawal", time="2020-01-15T10:00:00+00:00"))
    (state / "site.toml").write_text(SITE)
    assert purge(state, "2020-12-01", monkeypatch).stdout.endswith("nothing has served its time\n")
    with closing(sqlite3.connect(state / "ledger.sqlite3")) as ledger:
        rows = ledger.execute("SELECT * FROM ledger_ended").fetchall()
    assert rows == [] and of(state, "verify").exit_code == 0


def test_without_a_word_in_the_site_file_a_default_is_stated(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CON-13"""
    (kept / "site.toml").write_text("")
    assert purge(kept, "2023-10-01", monkeypatch).stdout.splitlines() == [
        "consent: kept for 4 years after the end of the consent (proof of consent, GDPR Art. 7(1); limitation of claims)",
        *OTHERS,
        "nothing has served its time",
    ]


@pytest.mark.parametrize(
    ("site", "reason"),
    [
        ("[retention.consent]\nperiod = 'ages'\nground = 'x'\n", "retention.consent.period"),
        ("oops", "not TOML"),
    ],
)
def test_a_bad_site_file_removes_nothing(
    kept: Path, monkeypatch: pytest.MonkeyPatch, site: str, reason: str
) -> None:
    (kept / "site.toml").write_text(site)
    result = purge(kept, "2023-10-01", monkeypatch)
    assert result.exit_code == 2 and reason in result.stderr


def test_without_a_site_file_nobody_knows_how_long(state: Path) -> None:
    for given in ([], ["--site", f"{state}/none.toml"]):
        result = of(state, "purge", *given)
        assert result.exit_code == 2 and "'--site' (env var: 'CONSENT_GATEWAY_SITE')" in result.stderr


def test_without_a_ledger_it_is_said_what_leads_to_one(kept: Path, tmp_path: Path) -> None:
    result = of(tmp_path / "none", "purge", "--site", str(kept / "site.toml"))
    assert result.exit_code == 2 and "CONSENT_GATEWAY_STATE" in result.stderr
    assert "CONSENT_GATEWAY_DATABASE" in result.stderr and not (tmp_path / "none").exists()
