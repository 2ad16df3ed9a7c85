"""The state folder: what is in it is private, whole, and gone when it should be."""

from __future__ import annotations

import base64
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from consent_gateway.private_files import BadState
from consent_gateway.state import StateFolder

DAY = timedelta(days=1)
TODAY = datetime(2026, 11, 24, tzinfo=UTC)


def test_a_salt_is_made_once_and_those_before_the_oldest_are_destroyed(state: Path) -> None:
    folder = StateFolder(state)
    first = folder.keep(make=[TODAY], oldest=TODAY - DAY)
    assert folder.keep(make=[TODAY], oldest=TODAY - DAY) == first
    second = folder.keep(make=[TODAY + DAY], oldest=TODAY)
    assert second[TODAY] == first[TODAY]
    third = folder.keep(make=[TODAY + 2 * DAY], oldest=TODAY + DAY)
    assert third.keys() == {TODAY + DAY, TODAY + 2 * DAY}
    assert len({*first.values(), *third.values()}) == 3
    assert base64.b64encode(first[TODAY]).decode() not in (state / "salts").read_text()


def test_the_file_that_held_a_destroyed_salt_is_overwritten(state: Path) -> None:
    folder = StateFolder(state)
    folder.keep(make=[TODAY], oldest=TODAY)
    with (state / "salts").open("rb") as still_open:
        folder.keep(make=[TODAY + DAY], oldest=TODAY + DAY)
        assert set(still_open.read()) == {0}


def test_workers_that_ask_at_once_agree_on_the_salt(state: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: StateFolder(state).keep(make=[TODAY], oldest=TODAY), range(24)))
    assert len({salts[TODAY] for salts in kept}) == 1


def test_damaged_salts_and_a_damaged_memory_are_named(state: Path) -> None:
    for content in (
        "[]",
        "{",
        '{"salts": 1}',
        '{"salts": [{"start": "x", "value": "x"}]}',
        '{"services": 1}',
    ):
        for name in ("salts", "seen.json"):
            (state / name).write_text(content)
            (state / name).chmod(0o600)
        with pytest.raises(BadState, match=f"^{re.escape(str(state / 'salts'))}: damaged"):
            StateFolder(state).keep(make=[TODAY], oldest=TODAY)
        if "services" in content or "salts" not in content:
            with pytest.raises(BadState, match=f"^{re.escape(str(state / 'seen.json'))}: damaged"):
                StateFolder(state).seen()


def test_what_was_seen_is_added_up(state: Path) -> None:
    folder = StateFolder(state)
    assert folder.seen() == {"services": [], "properties": []}
    folder.remember_seen({"zoom"}, set())
    folder.remember_seen({"linkedin"}, {"G-ABC123"})
    assert StateFolder(state).seen() == {"services": ["linkedin", "zoom"], "properties": ["G-ABC123"]}


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadState, match="cannot be created"):
        StateFolder(tmp_path / "file" / "state").prepare()


def test_the_site_file_of_the_last_start_is_known_wherever_it_is_asked_from(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = StateFolder(state)
    assert folder.site_file() is None
    monkeypatch.chdir(tmp_path)
    folder.remember_site_file(Path("site.toml"))
    assert folder.site_file() == tmp_path / "site.toml"
    folder.remember_site_file(None)
    assert folder.site_file() is None
    (state / "serving.json").write_text("[]")
    with pytest.raises(BadState, match=r"serving\.json: damaged"):
        folder.site_file()


def test_workers_that_start_at_once_note_it_without_getting_in_each_others_way(state: Path) -> None:
    folder = StateFolder(state)
    with ThreadPoolExecutor(8) as workers:
        noted = [workers.submit(folder.remember_site_file, state / f"{number}.toml") for number in range(200)]
    assert [one.exception() for one in noted if one.exception()] == []
    assert folder.site_file() in [state / f"{number}.toml" for number in range(200)]


def test_salts_that_others_may_read_are_refused_with_the_remedy(state: Path) -> None:
    StateFolder(state).keep(make=[TODAY], oldest=TODAY)
    assert stat.S_IMODE((state / "salts").stat().st_mode) == 0o600
    (state / "salts").chmod(0o640)
    with pytest.raises(BadState, match="chmod 600"):
        StateFolder(state).keep(make=[TODAY], oldest=TODAY)
