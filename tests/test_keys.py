"""Secrets: how long they are, that they stay secret, and what is derived from them."""

from __future__ import annotations

import pytest

from consent_gateway.keys import Key, KeyRing, hkdf


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter than 32 bytes"):
        Key("k", b"short")


def test_a_key_without_an_id_is_refused_and_no_refusal_repeats_what_was_given() -> None:
    for id, secret in (("", b"s" * 32), ("looks like a secret", b"short")):
        with pytest.raises(ValueError, match=r"no id|shorter") as raised:
            Key(id, secret)
        assert "looks" not in str(raised.value)


def test_a_key_never_shows_its_secret() -> None:
    assert "s" * 32 not in repr(KeyRing((Key("k", b"s" * 32),)))


def test_a_ring_has_keys_with_ids_of_their_own() -> None:
    with pytest.raises(ValueError, match="at least one"):
        KeyRing(())
    with pytest.raises(ValueError, match="same id"):
        KeyRing((Key("k", b"a" * 32), Key("k", b"b" * 32)))


def test_adding_a_key_keeps_the_pepper() -> None:
    old = KeyRing((Key("1", b"a" * 32),))
    new = KeyRing((Key("1", b"a" * 32), Key("2", b"b" * 32)))
    assert old.pepper("analytics") == new.pepper("analytics") != old.pepper("other")


def test_hkdf_gives_the_first_vector_of_rfc_5869() -> None:
    result = hkdf(b"\x0b" * 22, salt=bytes(range(13)), info=bytes(range(0xF0, 0xFA)), length=42)
    assert result.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )
