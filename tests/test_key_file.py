"""The keys in their file or the environment: made once, private, rotated without losing what they signed."""

from __future__ import annotations

import base64
import json
import re
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from consent_gateway.consent import Consent
from consent_gateway.cookies import ConsentCookie
from consent_gateway.key_file import KEYS_VARIABLE, KeyFile, for_environment
from consent_gateway.keys import KeyRing
from consent_gateway.messages import Headers, Request
from consent_gateway.private_files import BadState


def test_a_key_is_made_once_and_only_its_owner_may_read_it(state: Path) -> None:
    first, second = (KeyFile(state).ring({}) for _ in range(2))
    assert first.keys == second.keys
    assert stat.S_IMODE((state / "keys").stat().st_mode) == 0o600


def test_keys_that_others_may_read_are_refused_with_the_remedy(state: Path) -> None:
    KeyFile(state).ring({})
    (state / "keys").chmod(0o644)
    with pytest.raises(BadState, match="chmod 600"):
        KeyFile(state).ring({})


def test_keys_of_the_environment_come_first(state: Path) -> None:
    secret = base64.b64encode(bytes(range(32))).decode()
    ring = KeyFile(state).ring({KEYS_VARIABLE: f"old:{secret}, new:{secret}"})
    assert [key.id for key in ring.keys] == ["old", "new"]
    assert not (state / "keys").exists()


SECRET = base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CHANGE-ME", "still CHANGE-ME; .*consent-gateway keys new --print"),
        (f"root:{SECRET},a:CHANGE-ME", "still CHANGE-ME; .*consent-gateway keys new --print"),
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
        KeyFile(state).ring({KEYS_VARIABLE: text})
    said = str(raised.value)
    assert SECRET not in said and "K90" not in said and "!!" not in said and "üü" not in said
    assert "id:secret" in said or "same id" in said or "CHANGE-ME" in text
    assert list(state.iterdir()) == []


def test_keys_are_read_without_making_any(state: Path) -> None:
    with pytest.raises(BadState, match="there are no keys yet"):
        KeyFile(state).kept_ring({})
    assert list(state.iterdir()) == []
    made = KeyFile(state).ring({})
    before = {path: path.stat().st_mtime_ns for path in state.iterdir()}
    assert KeyFile(state).kept_ring({}).keys == made.keys
    assert {path: path.stat().st_mtime_ns for path in state.iterdir()} == before


def test_a_damaged_key_file_is_named(state: Path) -> None:
    short = '{"keys": [{"id": "a", "secret": "c2hvcnQ="}]}'
    zoneless = f'{{"keys": [{{"id": "a", "secret": "{SECRET}", "created": "2026-11-29T10:00:00"}}]}}'
    for content in (zoneless, "{", '{"keys": []}', '{"keys": [{"id": "a"}]}', "[]", short):
        (state / "keys").write_text(content)
        (state / "keys").chmod(0o600)
        with pytest.raises(BadState, match=re.escape(str(state / "keys"))):
            KeyFile(state).ring({})


def aged(state: Path, *ages: timedelta) -> list[str]:
    """Makes the keys of a folder as old as said, oldest first; returns their ids."""
    content = json.loads((state / "keys").read_text())
    for entry, age in zip(content["keys"], ages, strict=True):
        entry["created"] = (datetime.now(UTC) - age).isoformat()
    (state / "keys").write_text(json.dumps(content))
    return [entry["id"] for entry in content["keys"]]


MONTH = timedelta(days=31)


def test_a_rotated_key_signs_once_every_process_knows_it(state: Path) -> None:
    """CON-11"""
    (first,) = KeyFile(state).ring({}).keys
    added = KeyFile(state).rotate().added
    ring = KeyFile(state).kept_ring({})
    assert {key.id for key in ring.keys} == {first.id, added} and ring.signing == first
    aged(state, MONTH, timedelta(minutes=1))
    assert KeyFile(state).kept_ring({}).signing.id == added


def test_no_consent_is_lost_over_a_rotation_and_none_survives_the_removal_of_its_key(state: Path) -> None:
    """CON-11"""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    consent = Consent().decide(granted={"media": "r1"}, refused={}, services=(), now=now)
    request = Request(method="GET", scheme="https", host="www.example.com", target="/")
    ring = KeyFile(state).ring({})
    sent = ConsentCookie(ring).write(consent, request, now)[1].partition(";")[0]
    asks = replace(request, headers=Headers((("Cookie", sent),)))
    KeyFile(state).rotate()
    old, _ = aged(state, MONTH, timedelta(minutes=1))
    rotated = KeyFile(state).kept_ring({})
    assert rotated.signing.id != old and ConsentCookie(rotated).read(asks, now) == consent
    KeyFile(state).remove(old)
    assert ConsentCookie(KeyFile(state).kept_ring({})).read(asks, now) == Consent()


def test_what_is_derived_outlives_every_key(state: Path) -> None:
    before = KeyFile(state).ring({}).pepper("salts")
    KeyFile(state).rotate()
    KeyFile(state).remove(aged(state, MONTH, timedelta(minutes=1))[0])
    assert KeyFile(state).kept_ring({}).pepper("salts") == before


def test_a_key_goes_when_nothing_it_signed_is_valid_any_more(state: Path) -> None:
    KeyFile(state).new()
    KeyFile(state).rotate()
    oldest, next = aged(state, 28 * MONTH, 15 * MONTH)
    done = KeyFile(state).rotate()
    assert done.removed == (oldest,)
    assert {key.id for key in KeyFile(state).kept_ring({}).keys} == {next, done.added}


def test_a_root_in_the_environment_signs_nothing_and_is_what_secrets_come_from(state: Path) -> None:
    first, more = for_environment(first=True), for_environment(first=False)
    root, key = first.split(",")
    alone = KeyFile(state).ring({KEYS_VARIABLE: first})
    rotated = KeyFile(state).ring({KEYS_VARIABLE: f"{root},{more},{key}"})
    assert rotated.signing == alone.signing and len(rotated.keys) == 2
    assert rotated.pepper("salts") == alone.pepper("salts")
    with pytest.raises(BadState, match="no key that signs"):
        KeyFile(state).ring({KEYS_VARIABLE: root})


def test_a_removed_key_has_no_power_over_what_is_encrypted(state: Path) -> None:
    """CON-11"""
    first = KeyFile(state).new()
    old = KeyFile(state).kept_ring({})
    KeyFile(state).rotate()
    assert KeyFile(state).remove(first) is False
    assert KeyRing(old.keys).pepper("salts") != KeyFile(state).kept_ring({}).pepper("salts")


def test_of_a_file_without_a_root_that_is_said_to_be_otherwise(state: Path) -> None:
    first = KeyFile(state).new()
    content = json.loads((state / "keys").read_text())
    del content["root"]
    (state / "keys").write_text(json.dumps(content))
    KeyFile(state).rotate()
    assert KeyFile(state).remove(first) is True


def test_the_only_key_stays_and_an_unknown_one_is_named(state: Path) -> None:
    id = KeyFile(state).new()
    with pytest.raises(BadState, match="the only key"):
        KeyFile(state).remove(id)
    with pytest.raises(BadState, match="no key other"):
        KeyFile(state).remove("other")
    with pytest.raises(BadState, match="keys already"):
        KeyFile(state).new()


def test_a_key_for_the_environment_is_taken_by_it(state: Path) -> None:
    made = for_environment(first=True)
    (key,) = KeyFile(state).ring({KEYS_VARIABLE: made}).keys
    assert f",{key.id}:" in made and list(state.iterdir()) == []
