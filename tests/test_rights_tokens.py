"""A token allows one act on one receipt and host, for an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from consent_gateway.keys import Key, KeyRing
from consent_gateway.messages import Request
from consent_gateway.rights_tokens import RightsTokens

HERE = Request(method="GET", scheme="https", host="www.example.com", target="/")


@pytest.fixture
def tokens(ring: KeyRing) -> RightsTokens:
    return RightsTokens(ring)


def test_a_token_holds_for_what_it_was_written_for_and_for_an_hour(
    tokens: RightsTokens, now: datetime
) -> None:
    """PRC-11"""
    token = tokens.write("erase", "receipt", HERE, now)
    assert tokens.holds(token, "erase", "receipt", HERE, now + timedelta(minutes=60))
    assert not tokens.holds(token, "erase", "receipt", HERE, now + timedelta(minutes=61))


@pytest.mark.parametrize(
    ("action", "receipt", "host"),
    [("lift", "receipt", ""), ("erase", "another", ""), ("erase", "", ""), ("erase", "receipt", "www.example.org")],
)  # fmt: skip
def test_a_token_holds_for_nothing_else(
    tokens: RightsTokens, now: datetime, action: str, receipt: str, host: str
) -> None:
    """PRC-11"""
    token = tokens.write("erase", "receipt", HERE, now)
    there = Request(method="POST", scheme="https", host=host or HERE.host, target="/")
    assert not tokens.holds(token, action, receipt, there, now)


@pytest.mark.parametrize("token", ["", "x", "~", "a~b.c", "x" * 5000])
def test_what_is_no_token_holds_for_nothing(tokens: RightsTokens, now: datetime, token: str) -> None:
    """PRC-11"""
    assert not tokens.holds(token, "erase", "receipt", HERE, now)


def test_a_token_of_another_key_or_another_use_holds_for_nothing(
    tokens: RightsTokens, ring: KeyRing, now: datetime
) -> None:
    """PRC-11"""
    from consent_gateway.cookies import Signing

    forged = RightsTokens(KeyRing((Key("test", b"f" * 32),))).write("erase", "receipt", HERE, now)
    assert not tokens.holds(forged, "erase", "receipt", HERE, now)
    until = int(now.timestamp()) + 60
    for content in (
        ["erase", "receipt", until],
        ["erase", "receipt"],
        "text",
        None,
        ["erase", "receipt", "soon"],
    ):
        other = Signing(ring, HERE, "once").write(content)
        assert not tokens.holds(other, "erase", "receipt", HERE, now)
    for content in (["erase", "receipt"], "text", None, ["erase", "receipt", "soon"]):
        assert not tokens.holds(Signing(ring, HERE, "rights").write(content), "erase", "receipt", HERE, now)
