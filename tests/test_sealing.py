"""What is sealed can be read and changed by nobody without the key."""

from __future__ import annotations

import pytest

from consent_gateway.sealing import Box, Seal


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


def test_a_box_opens_with_the_same_key_in_the_same_place_only() -> None:
    sealed = Box(b"k" * 32).seal(b"content", "here")
    assert Box(b"k" * 32).unseal(sealed, "here") == b"content"
    for box, place in ((Box(b"x" * 32), "here"), (Box(b"k" * 32), "there")):
        with pytest.raises(ValueError, match="not sealed with this key for this place"):
            box.unseal(sealed, place)


@pytest.mark.parametrize("text", ["", "x", "ü", "AAAA", "AAAA\n", "A" * 100])
def test_anything_else_does_not_open_a_box(text: str) -> None:
    with pytest.raises(ValueError, match="not sealed"):
        Box(b"k" * 32).unseal(text, "here")


def test_a_box_has_one_spelling_and_another_content_each_time() -> None:
    box = Box(b"k" * 32)
    sealed = box.seal(b"content!", "here")
    assert sealed != box.seal(b"content!", "here")
    for spelt in (f"{sealed}\n", sealed.replace("=", ""), f" {sealed}"):
        if spelt != sealed:
            with pytest.raises(ValueError, match="not sealed"):
                box.unseal(spelt, "here")
