"""The record of what reached third parties."""

from __future__ import annotations

import asyncio
from typing import Any

from consent_gateway.demo.hits import Hit
from consent_gateway.demo.traffic import Sent, Side, Traffic


def sent(side: Side | None = Side.PROTECTED, **fields: Any) -> Sent:
    usual = {"time": "10:30:00", "by_gateway": False, "company": "LinkedIn", "host": "www.linkedin.com"}
    return Sent(**{**usual, "side": side, "path": "/", "what": "the post", **fields})


def hit(page: str, event: str = "page_view") -> Hit:
    empty = dict.fromkeys(("title", "before", "client", "user", "browser", "language", "screen"), "")
    return Hit(event=event, page=page, **empty)


def test_each_side_sees_its_own_requests() -> None:
    traffic = Traffic()
    traffic.record(sent(Side.UNPROTECTED))
    assert traffic.view(Side.PROTECTED).count == 0
    assert traffic.view(Side.UNPROTECTED).count == 1


def test_what_cannot_be_attributed_counts_on_both_sides() -> None:
    traffic = Traffic()
    traffic.record(sent(None))
    assert [traffic.view(side).count for side in Side] == [1, 1]


def test_requests_of_one_kind_share_a_line_and_the_latest_comes_first() -> None:
    traffic = Traffic()
    traffic.record(sent(what="the post", carried=("cookie",)))
    traffic.record(sent(what="the picture"))
    traffic.record(sent(what="the post", carried=("page address",), time="10:31:00"))
    [company] = traffic.view(Side.PROTECTED).companies
    assert company.count == 3
    assert [(line.what, line.count) for line in company.lines] == [("the post", 2), ("the picture", 1)]
    assert company.lines[0].carried == ["cookie", "page address"]
    assert company.lines[0].time == "10:31:00"


def test_what_the_gateway_sends_is_no_request_of_the_browser() -> None:
    traffic = Traffic()
    traffic.record(sent(by_gateway=True, hit=hit("http://site/news")))
    traffic.record(sent(by_gateway=True, hit=hit("http://site/news", "user_engagement")))
    view = traffic.view(Side.PROTECTED)
    assert (view.count, view.through_count) == (0, 2)
    assert [one.page for one in view.through] == ["http://site/news"]


def test_a_visit_sees_what_was_sent_since_it_began() -> None:
    traffic = Traffic(latest=500)
    for side in (*Side, None):
        traffic.record(sent(side))
    since = traffic.latest
    assert traffic.view(Side.PROTECTED, since).count == 0
    traffic.record(sent(Side.PROTECTED))
    assert traffic.view(Side.PROTECTED, since).count == 1
    assert traffic.view(Side.PROTECTED).count == 3


def test_a_visit_is_compared_with_what_was_sent_before_on_the_other_side() -> None:
    traffic = Traffic()
    traffic.record(sent(Side.UNPROTECTED, hit=hit("http://site/direct")))
    traffic.record(sent(by_gateway=True, hit=hit("http://site/through")))
    protected, unprotected = (traffic.view(side, traffic.latest) for side in Side)
    assert (len(protected.direct), len(protected.through), protected.through_count) == (1, 0, 0)
    assert (len(unprotected.direct), len(unprotected.through)) == (0, 1)


async def test_views_come_at_once_and_after_each_change_until_the_record_is_closed() -> None:
    traffic = Traffic()
    counts = []
    async with asyncio.timeout(5):
        async for view in traffic.views(Side.PROTECTED):
            assert view
            counts.append(view.count)
            if view.count == 2:
                traffic.close()
            else:
                traffic.record(sent())
    assert counts == [0, 1, 2]


def test_a_view_is_one_line_of_json() -> None:
    assert str(Traffic().view(Side.PROTECTED)).startswith('{"side":"protected","count":0,')
