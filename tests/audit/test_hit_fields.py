"""Of a hit every field is accounted for: passed, changed, dropped or added."""

from __future__ import annotations

from datetime import datetime

from consent_gateway.audit.findings import Field
from consent_gateway.audit.hit_fields import fields_of
from consent_gateway.audit.states import visitors
from consent_gateway.messages import Headers, Request
from tests.asking import CHROME
from tests.conftest import MakeGateway

HOST = "www.example.com"


def fields(
    make: MakeGateway, now: datetime, query: str, *, state: str = "analytics", agent: str = CHROME
) -> tuple[Field, ...]:
    gateway = make()
    agreed = next(one.fields for one in visitors(gateway, HOST, "https", now) if one.state.id == state)
    hit = Request(
        method="POST",
        scheme="https",
        host="region1.google-analytics.com",
        target=f"/g/collect?{query}",
        headers=Headers.of(User_Agent=agent),
    )
    page = Request(method="GET", scheme="https", host=HOST, target="/")
    return fields_of(gateway, hit, agreed, page, now)


HIT = "v=2&tid=G-SHOP12345&cid=1.2&en=page_view&uid=anna&dl=https%3A%2F%2Fwww.example.com%2Fa%3Femail%3Da%40b.c&zz=1"


def test_each_field_has_its_fate(make_gateway: MakeGateway, now: datetime) -> None:
    found = {field.name: field.what for field in fields(make_gateway, now, HIT)}
    assert found["tid"] == found["en"] == "passed"
    assert found["cid"] == found["dl"] == "changed"
    assert found["uid"] == found["zz"] == "dropped"
    assert set(found) >= {"v", "tid", "cid", "en", "uid", "dl", "zz"}
    assert "added" in found.values()


def test_nothing_goes_on_without_consent_from_a_robot_or_of_what_is_no_hit(
    make_gateway: MakeGateway, now: datetime
) -> None:
    assert fields(make_gateway, now, HIT, state="fresh") == ()
    assert fields(make_gateway, now, HIT, agent="Googlebot/2.1") == ()
    assert fields(make_gateway, now, "v=1&tid=UA-1-1") == ()
