"""A running gateway takes requests, turns too many away, says when it cannot, and sends them on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import pytest

from consent_gateway.database import Database, DatabaseUnavailable, in_folder
from consent_gateway.messages import Response
from consent_gateway.replies import text
from consent_gateway.running import Running
from consent_gateway.state import StateFolder
from consent_gateway.subject_requests import book as module
from consent_gateway.subject_requests.asking import LookingUp, Noticing, Receiving
from consent_gateway.subject_requests.book import Requests
from consent_gateway.subject_requests.request import SubjectRequest
from consent_gateway.visit import Reply
from tests.machines import machine_in
from tests.mailbox import receiving
from tests.received import NOW, new
from tests.recorded import checked
from tests.waiting import until

NOTHING = text(503, "nothing was taken\n")


def running_in(state: Path, notify: str = "") -> Running:
    return machine_in(state, notify, NOW)


def asked(recipients: Sequence[tuple[str, str]] = ()) -> Reply:
    receiving = Receiving(
        new=new(),
        recipients=recipients,
        received=lambda request: text(200, f"{request.number} {request.key}"),
        unreceived=NOTHING,
        too_many=lambda seconds: text(429, f"in {seconds} seconds\n"),
    )
    return Reply(response=NOTHING, asking=receiving)


def looked_up(number: int, key: str) -> Reply:
    def found(request: SubjectRequest | None) -> Response:
        return text(200, request.kind) if request else text(404, "nothing")

    return Reply(response=NOTHING, asking=LookingUp(number=number, key=key, found=found, unavailable=NOTHING))


def kept(state: Path) -> Requests:
    return Requests.to_read(in_folder(state), StateFolder(state).keys.kept_ring({}))


async def test_who_asks_gets_number_and_key_and_finds_the_request_with_them(state: Path) -> None:
    """PRC-09"""
    running = running_in(state)
    answer = await running.carry_out(asked([("crm", "CRM")]))
    number, key = answer.body.decode().split()
    assert (answer.status, number) == (200, "1")
    assert (await running.carry_out(looked_up(1, key))).body == b"erase"
    for wrong in (looked_up(1, "x"), looked_up(2, key)):
        assert (await running.carry_out(wrong)).status == 404
    await running.close()
    book = kept(state)
    assert [one.recipient for one in book.notices.open()] == ["crm"] and len(book.all()) == 1
    book.close()


async def test_too_many_are_told_when_again(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_AN_HOUR", 2)
    running = running_in(state)
    answers = [await running.carry_out(asked()) for _ in range(3)]
    assert [one.status for one in answers] == [200, 200, 429] and answers[2].body == b"in 3600 seconds\n"
    await running.close()


async def test_without_a_database_nothing_is_taken_and_that_is_said(
    state: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    running = running_in(state)
    caplog.clear()

    def gone(*_: object, **__: object) -> None:
        raise DatabaseUnavailable("gone")

    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR):
        broken.setattr(Database, "writing", gone)
        broken.setattr(Database, "reading", gone)
        for _ in range(3):
            assert await running.carry_out(asked()) == NOTHING
            assert await running.carry_out(looked_up(1, "x")) == NOTHING
        assert caplog.messages == [
            "a request could not be taken: gone",
            "a request cannot be looked up: gone",
        ]
        reply = Reply(response=text(200, "done"), noticing=Noticing(right="erase", recipients=[("crm", "CRM")]))  # fmt: skip
        assert (await running.carry_out(reply)).body == b"done"
    assert "not noted: tell CRM of erase" in caplog.text and "anna" not in caplog.text
    await running.close()
    book = kept(state)
    assert book.all() == []
    book.close()


async def test_a_right_exercised_here_is_noted_for_its_recipients(state: Path) -> None:
    """PRC-10"""
    running = running_in(state)
    reply = Reply(response=text(200, "done"), noticing=Noticing(right="erase", recipients=[("crm", "CRM")]))
    assert (await running.carry_out(reply)).body == b"done"
    await running.close()
    book = kept(state)
    assert [(one.recipient, one.request) for one in book.notices.open()] == [("crm", None)]
    book.close()


async def test_a_running_gateway_sends_on_what_it_takes_and_what_was_left_from_before(state: Path) -> None:
    """PRC-09"""
    with receiving() as box:
        notify = f'[notify]\nsmtp = "smtp://127.0.0.1:{box.port}"\nto = "privacy@example.com"'
        stopped = running_in(state, notify)
        assert (await stopped.carry_out(asked())).status == 200
        await stopped.close()
        assert box.messages == []
        running = running_in(state, notify)
        running.begin()
        await until(lambda: len(box.messages) == 1)
        await running.carry_out(asked())
        await until(lambda: len(box.messages) == 2)
        await running.close()
    found = checked(in_folder(state), StateFolder(state).keys.kept_ring({}))
    assert found.events == 2
