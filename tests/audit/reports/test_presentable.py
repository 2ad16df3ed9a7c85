"""What of an audit is fit to be shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent_gateway.audit.reports.presentable import LONGEST, address, presentable, text
from tests.audit import audits


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://www.example/a/b", "https://www.example/a/b"),
        ("https://www.example/a?token=1#part", "https://www.example/a"),
        ("https://www.example/#/orders/4711", "https://www.example/"),
        ("https://user:secret@www.example/a", "https://www.example/a"),
        ("https://user@www.example:8443/a@b", "https://www.example:8443/a@b"),
        ("/shop;jsessionid=0815/cart;x=1", "/shop/cart"),
        ("/a;b/c", "/a;b/c"),
        ("[2001:db8::1]:443", "[2001:db8::1]:443"),
        ("", ""),
    ],
)
def test_an_address_loses_user_query_fragment_and_session(given: str, shown: str) -> None:
    """QA-05"""
    assert address(given) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Is this read? Yes.", "Is this read? Yes."),
        ("https://www.example/a?token=1 was left out", "https://www.example/a was left out"),
        ("/a?b=c: gone", "/a gone"),
        ("see https://u:p@www.example/x#part", "see https://www.example/x"),
        ("finding #2", "finding #2"),
        ("two\nlines\tand more", "two lines and more"),
    ],
)
def test_a_sentence_keeps_its_question_mark_but_no_query(given: str, shown: str) -> None:
    """QA-05"""
    assert text(given) == shown


TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"


@pytest.mark.parametrize(
    "person",
    ["john.doe@mail.example", "john%40mail.example", TOKEN, "a3f5c9d8e7b6a5f4c3d2e1f0a9b8c7d6",
     "123e4567-e89b-12d3-a456-426614174000"],
)  # fmt: skip
def test_who_somebody_is_stands_in_no_path(person: str) -> None:
    """QA-05"""
    for shown in (
        address(f"https://www.example/reset/{person}/a"),
        text(f"contacted (pixel /p/{person}/a) twice"),
    ):
        assert person[5:15] not in shown and "/…" in shown and "/a" in shown
    assert address(f"/{person}") != address(f"/{person[1:]}1")


@pytest.mark.parametrize(
    "path",
    ["/npm/jquery@3.6.0/dist/jquery.js", "/npm/@scope/a@1", "/app.3f2a9c3f2a9c3f2a9c3f2a9c3f2a9c3f2a9c.js",
     "/embed/M7lc1UVf-VE", "/2026/11/30/an-article-that-is-called-like-this-and-goes-on"],
)  # fmt: skip
def test_what_only_looks_like_a_person_stays(path: str) -> None:
    assert address(path) == path


def test_a_long_address_is_got_over_with() -> None:
    for part in ("a", "eyJ-", "a@", "a@a.", "/", "eyJaaaaaaaaa.", "%40"):
        assert len(address(f"/{part * 300_000}")) <= LONGEST


@pytest.mark.parametrize("hidden", ["\x1b", "\x00", "\x9b", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud800", "\ufffe", "\U0001fffe"])  # fmt: skip
def test_what_cannot_be_seen_is_shown_as_missing(hidden: str) -> None:
    assert text(f"a{hidden}b") == address(f"a{hidden}b") == "a\ufffdb"


def test_what_is_too_long_is_cut_and_still_told_apart() -> None:
    one, other = (address(f"/{'x' * 5_000}{end}") for end in "ab")
    assert len(one) == len(other) == LONGEST
    assert one != other


@given(st.text(st.characters(codec=None), max_size=600))
def test_it_stays_as_it_is_when_it_is_shown_again(given: str) -> None:
    assert address(address(given)) == address(given)
    assert text(text(given)) == text(given)
    assert not {"?", "#"} & set(address(given))


def test_an_audit_without_anything_of_the_kind_stays_as_it_is() -> None:
    assert presentable(audits.leaky()) == audits.leaky()
    once = presentable(audits.hostile())
    assert presentable(once) == once != audits.hostile()


def test_times_numbers_and_kinds_are_kept() -> None:
    shown = presentable(replace(audits.leaky(), browser="\x1b"))
    assert (shown.started, shown.judged, shown.inputs[0].pages) == (
        audits.leaky().started, audits.leaky().judged, 5,
    )  # fmt: skip
