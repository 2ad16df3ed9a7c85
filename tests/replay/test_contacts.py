"""Contacts are listed by whom they went to, with what is decided about them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from consent_gateway.decision import Decision, Verdict
from consent_gateway.replay.contacts import Contacted, Contacts
from consent_gateway.replay.places import Side
from consent_gateway.third_parties import ThirdParty

DECISION = Decision(Verdict.HOLD, "nothing was decided", "TDDDG § 25(1)")


def judge(contacted: Contacted) -> ThirdParty | None:
    if contacted.host == "cdn.shop.example":
        return None
    return ThirdParty(kind="service", owner="youtube", name="YouTube", purposes=("media",), decision=DECISION)


def contacted(
    target: str = "/a", *, side: Side = Side.DIRECT, host: str = "www.youtube.com", **more: Any
) -> Contacted:
    return Contacted(side=side, host=host, target=target, **more)


def test_requests_to_one_host_are_one_line() -> None:
    contacts = Contacts(judge)
    for target in ("/a?id=1", "/a?id=2", "/b"):
        contacts.note(contacted(target))
    [line] = contacts.lines(Side.DIRECT)
    assert (line.name, line.purposes, line.host, line.count) == ("YouTube", ["media"], "www.youtube.com", 3)
    assert (line.decision, line.reason, line.article) == ("hold", "nothing was decided", "TDDDG § 25(1)")
    assert line.paths == ["/a", "/b"]
    assert contacts.lines(Side.THROUGH) == []


def test_the_sites_own_hosts_are_nobody_else() -> None:
    contacts = Contacts(judge)
    contacts.note(contacted(host="cdn.shop.example"))
    assert contacts.lines(Side.DIRECT) == []


def test_what_was_stopped_missing_or_sent_by_the_gateway_is_told_apart() -> None:
    contacts = Contacts(judge)
    contacts.note(contacted(stopped=True))
    contacts.note(contacted(recorded=False))
    contacts.note(contacted(by_gateway=True))
    browsers, gateways = contacts.lines(Side.DIRECT)
    assert (browsers.count, browsers.stopped, browsers.missing, browsers.by_gateway) == (2, 1, 1, False)
    assert (gateways.count, gateways.by_gateway) == (1, True)


def test_no_query_is_in_a_view() -> None:
    contacts = Contacts(judge)
    contacts.note(contacted("/a?email=anna@example.org"))
    assert "anna" not in contacts.view()


async def test_views_come_with_every_change_until_the_end() -> None:
    contacts = Contacts(judge)
    seen: list[int] = []

    async def watch() -> None:
        async for view in contacts.views():
            seen.append(len(json.loads(view)["direct"]))

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    contacts.note(contacted())
    await asyncio.sleep(0.01)
    contacts.clear()
    await asyncio.sleep(0.01)
    contacts.close()
    await asyncio.wait_for(watching, 5)
    assert seen[:3] == [0, 1, 0]
