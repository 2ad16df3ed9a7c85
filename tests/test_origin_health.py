"""Whether the site behind answers, as far as visitors' requests show it."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web

from consent_gateway import origin_health
from consent_gateway.origin_health import FAULT, LASTING, MANY, RECENT, OriginHealth
from consent_gateway.running import Running
from tests.loopback import gateway, serving
from tests.proxy.test_master import ask


def failing(failed: list[float], answered: float = 0, *, now: float) -> bool:
    health = OriginHealth(0)
    for at, failure in sorted([(answered, False), *((at, True) for at in failed)]):
        (health.failed if failure else health.answered)(at)
    return health.is_failing(now)


def test_the_site_behind_does_not_answer_if_all_requests_fail_for_a_while() -> None:
    many = [float(at) for at in range(1, MANY + 1)]
    assert failing(many, now=LASTING + 1)
    assert not failing(many, now=LASTING - 1)
    assert not failing(many[1:], now=LASTING + 1)
    assert not failing(many, answered=MANY + 1, now=MANY + LASTING + 2)
    assert failing(many, now=MANY + RECENT) and not failing(many, now=MANY + RECENT + 1)


def test_one_path_at_which_the_site_breaks_is_not_the_site() -> None:
    health = OriginHealth(0)
    for second in range(60):
        health.failed(second)
        if second % 5 == 0:
            health.answered(second)
        assert not health.is_failing(second)


def test_health_and_status_say_that_the_site_is_gone_pages_do_not_and_it_may_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(origin_health, "LASTING", 0)
    gone = True
    runnings: list[Running] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        if gone and request.transport:
            request.transport.abort()
        return web.Response(text="here", content_type="text/html")

    with serving(answer) as origin, gateway(origin, tmp_path / "state", prepare=runnings.append) as base:
        for _ in range(MANY - 1):
            assert ask(base, "GET", "/")[0] == 502
        assert ask(base, "GET", "/.privacy/healthz")[0] == 200
        assert ask(base, "GET", "/")[0] == 502
        status, _, body = ask(base, "GET", "/.privacy/healthz")
        assert (status, body) == (503, b"origin unreachable\n") and FAULT in runnings[0].faults
        assert ask(base, "GET", "/.privacy/healthz?for=pages")[0] == 200
        gone = False
        assert ask(base, "GET", "/")[0] == 200
        assert ask(base, "GET", "/.privacy/healthz")[0] == 200 and FAULT not in runnings[0].faults
