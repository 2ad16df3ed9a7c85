"""One soak: a website that breaks, a gateway that is killed, a database that stops, a disk that is full, and visitors all the while."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import postgresql, small_disk
from tests.crowd import assert_all_recorded
from tests.soak.faults import Fault, Tell, faults, injecting
from tests.soak.served import Served
from tests.soak.visitors import Figures, capacity, visiting
from tests.soak.website import breaking

MEASURING = 10.0  # seconds in which the capacity is found
ROOM = "24m"  # of the disk that fills
SEED = 8


@dataclass
class Outcome:
    """What a soak came to."""

    seconds: float
    rate: float
    figures: Figures
    of_website: Counter[str]
    injected: Counter[str]
    missing: list[str]  # faults that could not be injected here, and why
    starts: int
    memory: tuple[int, int]
    exit_code: int
    lost: str = ""  # what is not in the ledger
    log: str = field(default="", repr=False)

    @property
    def is_clean(self) -> bool:
        """Not a page unedited, not a decision lost, and the gateway ended as it should."""
        return not self.figures.unedited and not self.lost and self.exit_code == 0


def soak(
    seconds: float, *, rate: float = 0.0, fault_seconds: float = 20.0, tell: Tell = lambda what: None
) -> Outcome:
    """Without a rate, half of what the gateway is found to carry; `tell` is told what is done. Raises DidNotStart
    and NotBack."""
    missing: list[str] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))
        database = small = None
        try:
            database = stack.enter_context(postgresql.server())
        except pytest.skip.Exception as reason:
            missing.append(f"database stopped: {reason}")
        try:
            small = stack.enter_context(small_disk.mounted(folder / "state", ROOM))
        except pytest.skip.Exception as reason:
            missing.append(f"disk full: {reason}")
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
            seconds, rate, figures, of_website, injected, missing, gateway.starts, memory, ended[0],
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
) -> tuple[Counter[str], float, float, tuple[int, int]]:
    if not rate:
        tell("how many visitors it carries")
        rate = await capacity(gateway.address, MEASURING, figures.answered) / 2
    before = gateway.memory()
    begun = time.monotonic()
    enough = asyncio.Event()
    visitors = asyncio.create_task(visiting(gateway.address, rate, enough, figures))
    try:
        injected = await injecting(gateway, these, fault_seconds, begun + seconds, tell)
    finally:
        enough.set()
        await visitors
    return injected, time.monotonic() - begun, rate, (before, gateway.memory())


def _lost(url: str, figures: Figures) -> str:
    try:
        assert_all_recorded(url, figures.answered)
    except AssertionError as reason:
        return str(reason) or "decisions that were answered are not in the ledger"
    return ""


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")
