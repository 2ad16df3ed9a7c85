"""The state folder: what is in it is private, whole, and gone when it should be."""

from __future__ import annotations

import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from consent_gateway.periods import Period
from consent_gateway.state import KEYS_VARIABLE, BadState, StateFolder

DAY = Period(1, "day")


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


@pytest.mark.parametrize("text", ["x", "a:", "a:!!", "a:c2hvcnQ="])
def test_keys_of_the_environment_must_be_long_and_well_formed(state: Path, text: str) -> None:
    with pytest.raises(BadState, match=KEYS_VARIABLE):
        StateFolder(state).ring({KEYS_VARIABLE: text})


def test_a_damaged_key_file_is_named(state: Path) -> None:
    for content in ("{", '{"keys": []}', '{"keys": [{"id": "a"}]}', "[]"):
        (state / "keys").write_text(content)
        (state / "keys").chmod(0o600)
        with pytest.raises(BadState, match="keys"):
            StateFolder(state).ring({})


def test_a_period_has_one_salt_and_older_ones_are_destroyed(state: Path, now: datetime) -> None:
    folder = StateFolder(state)
    salts = [folder.salt(DAY, now + timedelta(days=day)) for day in (0, 0, 1, 2)]
    assert salts[0] == salts[1]
    assert len({salt.value for salt in salts}) == 3
    kept = json.loads((state / "salts").read_text())["salts"]
    assert [entry["start"] for entry in kept] == [salt.start.isoformat() for salt in salts[2:]]
    assert base64.b64encode(salts[0].value).decode() not in (state / "salts").read_text()


def test_workers_that_ask_at_once_agree_on_the_salt(state: Path, now: datetime) -> None:
    with ThreadPoolExecutor(8) as pool:
        salts = list(pool.map(lambda _: StateFolder(state).salt(DAY, now), range(24)))
    assert len(set(salts)) == 1


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
