"""A capture while it is read."""

from __future__ import annotations

import io
from pathlib import Path

from consent_gateway.captures.reading import MOST_SKIPPED, Counted, Skipped


def test_no_more_is_asked_for_than_there_is(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 200_000)
    told: list[int] = []
    with Counted(io.FileIO(path), 200_000, told.append) as file:
        assert len(file.read(150_000)) == 150_000 and not file.is_cut_off
        assert len(file.read(10**12)) == 50_000 and file.is_cut_off
        assert file.read(1) == b"" and file.is_cut_off
    assert told == [150_000]  # and not for every byte


def test_of_thousands_of_faults_a_hundred_are_named_and_the_rest_is_counted() -> None:
    skipped = Skipped()
    for number in range(MOST_SKIPPED + 7):
        skipped.add(f"flow {number}")
    assert len(skipped.sentences) == MOST_SKIPPED + 1 and skipped.sentences[-1] == "and 7 more"
