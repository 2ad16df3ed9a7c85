"""A short soak: everything fails once while visitors come, and none of them gets a page unedited or loses what he decided."""

from __future__ import annotations

import asyncio

import pytest

from tests.loopback import showing
from tests.soak.__main__ import told
from tests.soak.run import Outcome, soak
from tests.soak.visitors import Figures, judged, visit
from tests.soak.website import page

PAGE = page()


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return soak(6, rate=10, fault_seconds=1.5)  # no longer than each fault once takes


@pytest.mark.slow
def test_not_one_page_reached_a_visitor_unedited(outcome: Outcome) -> None:
    assert outcome.figures.unedited == [] and outcome.figures.pages["edited"] > 30, told(outcome)


@pytest.mark.slow
def test_not_one_answered_decision_was_lost(outcome: Outcome) -> None:
    answered = outcome.figures.answered
    assert outcome.lost == "" and answered.receipts and answered.refusals, told(outcome)
    assert set(answered.statuses) <= {303, 503}, told(outcome)


@pytest.mark.slow
def test_every_fault_that_can_be_injected_here_was(outcome: Outcome) -> None:
    assert len(outcome.injected) + len(outcome.missing) == 3 and outcome.injected["gateway killed"], told(
        outcome
    )
    assert outcome.of_website["whole"] < outcome.of_website.total(), told(outcome)


@pytest.mark.slow
def test_the_gateway_ends_as_it_should_after_all_that(outcome: Outcome) -> None:
    assert outcome.exit_code == 0 and "Traceback" not in outcome.log, outcome.log


def test_a_page_that_is_not_edited_is_noticed() -> None:
    figures = Figures()

    async def look(address: str) -> None:
        import aiohttp

        async with aiohttp.ClientSession() as client:
            await visit(client, address, figures)

    with showing(PAGE.decode()) as website:
        asyncio.run(look(website.address))
    assert figures.pages == {"unedited": 1} and figures.unedited == [PAGE]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"<p data-privacy>", "edited"),
        (200, PAGE[: len(PAGE) // 2], "unedited"),
        (None, PAGE[: len(PAGE) // 2], "unedited"),
        (None, b"<p>", "broken off"),
        (None, b"", "none"),
        (200, b"", "incomplete"),
        (502, b"", "error page 502"),
    ],
)
def test_a_page_counts_by_its_bytes(status: int | None, body: bytes, kind: str) -> None:
    assert judged(status, body) == kind
