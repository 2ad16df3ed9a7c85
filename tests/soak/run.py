"""One soak: a website that breaks, a gateway that is killed, a database that stops, a disk that is full, and visitors all the while."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import postgresql, small_disk
from tests.crowd import assert_all_recorded
from tests.soak.faults import Fault, Tell, faults, injecting
from tests.soak.memory import Sample, grows
from tests.soak.served import Served
from tests.soak.visitors import Figures, capacity, visiting
from tests.soak.website import breaking

MEASURING = 10.0  # seconds in which the capacity is found
ROOM = "24m"  # of the disk that fills
SEED = 8
SAMPLES = 200  # of the memory
WAIVED = ("database", "disk")  # what need not fail


class CannotFail(Exception):
    """Something that is to fail cannot be made to on this machine. `what` is one of WAIVED."""

    def __init__(self, what: str, reason: object) -> None:
        super().__init__(f"the {what} cannot fail here: {reason}; --without {what} does without it")
        self.what = what


@dataclass
class Outcome:
    """What a soak came to."""

    seconds: float
    rate: float
    figures: Figures
    of_website: Counter[str]
    injected: Counter[str]
    without: tuple[str, ...]  # what was not to fail
    starts: int
    memory: list[Sample]
    exit_code: int
    lost: str = ""  # what is not in the ledger
    log: str = field(default="", repr=False)

    @property
    def is_clean(self) -> bool:
        """Not a page unedited, not a decision lost, no memory that grows, and the gateway ended as it should."""
        return not self.figures.unedited and not self.lost and not grows(self.memory) and self.exit_code == 0


def soak(
    seconds: float,
    *,
    rate: float = 0.0,
    fault_seconds: float = 20.0,
    without: Collection[str] = (),
    tell: Tell = lambda what: None,
) -> Outcome:
    """Without a rate, half of what the gateway is found to carry; `without` is of WAIVED; `tell` is told what is
    done. Raises CannotFail before anything has begun, DidNotStart and NotBack."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))
        database = small = None
        try:
            if "database" not in without:
                database = stack.enter_context(postgresql.server())
        except pytest.skip.Exception as reason:
            raise CannotFail("database", reason) from reason
        try:
            if "disk" not in without:
                small = stack.enter_context(small_disk.mounted(folder / "state", ROOM))
        except pytest.skip.Exception as reason:
            raise CannotFail("disk", reason) from reason
        origin, of_website = stack.enter_context(breaking(SEED))
        url = database.url if database else f"sqlite:///{folder / 'ledger.sqlite'}"
        gateway = Served(origin, folder / "state", _with_driver(url), folder / "log")
        gateway.begin()
        stack.callback(lambda: gateway.end() if not ended else None)
        ended: list[int] = []
        figures = Figures()
        injected, seconds, rate, memory = asyncio.run(
            _under_way(gateway, figures, faults(gateway, database, small), seconds, rate, fault_seconds, tell)
        )
        ended.append(gateway.end())
        return Outcome(
            seconds, rate, figures, of_website, injected, tuple(sorted(without)), gateway.starts, memory, ended[0],
            lost=_lost(_with_driver(url), figures), log=gateway.log.read_text(),
        )  # fmt: skip


async def _under_way(
    gateway: Served,
    figures: Figures,
    these: dict[str, Fault],
    seconds: float,
    rate: float,
    fault_seconds: float,
    tell: Tell,
) -> tuple[Counter[str], float, float, list[Sample]]:
    if not rate:
        tell("how many visitors it carries")
        rate = await capacity(gateway.address, MEASURING, figures.answered) / 2
    samples: list[Sample] = []
    begun = time.monotonic()
    enough = asyncio.Event()
    visitors = asyncio.create_task(visiting(gateway.address, rate, enough, figures))
    weighing = asyncio.create_task(_weighing(gateway, figures, seconds / SAMPLES, samples))
    try:
        injected = await injecting(gateway, these, fault_seconds, begun + seconds, tell)
    finally:
        enough.set()
        weighing.cancel()
        await visitors
    return injected, time.monotonic() - begun, rate, samples


async def _weighing(gateway: Served, figures: Figures, every: float, samples: list[Sample]) -> None:
    while True:
        samples.append(Sample(figures.pages.total(), await asyncio.to_thread(gateway.memory)))
        await asyncio.sleep(max(0.5, every))


def _lost(url: str, figures: Figures) -> str:
    try:
        assert_all_recorded(url, figures.answered)
    except AssertionError as reason:
        return str(reason) or "decisions that were answered are not in the ledger"
    return ""


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")
