"""What is held is looked up and destroyed for good: with a dead ledger, in other processes, after a backup."""

from __future__ import annotations

import logging
import re
import shutil
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from consent_gateway.database import DatabaseUnavailable, in_folder
from consent_gateway.holding import Erasure
from consent_gateway.journal import Journal
from consent_gateway.key_file import KeyFile
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger
from consent_gateway.messages import Response
from consent_gateway.record import Submission
from consent_gateway.running import Running
from tests.asking import Asking, cookie_of
from tests.machines import KEYS, PAGE, loads, machine_in
from tests.recorded import TERMS, TEXT, checked, record
from tests.waiting import until

RIGHTS, CHOICE = "/.privacy/rights", "/.privacy/choice"
SITE = "[services.google-analytics]\n[services.youtube]\n[services.zoom]\n"
DUTY = '[retention.consent]\nperiod = "6 years"\nground = "HGB § 257"\nstatutory = true\n'
Machine = Callable[..., Running]


@pytest.fixture
def machine(database_url: str, tmp_path: Path, now: datetime) -> Machine:
    """Starts a machine at one database that all share."""

    def started(name: str, site: str = SITE, *, at: datetime = now) -> Running:
        return machine_in(tmp_path / name, site, at, database=database_url, environment=KEYS)

    return started


async def post(running: Running, asking: Asking, path: str = RIGHTS, **form: list[str]) -> Response:
    """The answer; the browser keeps the cookie that comes with it."""
    response = await running.carry_out(asking.post(path, form))
    asking.cookie = cookie_of(response) or asking.cookie
    return response


async def look(running: Running, asking: Asking, path: str = "your-data.json") -> str:
    return (await running.carry_out(asking.reply("GET", f"/.privacy/{path}"))).body.decode()


async def erase(running: Running, asking: Asking) -> Response:
    """As the page leads there."""
    html = await look(running, asking, "your-data?confirm=erase")
    token = re.findall(r'name="token" value="([^"]+)"', html)
    return await post(running, asking, action=["erase"], confirm=["yes"], token=token)


async def agreed(running: Running, now: datetime) -> tuple[Asking, str]:
    """A browser that has agreed twice, with its receipt."""
    asking = Asking(running.gateway, now)
    for purposes in (["media"], ["media", "webinars"]):
        form = {"decision": ["save"], "purpose": purposes}
        assert (await post(running, asking, CHOICE, **form)).status == 303
    return asking, running.gateway._cookie.read(asking.request("GET", "/"), now).receipt


async def test_prc_02_everything_under_the_receipt_is_shown(machine: Machine, now: datetime) -> None:
    running = machine("one")
    await agreed(running, now)
    asking, receipt = await agreed(running, now)
    await post(running, asking, action=["restrict"])
    found = await look(running, asking)
    assert found.count('"label": "record"') == 3 == found.count('"restricted": true')
    assert found.count(receipt) == 4
    await running.close()


async def test_prc_06_erasing_leaves_nothing_in_ledger_cookie_or_journal_and_the_chain_valid(
    machine: Machine, now: datetime, database_url: str, tmp_path: Path, ring: KeyRing
) -> None:
    running = machine("one")
    other, others_receipt = await agreed(running, now)
    asking, receipt = await agreed(running, now)
    kept = replace(asking)
    keys = KeyFile(tmp_path / "one").kept_ring(KEYS)
    journal = Journal(tmp_path / "one", keys)
    journal.prepare()
    journal.add(Submission(record("withdrawal", receipt=receipt), TEXT, TERMS))
    journal.add(Submission(record("withdrawal", receipt="another"), TEXT, TERMS))
    assert (await erase(running, asking)).status == 303
    assert asking.cookie == "__Host-privacy="
    assert '"held": []' in await look(running, asking)
    assert [one.record.receipt for one in journal.read()] == ["another"]
    await running.close()
    ledger = Ledger.to_read(database_url, keys)
    assert {one.receipt for _, one in ledger.records()} == {others_receipt, "another"}
    assert ledger.records_of(receipt) == []
    ledger.close()
    assert checked(database_url, keys).erased == {3, 4}
    assert (tmp_path / "one" / "erasures").read_text().count("\n") == 1
    assert receipt not in (tmp_path / "one" / "erasures").read_text()
    again = machine("two")
    assert not loads(Asking(again.gateway, now, kept.cookie)) and loads(replace(other, gateway=again.gateway))
    await again.close()


