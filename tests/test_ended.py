"""A cookie kept from before a withdrawal brings nothing back, in no process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from consent_gateway.ended import Ended
from consent_gateway.journal import Journal
from consent_gateway.key_file import KeyFile
from consent_gateway.keys import KeyRing
from consent_gateway.messages import Response
from consent_gateway.record import Submission
from consent_gateway.running import Running
from tests.asking import Asking, cookie_of
from tests.machines import KEYS, PAGE, loads, machine_in
from tests.recorded import opened, record, write

CHOICE = "/.privacy/choice"
SITE = "[services.google-analytics]\n[services.hotjar]\n[services.youtube]\n[services.zoom]\n"
ADVERTISING = '<!doctype html><body><script src="https://static.hotjar.com/c/hotjar-1.js"></script></body>'
Machine = Callable[[str], Running]


@pytest.fixture
def machine(database_url: str, tmp_path: Path, now: datetime) -> Machine:
    """Starts a machine at one database that all share."""

    def started(name: str) -> Running:
        return machine_in(tmp_path / name, SITE, now, database=database_url, environment=KEYS)

    return started


async def post(running: Running, asking: Asking, **form: list[str]) -> Response:
    return await running.carry_out(asking.post(CHOICE, {"decision": ["save"]} | form))


async def test_con_08_a_cookie_from_before_a_withdrawal_counts_for_nothing(
    machine: Machine, now: datetime
) -> None:
    one, other = machine("one"), machine("other")
    fresh = Asking(one.gateway, now)
    granted = cookie_of(await post(one, fresh, decision=["accept_all"]))
    before = replace(fresh, cookie=granted)
    assert loads(before)
    assert (await post(one, before, decision=["reject_all"])).status == 303
    assert not loads(before), "in the process that recorded it, at once"
    elsewhere = Asking(other.gateway, now, granted)
    other._ended.look()
    assert not loads(elsewhere), "in another one, once it has looked"
    hit = elsewhere.reply("POST", "/.privacy/ga/g/collect?v=2&tid=G-TEST123&en=page_view")
    assert hit.outbound is None
    assert b'data-privacy="notice"' in elsewhere.page(PAGE).body
    for running in (one, other):
        await running.close()
    later = machine("third")
    assert not loads(Asking(later.gateway, now, granted)), "in one that was started afterwards"
    await later.close()


async def test_con_08_a_cookie_from_before_a_change_counts_for_nothing_and_the_new_one_does(
    machine: Machine, now: datetime
) -> None:
    running = machine("one")
    fresh = Asking(running.gateway, now)
    granted = cookie_of(await post(running, fresh, decision=["accept_all"]))
    before = replace(fresh, cookie=granted)
    narrowed = cookie_of(await post(running, before, purpose=["webinars"], service=["youtube"]))
    assert not loads(before)
    after = replace(fresh, cookie=narrowed)
    assert loads(after)
    again = cookie_of(await post(running, after, purpose=["media"]))
    assert loads(replace(fresh, cookie=again)) and not loads(after)
    await running.close()


async def test_what_was_granted_on_top_ends_nothing(machine: Machine, now: datetime) -> None:
    running = machine("one")
    fresh = Asking(running.gateway, now)
    granted = cookie_of(await post(running, fresh, purpose=["media"]))
    form = {"service": ["zoom"], "instance": ["1"], "remember": ["on"]}
    await running.carry_out(replace(fresh, cookie=granted).post("/.privacy/activate", form))
    assert loads(replace(fresh, cookie=granted)), "another tab that has not heard of it yet"
    await running.close()


async def test_a_withdrawal_that_the_ledger_cannot_take_counts_at_once(
    machine: Machine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = machine("one")
    fresh = Asking(running.gateway, now)
    before = replace(fresh, cookie=cookie_of(await post(running, fresh, decision=["accept_all"])))
    with monkeypatch.context() as broken:
        broken.setattr("consent_gateway.recording.REFUSAL_SECONDS", 0.0)
        await post(running, before, decision=["reject_all"])
    assert not loads(before)
    await running.close()


async def test_a_withdrawal_that_still_waits_on_disk_counts_after_a_restart(
    machine: Machine, now: datetime, tmp_path: Path
) -> None:
    """CON-08"""
    running = machine("one")
    fresh = Asking(running.gateway, now)
    granted = cookie_of(await post(running, fresh, decision=["accept_all"]))
    reply = replace(fresh, cookie=granted).post(CHOICE, {"decision": ["reject_all"]})
    assert reply.record is not None
    await running.close()
    journal = Journal(tmp_path / "one", KeyFile(tmp_path / "one").kept_ring(KEYS))
    journal.prepare()
    journal.add(Submission(*reply.record, reply.terms))
    again = machine("one")
    assert not loads(Asking(again.gateway, now, granted))
    await again.close()


async def test_a_withdrawal_ends_what_was_granted_before_the_browser_objected(
    machine: Machine, now: datetime
) -> None:
    """BAN-14, CON-08"""
    running = machine("one")
    fresh = Asking(running.gateway, now)
    swept = cookie_of(await post(running, fresh, decision=["accept_all"], asked=["marketing"]))
    before = replace(fresh, cookie=swept)
    assert b'src="https://static.hotjar.com' in before.page(ADVERTISING).body
    reply = replace(before, signals={"Sec-GPC": "1"}).post(CHOICE, {"decision": ["reject_all"]})
    assert reply.record is not None and reply.record[0].kind == "withdrawal" and reply.record[0].receipt
    await running.carry_out(reply)
    assert b'src="https://static.hotjar.com' not in before.page(ADVERTISING).body
    await running.close()


def test_what_no_cookie_can_say_any_more_is_forgotten(
    database_url: str, ring: KeyRing, now: datetime
) -> None:
    with opened(database_url, ring) as ledger:
        write(ledger, record(receipt="a"), record("withdrawal", receipt="a"))
        days = [now]
        ended = Ended(ledger, lambda: days[0])
        ended.look()
        assert not ended.is_current("a", 5) and ended.is_current("b", 0)
        days[0] = now + timedelta(days=200)
        ended.look()
        assert ended._least == {}
        fresh = Ended(ledger, lambda: days[0])
        fresh.look()
        assert fresh._least == {}


OBJECT, BLOCK, ALWAYS = (
    ("/.privacy/rights", {"action": ["object"]}),
    ("/.privacy/rights", {"action": ["restrict"]}),
    ("/.privacy/activate", {"service": ["zoom"], "instance": ["1"], "remember": ["on"], "in_page": ["on"]}),
)


@pytest.mark.parametrize("ending", [OBJECT, BLOCK], ids=["objection", "block"])
@pytest.mark.parametrize("first", ["ending", "grant"])
@pytest.mark.parametrize("machines", [("one", "one"), ("one", "other")], ids=["one process", "two"])
async def test_con_08_what_takes_back_is_not_lost_to_a_grant_of_another_tab(
    machine: Machine,
    now: datetime,
    ending: tuple[str, dict[str, list[str]]],
    first: str,
    machines: tuple[str, str],
) -> None:
    running = {name: machine(name) for name in sorted(set(machines))}
    one, other = (running[name] for name in machines)
    fresh = Asking(one.gateway, now)
    granted = cookie_of(await post(one, fresh, purpose=["media", "marketing"], service=["hotjar"]))
    tabs = Asking(one.gateway, now, granted), Asking(other.gateway, now, granted)
    both = {"ending": (one, tabs[0].post(*ending)), "grant": (other, tabs[1].post(*ALWAYS))}
    answers = {}
    for name in sorted(both, key=lambda name: name != first):
        answers[name] = await both[name][0].carry_out(both[name][1])
    assert answers["ending"].status == 303
    assert answers["grant"].status == (503 if first == "ending" else 204)
    for gateway in (one, other):
        gateway._ended.look()
        for cookie in (granted, cookie_of(answers["grant"])):
            tab = Asking(gateway.gateway, now, cookie)
            assert b'src="https://static.hotjar.com' not in tab.page(ADVERTISING).body
            assert not loads(tab)
        kept = Asking(gateway.gateway, now, cookie_of(answers["ending"]))
        assert loads(kept) == (ending is OBJECT), "and the one that took back says what is left"
    for gateway in running.values():
        await gateway.close()


async def test_con_08_nor_where_the_ledger_could_not_take_it(
    machine: Machine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = machine("one")
    fresh = Asking(running.gateway, now)
    granted = cookie_of(await post(running, fresh, purpose=["media", "marketing"]))
    tab = replace(fresh, cookie=granted)
    grant, ending = tab.post(*ALWAYS), tab.post(*OBJECT)
    with monkeypatch.context() as broken:
        broken.setattr("consent_gateway.recording.REFUSAL_SECONDS", 0.0)
        await running.carry_out(ending)
    assert (await running.carry_out(grant)).status == 503
    await running.close()


async def test_prc_07_a_cookie_that_counts_no_more_still_objects(machine: Machine, now: datetime) -> None:
    running = machine("one")
    tab = Asking(running.gateway, now)
    tab.cookie = cookie_of(await post(running, tab, decision=["accept_all"]))
    objected = cookie_of(await running.carry_out(tab.post(*OBJECT)))
    tab.cookie = objected
    await running.carry_out(tab.post(*BLOCK))
    assert not loads(tab)
    tab.cookie = cookie_of(await post(running, tab, decision=["accept_all"]))
    assert loads(tab) and b'src="https://static.hotjar.com' not in tab.page(ADVERTISING).body
    await running.close()


async def test_what_is_taken_back_counts_while_the_ledger_is_still_waited_for(
    machine: Machine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CON-08"""
    running = machine("one")
    tab = Asking(running.gateway, now)
    tab.cookie = cookie_of(await post(running, tab, decision=["accept_all"]))
    grant = tab.post(*ALWAYS)
    meanwhile: list[object] = []

    async def waiting(_: Submission) -> None:
        meanwhile.append(loads(tab))
        meanwhile.append((await running.carry_out(grant)).status)

    monkeypatch.setattr(running._recording, "refusal", waiting)
    await running.carry_out(tab.post(*BLOCK))
    assert meanwhile == [False, 503]
    await running.close()
