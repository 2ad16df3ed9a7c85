"""What depends on the visitor is handed from one to another by no cache."""

from __future__ import annotations

from datetime import datetime

import pytest

from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers, Response
from tests.asking import Asking, consented
from tests.conftest import MakeGateway

SHARED = (("Cache-Control", "public, max-age=3600"), ("ETag", '"x"'), ("Content-Length", "3"))
EMBED = "https://www.youtube.com/embed/abcdefghijk"
DEPENDS = {
    "a hint": (200, ("Link", "<https://www.youtube.com>; rel=preconnect")),
    "a refresh": (200, ("Refresh", f"5; url={EMBED}")),
    "a redirect": (302, ("Location", EMBED)),
    "a report": (200, ("Content-Security-Policy", "img-src *; report-uri https://px.ads.linkedin.com/r")),
    "a cookie of a service": (200, ("Set-Cookie", "_fbp=1")),
    "an advertiser's": (200, ("Attribution-Reporting-Info", "preferred-platform=os")),
    "revalidated": (304, ("Link", "<https://www.youtube.com>; rel=preconnect")),
}
THE_SAME = {
    "nothing": (200, ("X-Frame-Options", "DENY")),
    "a hint of its own": (200, ("Link", "</own.css>; rel=preload; as=style")),
    "a cookie of its own": (200, ("Set-Cookie", "sid=1")),
    "a redirect of its own": (302, ("Location", "/there")),
    "reports nobody gets": (200, ("Report-To", '{"max_age":1,"endpoints":[{"url":"https://cdn.branch.io/"}]}')),
    "a plain link": (200, ("Link", f"<{EMBED}>; rel=help")),
}  # fmt: skip


def answered(asking: Asking, status: int, field: tuple[str, str], kind: str = "image/png") -> Response:
    fields = Headers((("Content-Type", kind), *SHARED, field))
    request = asking.request("GET", "/x.png", Sec_Fetch_Dest="image" if status == 200 else "document")
    return asking.gateway.rewrite(request, Response(status=status, headers=fields, body=b"png"), asking.now)[
        0
    ]


def visitors(gateway: Gateway, now: datetime) -> list[Asking]:
    """One who has not answered, and one who has agreed to everything."""
    return [Asking(gateway, now), Asking(gateway, now, consented(gateway, now, decision=["accept_all"]))]


@pytest.mark.parametrize(("status", "field"), DEPENDS.values(), ids=DEPENDS)
def test_header_fields_that_others_get_otherwise_make_an_answer_private(
    gateway: Gateway, now: datetime, status: int, field: tuple[str, str]
) -> None:
    """HTTP-07, HTTP-08: the bytes are the origin's, and so is their length."""
    for asking in visitors(gateway, now):
        answer = answered(asking, status, field)
        assert answer.headers.get("cache-control") == "private, no-cache"
        assert answer.headers.get("vary") == "Cookie, Sec-GPC, DNT"
        assert answer.headers.get("etag") == "" and answer.headers.get("content-length") == "3"
        assert answer.body == b"png"


@pytest.mark.parametrize(("status", "field"), THE_SAME.values(), ids=THE_SAME)
def test_what_everybody_gets_alike_may_be_kept_by_whoever_kept_it_before(
    gateway: Gateway, now: datetime, status: int, field: tuple[str, str]
) -> None:
    """HTTP-13"""
    for asking in visitors(gateway, now):
        answer = answered(asking, status, field)
        assert answer.headers.get("cache-control") == "public, max-age=3600"
        assert answer.headers.get("etag") == '"x"' and answer.headers.get("vary") == ""


def test_a_file_that_browsers_fetch_by_is_private_where_some_get_less_of_it(
    gateway: Gateway, now: datetime
) -> None:
    def rules(address: str) -> str:
        return f'{{"prefetch":[{{"urls":["{address}"]}}]}}'

    kind = "application/speculationrules+json"
    fresh, agreed = (
        asking.page(rules(EMBED), content_type=kind, Sec_Fetch_Dest="") for asking in visitors(gateway, now)
    )
    assert b"youtube" not in fresh.body and b"youtube" in agreed.body
    for answer in (fresh, agreed):
        assert answer.headers.get("cache-control") == "private, no-cache"
        assert answer.headers.get("etag") == ""
    for asking in visitors(gateway, now):
        assert asking.page(rules("/a"), content_type=kind, Sec_Fetch_Dest="").headers.get("etag") == '"x"'


def test_a_held_cookie_that_nobody_gets_is_no_reason(make_gateway: MakeGateway, now: datetime) -> None:
    gateway = make_gateway('[third_parties]\nunlisted = "hold"\n')
    answer = answered(Asking(gateway, now), 200, ("Set-Cookie", "unknown=1"))
    assert answer.headers.get("set-cookie") == "" and answer.headers.get("etag") == '"x"'