@pytest.mark.parametrize("action", ["restrict", "object", "revoke", "erase"])
async def test_prc_06_a_cookie_kept_from_before_brings_nothing_back_in_no_process(
    machine: Machine, now: datetime, action: str
) -> None:
    """PRC-05, PRC-07, PRC-08"""
    advertising = SITE + "[services.hotjar]\n"
    page = PAGE.replace("<body>", '<body><script src="https://static.hotjar.com/c/hotjar-1.js"></script>')
    one, two = machine("one", advertising), machine("two", advertising)
    asking = Asking(one.gateway, now)
    await post(one, asking, CHOICE, decision=["accept_all"])
    kept, elsewhere = replace(asking), replace(asking, gateway=two.gateway)
    if action == "erase":
        await erase(one, asking)
    else:
        await post(one, asking, action=[action])
    two._ended.look()
    for before in (kept, elsewhere):
        body = before.page(page).body
        assert b"https://static.hotjar.com/c" not in body and b'src="https://www.youtube' not in body
        assert b'data-privacy="notice"' in body, "it counts as none"
        assert '"held": []' in await look(one, before)
    if action == "object":
        assert loads(asking), "the new one does count"
    for running in (one, two):
        await running.close()


async def test_prc_06_where_the_law_demands_it_records_are_kept_and_marked(
    machine: Machine, now: datetime, database_url: str, tmp_path: Path
) -> None:
    running = machine("one", SITE + DUTY)
    asking, receipt = await agreed(running, now)
    kept = asking.cookie
    assert (await erase(running, asking)).status == 303
    assert not loads(Asking(running.gateway, now, kept))
    await running.close()
    ledger = Ledger.to_read(database_url, KeyFile(tmp_path / "one").kept_ring(KEYS))
    assert [one.restricted for one in ledger.records_of(receipt)] == [True, True]
    ledger.close()
    assert " retained " in (tmp_path / "one" / "erasures").read_text()


