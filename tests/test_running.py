"""A gateway at work: what is recorded before an answer, and what happens when that fails."""

from __future__ import annotations

import asyncio
import base64
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from consent_gateway.database import DatabaseUnavailable, in_folder
from consent_gateway.google_scripts import Script
from consent_gateway.holding import Holding
from consent_gateway.key_file import KEYS_VARIABLE
from consent_gateway.ledger import Ledger, Record
from consent_gateway.private_files import BadState
from consent_gateway.replies import redirect, text
from consent_gateway.running import MANY, Running
from consent_gateway.seen import Seen
from consent_gateway.starting import Settings, start
from consent_gateway.state import StateFolder
from consent_gateway.visit import Lookup, Reply
from tests.asking import CHROME, Asking, consented
from tests.recorded import TERMS, TEXT, checked, record


@pytest.fixture
async def running(state: Path) -> AsyncIterator[Running]:
    started = start(Settings(origin="http://127.0.0.1:9", origin_hosts=(), state=state, environment={}))
    yield started
    await started.close()


def records(state: Path) -> list[Record]:
    ledger = Ledger.to_read(in_folder(state), StateFolder(state).keys.kept_ring({}))
    found = [record for _, record in ledger.records()]
    ledger.close()
    return found


async def test_a_record_is_on_disk_when_the_answer_leaves(running: Running, state: Path) -> None:
    reply = Reply(response=redirect("/"), record=(record(), TEXT), terms=TERMS, unrecorded=text(503, "no"))
    response = await running.carry_out(reply)
    assert response.status == 303
    assert records(state) == [record()]
    assert checked(in_folder(state), StateFolder(state).keys.kept_ring({})).records == 1


