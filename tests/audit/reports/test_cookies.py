"""Cookies and hits."""

from __future__ import annotations

from consent_gateway.audit.findings import Side
from consent_gateway.audit.reports import cookies
from tests.audit import audits


def test_hits_that_fare_alike_are_counted_together() -> None:
    found = cookies.hits(audits.leaky())
    assert [(one.event, one.sent_on, one.number) for one in found][:2] == [
        ("page_view", True, 10), ("bestellung_intern", False, 1),
    ]  # fmt: skip
    assert sum(one.number for one in found) == len(audits.leaky().forwarded)


def test_a_cookie_is_told_once_with_the_states_in_which_it_reaches_the_browser() -> None:
    found = {one.name: one for one in cookies.cookies(audits.leaky())}
    assert list(found) == ["PHPSESSID", "YSC", "_ga"]
    assert (found["_ga"].direct, found["_ga"].through) == (audits.STATES, ())
    assert (found["PHPSESSID"].through, found["PHPSESSID"].unasked) == (audits.STATES, ())
    assert "all" not in found["YSC"].unasked and len(found["YSC"].unasked) == 9


def test_what_was_not_agreed_to_is_told_by_side() -> None:
    found = {one.name: one for one in cookies.cookies(audits.leaky(judged=Side.THROUGH))}
    assert found["YSC"].unasked == () and len(found["YSC"].unasked_elsewhere) == 9
    assert {one.name: one for one in cookies.cookies(audits.leaky())}["YSC"].unasked_elsewhere == ()