async def test_prc_06_what_cannot_be_erased_now_changes_nothing_and_can_be_tried_again(
    machine: Machine, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    running = machine("one")
    asking, _ = await agreed(running, now)
    before = asking.cookie
    with monkeypatch.context() as broken:
        broken.setattr(running._holdings._ledger, "erase_under", _fail)
        for _ in range(3):
            answer = await erase(running, asking)
            assert answer.status == 503 and b"nothing was changed" in answer.body
    assert asking.cookie == before and loads(asking)
    assert running._holdings._erasures.read() == [], "nor is it erased at the next start"
    assert (await look(running, asking)).count('"label": "record"') == 2
    assert (await erase(running, asking)).status == 303
    told = [words for words in caplog.messages if words.startswith("what is held under a receipt can")]
    assert [words.partition(":")[0] for words in told] == [
        "what is held under a receipt cannot be erased",
        "what is held under a receipt can be erased again (failed 2 more times meanwhile)",
    ]
    await running.close()


@pytest.mark.parametrize("action", ["restrict", "object", "revoke"])
async def test_what_protects_the_visitor_takes_effect_with_a_dead_ledger_too(
    machine: Machine, now: datetime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, action: str
) -> None:
    """PRC-05, PRC-07, PRC-08"""
    running = machine("one", SITE + "[services.hotjar]\n")
    asking = Asking(running.gateway, now)
    await post(running, asking, CHOICE, decision=["accept_all"])
    before = replace(asking)
    with monkeypatch.context() as broken:
        for name in ("append_all", "records_of"):
            broken.setattr(running._holdings._ledger, name, _fail)
        assert (await post(running, asking, action=[action])).status == 303
        if action == "restrict":
            lifted = await look(running, asking, "your-data?confirm=lift")
            token = re.findall(r'name="token" value="([^"]+)"', lifted)
            answer = await post(running, asking, action=["lift"], confirm=["yes"], token=token)
            assert answer.status == 503 and not loads(asking), "without a record nothing runs again"
        assert (
            "cannot be read at the moment" in await look(running, asking, "your-data") or action == "revoke"
        )
        waiting = Journal(tmp_path / "one", KeyFile(tmp_path / "one").kept_ring(KEYS)).read()
        assert [one.record.kind for one in waiting] == [
            {"revoke": "withdrawal", "object": "objection"}.get(action, "restriction")
        ]
    assert not loads(before), "and an older cookie counts no more"
    await running.close()


async def test_a_slow_ledger_keeps_a_page_waiting_for_seconds_only(
    machine: Machine, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """PRC-02"""
    caplog.set_level(logging.INFO)
    running = machine("one")
    asking, _ = await agreed(running, now)
    monkeypatch.setattr("consent_gateway.holdings.LOOK_SECONDS", 0.0)
    for _ in range(3):
        assert "cannot be read at the moment" in await look(running, asking, "your-data")
    monkeypatch.undo()
    assert "cannot be read at the moment" not in await look(running, asking, "your-data")
    told = [words for words in caplog.messages if words.startswith("what is held under a receipt")]
    assert len(told) == 2 and told[1].startswith("what is held under a receipt can be read again")
    await running.close()


async def test_prc_10_the_notices_know_what_only_the_ledger_remembers(
    machine: Machine, now: datetime
) -> None:
    running = machine("one")
    asking, _ = await agreed(running, now)
    await post(running, asking, CHOICE, decision=["save"], purpose=["webinars"])
    reply = asking.post(RIGHTS, {"action": ["restrict"]})
    assert reply.lookup is not None
    held = await running._holdings.of(reply.lookup.receipt)
    noticing = reply.lookup.answer(held).noticing
    assert noticing and noticing.right == "restrict"
    assert list(noticing.recipients) == [("youtube", "YouTube"), ("zoom", "Zoom")]
    await running.close()


@pytest.mark.parametrize("site", [SITE, SITE + DUTY], ids=["erased", "retained"])
async def test_prc_06_a_backup_that_is_put_back_brings_nothing_back(
    tmp_path: Path, now: datetime, site: str, caplog: pytest.LogCaptureFixture
) -> None:
    state, backup = tmp_path / "state", tmp_path / "backup.sqlite3"
    running = machine_in(state, site, now)
    other, _ = await agreed(running, now)
    asking, receipt = await agreed(running, now)
    kept = asking.cookie
    await running.close()
    shutil.copy(state / "ledger.sqlite3", backup)
    running = machine_in(state, site, now)
    asking = Asking(running.gateway, now, kept)
    assert (await erase(running, asking)).status == 303
    await running.close()
    start_again = machine_in(state, site, now)
    await start_again.close()
    assert "put back" not in caplog.text, "nothing is to be repeated"
    for file in state.glob("ledger.sqlite3*"):
        file.unlink()
    shutil.copy(backup, state / "ledger.sqlite3")
    running = machine_in(state, site, now)
    assert "a backup was put back: 1 erasures are repeated" in caplog.text
    assert not loads(Asking(running.gateway, now, kept)) and loads(replace(other, gateway=running.gateway))
    held = await running._holdings.of(receipt)
    assert [one.restricted for one in held or ()] == ([True, True] if "statutory" in site else [])
    await running.close()
    keys = KeyFile(state).kept_ring({})
    assert len(checked(in_folder(state), keys).erased) == (0 if "statutory" in site else 2)


async def test_an_erasure_that_cannot_be_noted_has_its_effect_and_the_operator_is_told(
    machine: Machine, now: datetime, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """PRC-06"""
    running = machine("one")
    _, receipt = await agreed(running, now)
    (tmp_path / "one" / "erasures").mkdir()
    assert await running._holdings.erase(Erasure(receipt=receipt, time=now))
    assert "the file erasures lacks an erasure" in caplog.text
    assert await running._holdings.of(receipt) == []
    await running.close()


async def test_what_gets_into_the_ledger_while_it_is_being_erased_is_erased_as_well(
    machine: Machine, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PRC-06: another process may be writing just then what had waited on disk."""
    running = machine("one")
    asking, receipt = await agreed(running, now)
    waiting = Submission(record("withdrawal", receipt=receipt), TEXT, TERMS)
    holdings = running._holdings
    holdings._journal.prepare()
    holdings._journal.add(waiting)
    remove = holdings._journal.remove

    def written_meanwhile(ids: Collection[str]) -> None:
        holdings._ledger.append_all([waiting])
        remove(ids)

    monkeypatch.setattr(holdings._journal, "remove", written_meanwhile)
    assert (await erase(running, asking)).status == 303
    assert await holdings.of(receipt) == []
    await running.close()


async def test_what_is_kept_in_memory_is_erased_too_and_nothing_put_aside_is_written_meanwhile(
    machine: Machine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PRC-06"""
    running = machine("one")
    asking, receipt = await agreed(running, now)
    recording, destroy = running._recording, running._holdings.erase
    recording._held = [
        Submission(record("withdrawal", receipt=one), TEXT, TERMS) for one in (receipt, "other")
    ]

    async def paused(erasure: Erasure) -> bool:
        assert recording._aside.locked()
        return await destroy(erasure)

    monkeypatch.setattr(running._holdings, "erase", paused)
    assert (await erase(running, asking)).status == 303
    assert [one.record.receipt for one in recording._held] == ["other"]
    await running.close()


async def blocked_without_ledger(running: Running, asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(running._recording._ledger, "append_all", _fail)
        assert (await post(running, asking, action=["restrict"])).status == 303


async def test_prc_06_an_erasure_succeeds_where_the_journal_cannot_be_changed_and_empties_it_later(
    machine: Machine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consent_gateway.recording.RETRY_SECONDS", 0.2)
    running = machine("one")
    asking, receipt = await agreed(running, now)
    await blocked_without_ledger(running, asking, monkeypatch)
    journal = running._holdings._journal

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(journal, "_replace", full)
        assert (await erase(running, asking)).status == 303
        assert await running._holdings.of(receipt) == [] and len(journal.read()) == 1
    await until(lambda: journal.read() == [])
    assert await running._holdings.of(receipt) == []
    await running.close()


async def test_prc_06_what_waits_at_another_machine_is_not_written_under_what_was_erased(
    machine: Machine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = machine("one"), machine("other")
    asking, receipt = await agreed(one, now)
    await blocked_without_ledger(one, asking, monkeypatch)
    assert (await erase(other, replace(asking, gateway=other.gateway))).status == 303
    assert await one._recording._retry() and one._recording._journal.read() == []
    assert await one._holdings.of(receipt) == []
    for running in (one, other):
        await running.close()


async def test_prc_06_a_grant_under_way_while_all_is_erased_leaves_nothing(
    machine: Machine, now: datetime
) -> None:
    running = machine("one")
    asking, receipt = await agreed(running, now)
    form = {"service": ["zoom"], "instance": ["1"], "remember": ["on"], "in_page": ["on"]}
    grant = asking.post("/.privacy/activate", form)
    assert (await erase(running, asking)).status == 303
    assert (await running.carry_out(grant)).status == 503
    assert await running._holdings.of(receipt) == []
    await running.close()


async def test_prc_06_it_is_noted_before_it_is_carried_out(
    machine: Machine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash in between leaves an erasure that the next start carries out, and none that a backup undoes."""
    running = machine("one")
    asking, _ = await agreed(running, now)
    destroy, noted = running._holdings._ledger.erase_under, []

    def seen(*arguments: Any) -> None:
        noted.extend(running._holdings._erasures.read())
        destroy(*arguments)

    monkeypatch.setattr(running._holdings._ledger, "erase_under", seen)
    await erase(running, asking)
    assert len(noted) == 1
    await running.close()


async def test_prc_06_what_was_erased_beside_a_reader_leaves_the_files_when_he_is_gone(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consent_gateway.forgetting.SOON_SECONDS", (0.05,))
    monkeypatch.setattr("consent_gateway.forgetting.THEN_SECONDS", 0.05)
    monkeypatch.setattr("consent_gateway.database.PATIENCE_SECONDS", 0)
    state = tmp_path / "state"
    running = machine_in(state, SITE, now)
    asking, receipt = await agreed(running, now)
    reader = sqlite3.connect(state / "ledger.sqlite3", isolation_level=None)
    name = running._holdings._ledger.key_id(receipt)
    sealed = reader.execute("SELECT sealed FROM ledger_keys WHERE id = ?", [name]).fetchone()[0].encode()
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM ledger_entries").fetchone()

    def is_there() -> bool:
        return any(sealed in file.read_bytes() for file in state.glob("ledger.sqlite3*"))

    assert (await erase(running, asking)).status == 303
    assert is_there()
    reader.execute("COMMIT")
    reader.close()
    await until(lambda: not is_there())
    await running.close()


def _fail(*_: object) -> list[int]:
    raise DatabaseUnavailable("gone")