async def test_without_a_record_a_grant_is_not_answered_and_a_refusal_is(
    running: Running, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = Reply(response=redirect("/"), record=(record(), TEXT), unrecorded=text(503, "no"))
    refusal = Reply(response=redirect("/"), record=(record("refusal"), TEXT), terms=TERMS)
    with monkeypatch.context() as broken:
        broken.setattr(running._recording._ledger, "append_all", _fail)
        assert (await running.carry_out(grant)).status == 503
        assert (await running.carry_out(refusal)).status == 303
    await running.close()
    assert records(state) == [record("refusal")]


async def test_prc_08_whatever_is_wrong_with_what_is_held_a_right_takes_effect(
    running: Running, state: Path
) -> None:
    def answer(held: object) -> Reply:
        raise KeyError("purposes")

    block = Reply(response=redirect("/"), record=(record("restriction"), TEXT), terms=TERMS)
    response = await running.carry_out(replace(block, lookup=Lookup(receipt="r", answer=answer)))
    assert response.status == 303
    assert records(state) == [record("restriction")]


async def test_many_records_are_described_beside_the_event_loop(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def answer(held: object) -> Reply:
        threads.append(threading.current_thread())
        return Reply(response=redirect("/"))

    for many in (1, MANY + 1):
        held = [Holding(number=1, record=record())] * many
        monkeypatch.setattr(running._holdings._ledger, "records_of", lambda receipt, held=held: held)
        await running.carry_out(Reply(response=redirect("/"), lookup=Lookup(receipt="r", answer=answer)))
    here = threading.current_thread()
    assert threads[0] is here and threads[1] is not here


async def test_what_was_seen_outlives_a_restart(running: Running, state: Path) -> None:
    running.learn(Seen(services=frozenset(("zoom",)), properties=frozenset(("G-ABC123",))))
    await asyncio.sleep(0.2)
    again = start(Settings(origin="http://127.0.0.1:9", origin_hosts=(), state=state, environment={}))
    assert again.gateway.seen == running.gateway.seen
    await again.close()


async def test_a_script_that_cannot_be_fetched_is_an_empty_one_that_is_not_kept(running: Running) -> None:
    response = await running.carry_out(Reply(response=text(204, ""), script="http://127.0.0.1:9/gtag/js"))
    assert (response.status, response.body[:2]) == (200, b"/*")
    assert response.headers.get("cache-control") == "no-store"


async def test_the_properties_of_a_container_are_learnt_from_its_script(running: Running) -> None:
    async def script(url: str) -> Script:
        return Script(b'{"vtp_trackingId":"G-CONTAINED1"}', time.time(), 900)

    running.upstream.script = script  # type: ignore[method-assign]
    response = await running.carry_out(Reply(response=text(204, ""), script="http://x/gtm.js?id=GTM-X"))
    assert response.headers.get("cache-control") == "private, max-age=900"
    assert running.gateway.seen.properties == {"G-CONTAINED1"}


async def test_two_machines_agree_on_the_pseudonym_of_a_visitor(
    database_url: str, tmp_path: Path, now: datetime
) -> None:
    keys = {KEYS_VARIABLE: f"a:{base64.b64encode(bytes(range(32))).decode()}"}

    def machine(name: str) -> Running:
        return start(
            Settings(
                origin="http://127.0.0.1:9",
                origin_hosts=(),
                state=tmp_path / name,
                database=database_url,
                environment=keys,
            ),
            now=lambda: now,
        )

    machines = [machine("one"), machine("other")]
    sent = []
    cookie = consented(machines[0].gateway, now, purpose=["analytics"])
    for running in machines:
        running.gateway.learn(Seen(properties=frozenset(("G-TEST123",))))
        asking = Asking(running.gateway, now, cookie=cookie)
        target = "/.privacy/ga/g/collect?v=2&tid=G-TEST123&en=page_view&brand_new=1"
        sent.append(asking.reply("POST", target, **{"User-Agent": CHROME}).outbound)
        await running.close()
    assert sent[0] is not None and sent[0] == sent[1]
    assert not (tmp_path / "one" / "salts").exists()


MADE, OTHER = (f"{name}:{base64.b64encode(bytes(range(start, start + 32))).decode()}" for name, start in (("made", 0), ("other", 50)))  # fmt: skip


async def test_on_a_ledger_of_other_keys_none_is_made_and_it_is_said_where_they_are(
    database_url: str, tmp_path: Path
) -> None:
    def machine(name: str, *keys: str) -> Running:
        environment = {KEYS_VARIABLE: ",".join(keys)}
        return start(Settings(origin="http://127.0.0.1:9", origin_hosts=(), state=tmp_path / name, database=database_url, environment=environment))  # fmt: skip

    remedy = f"Set {KEYS_VARIABLE} to the line that the other machines have"
    await machine("one", MADE).close()
    with pytest.raises(BadState, match=rf"under other keys: .* made or root-.*for there are none\. {remedy}"):
        machine("forgotten")
    assert [*(tmp_path / "forgotten").iterdir()] == []
    with pytest.raises(BadState, match=rf"which is not among the keys given \(other\)\. {remedy}"):
        machine("wrong", OTHER)
    await machine("two", MADE).close()
    await machine("ahead", MADE, OTHER).close()


async def test_a_restored_ledger_without_its_keys_gets_no_new_ones(running: Running, state: Path) -> None:
    (state / "keys").unlink()
    with pytest.raises(BadState, match="put the file keys that belongs to it into the state folder"):
        start(Settings(origin="http://127.0.0.1:9", origin_hosts=(), state=state, environment={}))
    assert not (state / "keys").exists()


def _fail(*_: object, **__: object) -> list[int]:
    raise DatabaseUnavailable("gone")


async def test_health_says_what_is_wrong_in_a_line_and_a_load_balancer_keeps_us_for_the_pages(
    running: Running, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = Reply(response=text(200, "ok\n"), health=True)
    assert (await running.carry_out(asking)).body == b"ok\n"
    with monkeypatch.context() as broken:
        broken.setattr(running._ended._ledger, "ended", _fail)
        await running._ended._keep()
        response = await running.carry_out(asking)
        assert (response.status, response.body) == (503, b"database unreachable\n")
        assert (await running.carry_out(replace(asking, health=False))).status == 200
    await running._ended._keep()
    (state / "keys").write_text("damaged")
    running._keys.look()
    assert (await running.carry_out(asking)).body == b"keys unreadable\n"
