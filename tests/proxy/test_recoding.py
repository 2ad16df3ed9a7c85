"""A page through its content coding, and others meanwhile."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from datetime import datetime
from typing import Any

import pytest
from mitmproxy import http

from consent_gateway import bodies
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Request
from consent_gateway.proxy import recoding
from tests.asking import Asking
from tests.conftest import MakeGateway

FRAME = b'<p>text <iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Gateway:
    return make_gateway()


def asked(gateway: Gateway, now: datetime, method: str = "GET") -> Request:
    return Asking(gateway, now).request(method, "/", Sec_Fetch_Dest="document")


def response(body: bytes, coding: str = "") -> http.Response:
    made = http.Response.make(200, b"", {"content-type": "text/html"})
    made.raw_content = body
    made.headers["content-length"] = str(len(body))
    if coding:
        made.headers["content-encoding"] = coding
    return made


@pytest.mark.parametrize("times", [1, 3000], ids=["small", "large"])
async def test_a_page_keeps_its_coding_and_its_length_is_right(
    gateway: Gateway, now: datetime, times: int
) -> None:
    page = b"<!doctype html><body>" + FRAME * times
    result = await recoding.recoded(
        gateway, asked(gateway, now), response(gzip.compress(page, 0), "gzip"), now
    )
    assert result.body is not None
    assert gzip.decompress(result.body).count(b'data-privacy="placeholder"') == times
    assert int(result.headers["content-length"]) == len(result.body)
    assert result.seen.services == {"youtube"}


async def test_where_nothing_is_changed_the_bytes_are_those_that_came(
    gateway: Gateway, now: datetime
) -> None:
    raw = zlib.compress(b"a { color: red }", 1)
    sheet = response(raw, "deflate")
    sheet.headers["content-type"] = "text/css"
    result = await recoding.recoded(gateway, asked(gateway, now), sheet, now)
    assert result.body is None and int(result.headers["content-length"]) == len(raw)


async def test_head_has_the_headers_of_a_page_and_no_body(gateway: Gateway, now: datetime) -> None:
    result = await recoding.recoded(gateway, asked(gateway, now, "HEAD"), response(b""), now)
    assert result.body is None and "content-security-policy-report-only" in result.headers


async def test_others_are_served_while_a_large_page_is_recoded(gateway: Gateway, now: datetime) -> None:
    large = response(b"<!doctype html><body>" + FRAME * 4_000)
    under_way = asyncio.create_task(recoding.recoded(gateway, asked(gateway, now), large, now))
    for _ in range(5):
        await recoding.recoded(gateway, asked(gateway, now), response(FRAME), now)
        await asyncio.sleep(0.01)
    assert not under_way.done()
    assert (await under_way).body


async def test_a_large_page_that_is_known_keeps_no_thread(
    gateway: Gateway, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    to_thread = asyncio.to_thread

    async def noted(*of: Any) -> Any:
        begun.append(turn)
        return await to_thread(*of)

    monkeypatch.setattr(asyncio, "to_thread", noted)
    large = b"<!doctype html><body>" + b"<p>text" * 20_000 + FRAME
    for turn in range(4):  # noqa: B007
        result = await recoding.recoded(gateway, asked(gateway, now), response(large), now)
        assert result.body and b"youtube.com/embed" not in result.body
    assert begun == [0, 1]


@pytest.mark.parametrize("status", [200, 206])
async def test_what_cannot_be_read_as_a_whole_is_refused(
    gateway: Gateway, now: datetime, status: int
) -> None:
    bad = response(b"not gzip", "gzip")
    bad.status_code = status
    with pytest.raises(bodies.BadBody):
        await recoding.recoded(gateway, asked(gateway, now), bad, now)
