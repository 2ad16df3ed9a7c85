"""The table of the gateway's own cookies: what it sets is in it, as it says."""

from __future__ import annotations

from datetime import datetime

import pytest

from consent_gateway.gateway import Gateway
from consent_gateway.own_cookies import OWN_COOKIES
from tests.asking import Asking

NAMES = {scheme: {one.name(scheme): one for one in OWN_COOKIES} for scheme in ("http", "https")}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_cookie_that_is_set_is_in_the_table(scheme: str, gateway: Gateway, now: datetime) -> None:
    visitor = Asking(gateway, now, scheme=scheme)
    replies = [
        visitor.post("/.privacy/choice", {"decision": ["accept_all"], "layer": ["notice"]}),
        visitor.post("/.privacy/activate", {"service": ["youtube"], "instance": ["1"]}),
    ]
    fields = [field for reply in replies for field in reply.response.headers.all("set-cookie")]
    found = {field.partition("=")[0]: field for field in fields}
    known = NAMES[scheme]
    assert found.keys() == {name for name, one in known.items() if "session" not in one.suffix}
    for name, field in found.items():
        assert all(word in field for word in ("HttpOnly", "Path=/", "SameSite=Lax")) and "Domain" not in field
        assert ("Secure" in field) is (scheme == "https")
        assert ("~" in field.partition(";")[0]) is known[name].signed


def test_each_tells_what_it_is_for_and_how_long_it_stays() -> None:
    assert all(one.comes and one.content and one.lasts for one in OWN_COOKIES)
    assert OWN_COOKIES[0].lasts == "6 months; after an objection 13 months"
