"""What was erased is noted beside the database, for as long as a backup could bring it back."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from consent_gateway.erasures import Erasures
from consent_gateway.holding import Erased
from consent_gateway.periods import Period
from consent_gateway.private_files import BadState

TIME = "2026-11-24T10:30:00+00:00"


def erased(now: datetime, name: str = "a" * 32, *, retained: bool = False) -> Erased:
    return Erased(name=name, time=now, retained=retained)


def test_prc_06_each_is_a_line_that_only_the_owner_can_read(state: Path, now: datetime) -> None:
    erasures = Erasures(state)
    assert erasures.read() == []
    both = [erased(now), erased(now + timedelta(days=1), "b" * 32, retained=True)]
    for one in both:
        erasures.add(one)
    file = state / "erasures"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().splitlines()[0] == f"2026-11-24T10:30:00+00:00 {'a' * 32}"
    assert Erasures(state).read() == both


def test_several_may_write_at_once(state: Path, now: datetime) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: Erasures(state).add(erased(now, f"{number:032}")), range(40)))
    assert {one.name for one in Erasures(state).read()} == {f"{number:032}" for number in range(40)}


def test_prc_06_one_is_forgotten_when_no_backup_may_hold_its_records_any_more(
    state: Path, now: datetime
) -> None:
    erasures, period = Erasures(state), Period(3, "year")
    erasures.add(erased(now))
    erasures.add(erased(now + timedelta(days=1), "b" * 32))
    erasures.forget(period, now.replace(year=2030, month=5, hour=10, minute=29))
    assert len(erasures.read()) == 2
    erasures.forget(period, now.replace(year=2030, month=5, hour=10, minute=30))
    assert [one.name for one in erasures.read()] == ["b" * 32]
    assert stat.S_IMODE((state / "erasures").stat().st_mode) == 0o600


def test_a_line_that_cannot_be_read_is_told_of_and_hides_no_other(
    state: Path, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    erasures = Erasures(state)
    erasures.add(erased(now))
    with (state / "erasures").open("a") as file:
        file.write("nonsense\n")
    assert erasures.read() == [erased(now)]
    assert "a line in it cannot be read" in caplog.text


def test_a_folder_that_is_gone_is_an_error_that_names_it(tmp_path: Path, now: datetime) -> None:
    with pytest.raises(BadState, match="gone"):
        Erasures(tmp_path / "gone").add(erased(now))


@pytest.mark.parametrize("torn", [f"{TIME} abcdef", f"{TIME} retained {'b' * 31}", TIME, "2026-"])
def test_prc_06_a_line_that_a_crash_cut_off_swallows_no_other(
    state: Path, now: datetime, caplog: pytest.LogCaptureFixture, torn: str
) -> None:
    (state / "erasures").write_text(torn)
    for one in (erased(now), erased(now, "c" * 32, retained=True)):
        Erasures(state).add(one)
    assert [one.name for one in Erasures(state).read()] == ["a" * 32, "c" * 32]
    assert "a line in it cannot be read" in caplog.text


def test_of_what_is_retained_no_torn_line_says_that_it_was_erased(state: Path, now: datetime) -> None:
    erasures = Erasures(state)
    erasures.add(erased(now, retained=True))
    whole = (state / "erasures").read_bytes().rstrip()
    for length in range(len(whole)):
        (state / "erasures").write_bytes(whole[:length])
        assert erasures.read() == []


def test_what_was_not_carried_out_is_taken_out_again_whatever_the_part_of_the_second(
    state: Path, now: datetime
) -> None:
    erasures = Erasures(state)
    first, second = erased(now), erased(now.replace(microsecond=123456), retained=True)
    erasures.add(first)
    erasures.add(second)
    erasures.remove(second)
    assert erasures.read() == [first]


@pytest.mark.parametrize("name", ["b" * 33, "B" * 32, "../" + "b" * 29, ""])
def test_what_is_no_name_is_told_of(state: Path, caplog: pytest.LogCaptureFixture, name: str) -> None:
    (state / "erasures").write_text(f"{TIME} {name}\n")
    assert Erasures(state).read() == [] and "a line in it cannot be read" in caplog.text


def test_on_a_full_disk_nothing_of_a_line_stays(
    state: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    erasures = Erasures(state)
    erasures.add(erased(now))
    before = (state / "erasures").read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("consent_gateway.erasures.os.fsync", full)
        with pytest.raises(BadState, match="No space left"):
            erasures.add(erased(now, "b" * 32))
    assert (state / "erasures").read_bytes() == before


def test_one_that_was_not_carried_out_is_taken_out_again(state: Path, now: datetime) -> None:
    erasures, earlier = Erasures(state), erased(now - timedelta(days=1))
    for one in (earlier, erased(now), erased(now, "b" * 32)):
        erasures.add(one)
    erasures.remove(erased(now))
    erasures.remove(erased(now, "d" * 32))
    assert erasures.read() == [earlier, erased(now, "b" * 32)]
