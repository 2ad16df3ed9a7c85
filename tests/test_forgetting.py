"""What was erased leaves the files when nobody reads them any more, without being asked again."""

from __future__ import annotations

import asyncio
import logging

import pytest

from consent_gateway import forgetting as module
from consent_gateway.database import DatabaseUnavailable
from consent_gateway.forgetting import Forgetting


class Files:
    """What is in them until they were asked so often."""

    def __init__(self, *answers: bool | None) -> None:
        self.answers = list(answers)
        self.asked = asyncio.Event()

    async def forget(self) -> bool:
        answer = self.answers.pop(0)
        if not self.answers:
            self.asked.set()
        if answer is None:
            raise DatabaseUnavailable("gone")
        return answer


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SOON_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(module, "THEN_SECONDS", 0.0)


async def test_prc_06_it_is_tried_until_it_succeeds_and_then_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    files = Files(False, False, None, False, False, True)
    forgetting = Forgetting(files.forget)
    await forgetting.now()
    assert len(files.answers) == 5, "who has asked does not wait for it"
    await asyncio.wait_for(files.asked.wait(), 10)
    await forgetting.close()
    assert "out of the files" in caplog.text and "gone" in caplog.text


async def test_what_succeeds_at_once_is_not_repeated() -> None:
    files = Files(True, True)
    forgetting = Forgetting(files.forget)
    await forgetting.now()
    await forgetting.close()
    assert files.answers == [True]


@pytest.mark.parametrize(("last", "is_said"), [(True, False), (False, True)])
async def test_a_gateway_that_stops_tries_a_last_time_and_does_not_wait(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, last: bool, is_said: bool
) -> None:
    monkeypatch.setattr(module, "SOON_SECONDS", (3600.0,))
    files = Files(False, False, last)
    forgetting = Forgetting(files.forget)
    await forgetting.now()
    await forgetting.now()
    await asyncio.wait_for(forgetting.close(), 10)
    assert files.answers == [] and ("run ledger purge" in caplog.text) == is_said
