"""What a server of the site is told of a visitor says nothing to the server."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from consent_gateway import visitor_token as module
from consent_gateway.analytics.session import Session
from consent_gateway.keys import Key, KeyRing
from consent_gateway.visitor_token import Visitor, VisitorTokens

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
VISITOR = Visitor(
    handle="handle-of-a-browser",
    receipt="receipt-of-a-browser",
    turn=3,
    host="www.example.com",
    linking=False,
    session=Session(start=NOW, last=NOW, period=1_795_478_400, number=2, begun=frozenset(("G-A1234",))),
)


def test_the_gateway_reads_what_it_wrote(ring: KeyRing) -> None:
    assert VisitorTokens(ring).read(VisitorTokens(ring).write(VISITOR)) == VISITOR


def test_the_server_can_neither_read_nor_join_them(ring: KeyRing) -> None:
    tokens = [VisitorTokens(ring).write(VISITOR) for _ in range(2)]
    assert tokens[0] != tokens[1]
    assert "handle" not in "".join(tokens) and "receipt" not in "".join(tokens)


def test_other_keys_and_old_tokens_open_nothing(ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    token = VisitorTokens(ring).write(VISITOR)
    for bad in ("", "555.666", token[:-2]):
        with pytest.raises(ValueError, match="not sealed"):
            VisitorTokens(ring).read(bad)
    with pytest.raises(ValueError, match="not sealed"):
        VisitorTokens(KeyRing((Key("o", b"o" * 32),))).read(token)
    monkeypatch.setattr(module, "SECONDS", -1)
    with pytest.raises(ValueError, match="too long ago"):
        VisitorTokens(ring).read(token)
