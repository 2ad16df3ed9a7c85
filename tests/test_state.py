"""The state folder: what is in it is private, whole, and gone when it should be."""

from __future__ import annotations

import base64
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from consent_gateway.state import KEYS_VARIABLE, BadState, StateFolder

DAY = timedelta(days=1)
TODAY = datetime(2026, 11, 24, tzinfo=UTC)


def test_a_key_is_made_once_and_only_its_owner_may_read_it(state: Path) -> None:
    first, second = (StateFolder(state).ring({}) for _ in range(2))
    assert first == second
    assert stat.S_IMODE((state / "keys").stat().st_mode) == 0o600


def test_keys_that_others_may_read_are_refused_with_the_remedy(state: Path) -> None:
    StateFolder(state).ring({})
    (state / "keys").chmod(0o644)
    with pytest.raises(BadState, match="chmod 600"):
        StateFolder(state).ring({})


def test_keys_of_the_environment_come_first(state: Path) -> None:
    secret = base64.b64encode(b"e" * 32).decode()
    ring = StateFolder(state).ring({KEYS_VARIABLE: f"old:{secret}, new:{secret}"})
    assert [key.id for key in ring.keys] == ["old", "new"]
    assert not (state / "keys").exists()


SECRET = base64.b64encode(b"e" * 32).decode()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (SECRET, "entry 1: there is no id"),
        ("K90/EVz", "entry 1: there is no id"),
        (f":{SECRET}", "entry 1: there is no id"),
        ("a:", "entry 1: the secret is shorter than 32 bytes"),
        (f"a:{SECRET},b:c2hvcnQ=", "entry 2: the secret is shorter than 32 bytes"),
        (f"a:{SECRET},", "entry 2: there is no id"),
        ("a:" + "!" * 40, "entry 1: the secret is not base64"),
        ("a:" + "ü" * 40, "entry 1: the secret is not base64"),
        (f"{SECRET}:a", "entry 1: the secret is not base64"),
        (f"a:{SECRET},a:{SECRET}", "two keys of the ring have the same id"),
    ],
)
def test_a_wrong_key_of_the_environment_is_named_by_its_place_and_never_shown(
    state: Path, text: str, reason: str
) -> None:
    with pytest.raises(BadState, match=f"^{KEYS_VARIABLE}: {reason}") as raised:
        StateFolder(state).ring({KEYS_VARIABLE: text})
    said = str(raised.value)
    assert SECRET not in said and "K90" not in said and "!!" not in said and "üü" not in said
    assert "id:secret" in said or "same id" in said
    assert list(state.iterdir()) == []


def test_keys_are_read_without_making_any(state: Path) -> None:
    with pytest.raises(BadState, match="there are no keys yet"):
        StateFolder(state).kept_ring({})
    assert list(state.iterdir()) == []
    made = StateFolder(state).ring({})
    before = {path: path.stat().st_mtime_ns for path in state.iterdir()}
    assert StateFolder(state).kept_ring({}) == made
    assert {path: path.stat().st_mtime_ns for path in state.iterdir()} == before


def test_a_damaged_key_file_is_named(state: Path) -> None:
    short = '{"keys": [{"id": "a", "secret": "c2hvcnQ="}]}'
    for content in ("{", '{"keys": []}', '{"keys": [{"id": "a"}]}', "[]", short):
        (state / "keys").write_text(content)
        (state / "keys").chmod(0o600)
        with pytest.raises(BadState, match=re.escape(str(state / "keys"))):
            StateFolder(state).ring({})


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
