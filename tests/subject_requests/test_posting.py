"""A webhook gets a signed message; only 2xx is accepted, and no redirect is followed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from contextlib import AbstractContextManager

import pytest
from aiohttp import web

from consent_gateway.subject_requests.posting import WebhookRoute
from consent_gateway.subject_requests.request import SubjectRequest
from consent_gateway.subject_requests.routes import NotDelivered
from tests.loopback import Server, serving, tls_for_anyone
from tests.mailbox import free_port
from tests.received import NOW, WORDS, new

REQUEST = SubjectRequest.of(new(), 1, NOW)
SECRET = b"s" * 32


def answering(status: int, **headers: str) -> AbstractContextManager[Server]:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers=headers)

    return serving(answer)


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_it_is_accepted_with_2xx_and_its_signature_holds(status: int) -> None:
    with answering(status) as server:
        await WebhookRoute(f"{server.address}/privacy?tenant=1", SECRET).send(REQUEST, NOW)
        (seen,) = server.requests
    assert (seen.method, seen.path, seen.query) == ("POST", "/privacy", "tenant=1")
    assert json.loads(seen.body)["data"]["message"] == WORDS
    headers = {name.lower(): value for name, value in seen.headers.items()}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{seen.body}".encode()
    right = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{right}" and headers["webhook-id"] == REQUEST.id
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [301, 307, 400, 404, 410, 429, 500, 503])
async def test_everything_else_is_not_accepted_and_not_followed(status: int) -> None:
    with answering(200) as other, answering(status, Location=f"{other.address}/there") as server:
        with pytest.raises(NotDelivered, match=f"^answered {status}$"):
            await WebhookRoute(server.address, SECRET).send(REQUEST, NOW)
        assert (len(server.requests), other.requests) == (1, [])


async def test_a_server_that_is_down_or_that_nobody_trusts_gets_nothing() -> None:
    with pytest.raises(NotDelivered, match="ClientConnectorError"):
        await WebhookRoute(f"http://127.0.0.1:{free_port()}/", SECRET).send(REQUEST, NOW)

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response()

    with serving(answer, tls_for_anyone()) as server:
        with pytest.raises(NotDelivered, match="Certificate"):
            await WebhookRoute(f"https://127.0.0.1:{server.port}/", SECRET).send(REQUEST, NOW)
        assert server.requests == []


async def test_a_proxy_in_the_environment_does_not_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(200) as proxy, answering(200) as server:
        monkeypatch.setenv("http_proxy", proxy.address)
        monkeypatch.delenv("no_proxy", raising=False)
        await WebhookRoute(server.address, SECRET).send(REQUEST, NOW)
        assert (len(proxy.requests), len(server.requests)) == (0, 1)
