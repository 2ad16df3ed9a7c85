"""The gateway's addon with somebody looking on: each answer of the site as it came and as it went out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mitmproxy import http

from consent_gateway import bodies
from consent_gateway.messages import Request, Response
from consent_gateway.proxy.addon import GatewayAddon
from consent_gateway.proxy.flows import response_of
from consent_gateway.running import Running


@dataclass(frozen=True, slots=True)
class Passed:
    """A request, the site's answer to it and what the visitor got. `port` is the visitor's end of the
    connection. Both bodies are decoded; that of a streamed answer is empty."""

    request: Request
    port: int
    came: Response
    went: Response


Watch = Callable[[Passed], None]


class WatchedAddon(GatewayAddon):
    """The same gateway; `watch` is called before the visitor gets the answer, in the proxy's thread."""

    def __init__(self, running: Running, watch: Watch) -> None:
        super().__init__(running)
        self._watch = watch

    async def response(self, flow: http.HTTPFlow) -> None:
        came = self._seen(flow)
        await super().response(flow)
        self._watch(Passed(self._request(flow), flow.client_conn.peername[1], came, self._seen(flow)))

    def _seen(self, flow: http.HTTPFlow) -> Response:
        assert flow.response is not None
        coding = flow.response.headers.get("content-encoding", "")
        try:
            body = bodies.decode(flow.response.raw_content or b"", coding, self._gateway.site.limits.page)
        except bodies.BadBody:
            body = b""
        return response_of(flow.response, body)
