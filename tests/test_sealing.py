"""What is sealed can be read and changed by nobody without the key."""

from __future__ import annotations

import pytest

from consent_gateway.sealing import Seal


def test_what_was_closed_opens_with_the_same_key_only() -> None:
    sealed = Seal(b"k" * 32).seal(b"content")
    assert Seal(b"k" * 32).unseal(sealed) == b"content"
    with pytest.raises(ValueError, match="not sealed with this key"):
        Seal(b"x" * 32).unseal(sealed)


@pytest.mark.parametrize("text", ["", "x", "ü", "gAAAAA=="])
def test_anything_else_does_not_open(text: str) -> None:
    with pytest.raises(ValueError, match="not sealed"):
        Seal(b"k" * 32).unseal(text)


def test_it_does_not_show_what_is_in_it_nor_that_it_is_the_same() -> None:
    seal = Seal(b"k" * 32)
    assert "handle" not in seal.seal(b"handle")
    assert seal.seal(b"handle") != seal.seal(b"handle")


def test_it_may_have_been_too_long_ago() -> None:
    seal = Seal(b"k" * 32)
    with pytest.raises(ValueError, match="too long ago"):
        seal.unseal(seal.seal(b"x"), younger_than=-1)
