"""JSON with its longest strings cut is still the same JSON otherwise."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent_gateway.captures import long_strings
from consent_gateway.captures.long_strings import Shortened, TooDeep

TEXTS = st.text(alphabet='ab"\\\n\u00e4\u20ac\U0001f600\x01', max_size=40)
VALUES = st.recursive(
    TEXTS | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


class Dribbling(io.BytesIO):
    """Gives a few bytes at a time."""

    def __init__(self, content: bytes, piece: int) -> None:
        super().__init__(content)
        self._piece = piece

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._piece)


def shortened(text: bytes, most: int, piece: int = long_strings.PIECE) -> bytes:
    file = Shortened(Dribbling(text, piece), most)
    return b"".join(iter(lambda: file.read(100), b""))


@given(VALUES, st.integers(1, 9), st.booleans())
def test_short_strings_stay_as_they_are(value: Any, piece: int, escaped: bool) -> None:
    text = json.dumps(value, ensure_ascii=escaped).encode()
    assert json.loads(shortened(text, 10_000, piece)) == value


@given(TEXTS, TEXTS, st.integers(1, 9), st.integers(0, 20), st.booleans())
def test_of_a_long_string_the_beginning_stays_and_the_json_is_whole(
    text: str, other: str, piece: int, most: int, escaped: bool
) -> None:
    whole = json.dumps([text, {other: 1}, text], ensure_ascii=escaped).encode()
    found = json.loads(shortened(whole, most, piece))
    for one in (found[0], *found[1], found[2]):
        begun = one.rstrip("\ufffd").encode("utf-16", "surrogatepass")[2:]  # half of a pair, or of UTF-8
        assert any(one_whole.encode("utf-16")[2:].startswith(begun) for one_whole in (text, other))


def test_a_string_of_many_pieces_is_cut() -> None:
    found = json.loads(shortened(json.dumps(["x" * 10**6, "after"]).encode(), 1000))
    assert len(found[0]) == 1000 and found[1] == "after"


def test_what_is_no_json_is_left_to_the_parser() -> None:
    for text in (b'{"a\\q\\u12zz', b'"' + b"\\" * 7, b"\\", b'"\\u12', b"nonsense", b'"\n"'):
        assert shortened(text, 1000, 3) == text


def test_bytes_that_are_no_utf_8_become_the_sign_for_them() -> None:
    assert json.loads(shortened(b'["a\xff\xfeb", "\xc3"]', 1000)) == ["a\ufffd\ufffdb", "\ufffd"]


@pytest.mark.parametrize("opening", [b"[", b'{"a": ', b'[{"]": '])
def test_deep_nesting_is_refused_before_a_parser_sees_it(opening: bytes) -> None:
    """SEC-12"""
    with pytest.raises(TooDeep, match="200 levels"):
        shortened(opening * 5000, 1000)
    assert shortened(b'[{"[[[": []}, ' * 100 + b"1" + b"]" * 100, 1000)
