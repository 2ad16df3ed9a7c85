"""A short soak: everything fails once while visitors come, and none of them gets a page unedited or loses what he decided."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests import postgresql
from tests.loopback import showing
from tests.soak.__main__ import main, told
from tests.soak.faults import NotBack, answers_again
from tests.soak.memory import FEWEST, Sample, grows, growth
from tests.soak.run import CannotFail, Outcome, soak
from tests.soak.visitors import Figures, judged, visit
from tests.soak.website import page

PAGE = page()


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    without: list[str] = []
    while True:
        try:
            return soak(
                6, rate=10, fault_seconds=1.5, without=without
            )  # no longer than each fault once takes
        except CannotFail as reason:
            without.append(reason.what)


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
    assert len(outcome.injected) + len(outcome.without) == 3 and outcome.injected["gateway killed"], told(
        outcome
    )
    assert outcome.of_website["whole"] < outcome.of_website.total(), told(outcome)


@pytest.mark.slow
def test_the_gateway_ends_as_it_should_after_all_that(outcome: Outcome) -> None:
    assert outcome.exit_code == 0 and "Traceback" not in outcome.log, outcome.log


def test_a_machine_on_which_not_all_can_fail_is_told_before_it_begins(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(postgresql, "programs", lambda: None)
    with pytest.raises(SystemExit) as ended:
        main(["--minutes", "1"])
    assert ended.value.code == 2 and "--without database" in capsys.readouterr().err


async def test_a_connection_that_nobody_answers_is_not_the_gateway_that_is_back() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as held,
        pytest.raises(NotBack, match=r"after .x. nobody answers"),
    ):
        await answers_again(f"http://127.0.0.1:{held.getsockname()[1]}", "x", within=0.5)


def lived(*sizes: float, pages: int = FEWEST) -> list[Sample]:
    """Samples with so many pages in the second half, of a process that always was and of others that end soon."""
    each = -(-pages // (len(sizes) - len(sizes) // 2 - 1))
    return [
        Sample(number * each, {1: int(size), 2 + number // 3: number * 10**9})
        for number, size in enumerate(sizes)
    ]


MEBIBYTES = [2.0**20 * size for size in range(400)]


@pytest.mark.parametrize(
    ("sizes", "is_growing"),
    [
        (MEBIBYTES[100:200], True),
        ([*MEBIBYTES[:200:4], *[MEBIBYTES[200]] * 50], False),  # a cache that is full
        (MEBIBYTES[100:120], False),  # less than the noise
        ([MEBIBYTES[100], MEBIBYTES[350]] * 50, False),  # a backlog that comes and goes
        ([MEBIBYTES[100]] * 99 + [MEBIBYTES[399]], False),
    ],
    ids=["leak", "cache", "little", "backlog", "end"],
)
def test_memory_that_grows_with_the_pages_is_noticed(sizes: list[float], is_growing: bool) -> None:
    assert grows(lived(*sizes)) is is_growing
    assert set(growth(lived(*sizes))) == {1}


def test_a_short_run_says_nothing_of_memory() -> None:
    assert growth(lived(*MEBIBYTES, pages=FEWEST // 2)) == {} and not grows(
        lived(*MEBIBYTES, pages=FEWEST // 2)
    )


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
