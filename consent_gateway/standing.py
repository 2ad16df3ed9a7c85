"""How the things stand that a gateway depends on: database, journal, disk, keys."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from consent_gateway.database import DatabaseUnavailable, Url
from consent_gateway.journal import waiting
from consent_gateway.private_files import BadState
from consent_gateway.report_counts import ReportCounts
from consent_gateway.state import StateFolder

LITTLE_BYTES = 64 * 2**20  # on the disk of the state folder


@dataclass(frozen=True, slots=True)
class Standing:
    """`waiting` records are in the journal; `faults` has a sentence for each thing that is wrong."""

    waiting: int
    faults: tuple[str, ...]


def look(folder: Path, database: Url, environment: Mapping[str, str]) -> Standing:
    """What is wrong at this moment. Blocks."""
    try:
        number, unreadable = waiting(folder), ""
    except OSError as error:
        number, unreadable = 0, f"journal unreadable: {error.strerror}"
    faults = [*_faults(folder, database, environment), *([unreadable] if unreadable else [])]
    if number:
        faults.append(f"journal growing: {number} records wait for the ledger")
    return Standing(number, tuple(faults))


def _faults(folder: Path, database: Url, environment: Mapping[str, str]) -> Iterator[str]:
    try:
        counts = ReportCounts.to_read(database)
        counts.close()
    except DatabaseUnavailable as error:
        yield f"database unreachable: {error}"
    try:
        StateFolder(folder).keys.kept_ring(environment)
    except BadState as error:
        yield f"keys unreadable: {error}"
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        yield f"state folder unreadable: {error.strerror}"
    else:
        if free < LITTLE_BYTES:
            yield f"disk full: {free // 2**20} MiB left where the state folder is"
