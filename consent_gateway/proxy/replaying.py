"""The gateway in front of a recorded site: its pages with the addresses of the replay, for a chosen visitor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from http.cookies import SimpleCookie

from mitmproxy import http

from consent_gateway.cookie_fields import without_held
from consent_gateway.messages import Headers, Request
from consent_gateway.proxy.addon import GatewayAddon
from consent_gateway.proxy.flows import mitmproxy_headers, mitmproxy_response, request_of, response_of
from consent_gateway.replay.answers import Answers
from consent_gateway.replay.serving import OWN_PATHS
from consent_gateway.running import Running

CHOSEN = "consent-gateway-replay"  # the cookie that names the visitor a tester has chosen
DESTINATION = "Sec-Fetch-Dest"
SIGNALS = ("sec-gpc", "dnt")

Signals = Mapping[str, str]


class ReplayAddon(GatewayAddon):
    """The gateway's own hooks; around them the chosen visitor's signals go in, and the addresses come out.

    `signals_of` gives the header fields of a visitor by the id of his state; `panel` is where the panel is.
    `visited` gets every request of the browser's, and how the next one will be after a choice.
    """

    def __init__(
        self,
        running: Running,
        answers: Answers,
        *,
        signals_of: Callable[[str], Signals],
        panel: str,
        visited: Callable[[Request], None],
    ) -> None:
        super().__init__(running)
        self._answers = answers
        self._serving = answers.serving()
        self._signals_of = signals_of
        self._panel = panel
        self._visited = visited

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        if _is_replays(flow):
            return
        self._as_chosen(flow)
        super().requestheaders(flow)

    async def request(self, flow: http.HTTPFlow) -> None:
        if not _is_replays(flow):
            await super().request(flow)
            return
        request = request_of(flow, self._gateway.site, self._running.scheme)
        response = self._answers.own(request)
        if response is not None:
            flow.response = mitmproxy_response(response)
        else:
            flow.response = http.Response.make(303, b"", {"Location": self._panel})

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        super().responseheaders(flow)
        assert flow.response is not None
        if flow.response.stream is True:
            flow.response.stream = False  # it is read for addresses

    async def response(self, flow: http.HTTPFlow) -> None:
        if _is_replays(flow):
            return
        await super().response(flow)
        assert flow.response is not None
        request = self._request(flow)
        response = response_of(flow.response, flow.response.raw_content or b"")
        if flow in self._ours and response.headers.all("set-cookie"):
            self._visited(_after(request, response.headers))
        if flow in self._ours or not response.body:
            flow.response.headers = mitmproxy_headers(self._serving.headers(request, response.headers))
            return
        flow.response = mitmproxy_response(
            self._serving(request, response), bodiless=request.method == "HEAD"
        )

    def _as_chosen(self, flow: http.HTTPFlow) -> None:
        """Gives the request the signals of the chosen visitor, and keeps from everybody who that is."""
        request = request_of(flow, self._gateway.site, self._running.scheme)
        headers = request.headers
        if chosen := request.cookies(CHOSEN):
            cookies = without_held("; ".join(headers.all("cookie")), lambda name: name == CHOSEN)
            headers = headers.setting("Cookie", cookies) if cookies else headers.without("Cookie")
            headers = Headers((*headers.without(*SIGNALS), *self._signals_of(chosen[0]).items()))
        ours = flow.request.path.startswith(f"{self._gateway.site.prefix}/")
        if headers.get(DESTINATION) == "iframe" and (ours or self._answers.is_page(request)):
            headers = headers.setting(DESTINATION, "document")  # it is in a frame of the panel's
        flow.request.headers = mitmproxy_headers(headers)
        self._visited(request_of(flow, self._gateway.site, self._running.scheme))


def _after(request: Request, answered: Headers) -> Request:
    """The request as the browser would make it once more: with the cookies that it has been given."""
    kept: SimpleCookie = SimpleCookie()
    for line in (*request.headers.all("cookie"), *answered.all("set-cookie")):
        kept.load(line)
    cookies = "; ".join(f"{name}={morsel.coded_value}" for name, morsel in kept.items() if morsel.value)
    headers = request.headers.setting("Cookie", cookies) if cookies else request.headers.without("Cookie")
    return replace(request, headers=headers)


def _is_replays(flow: http.HTTPFlow) -> bool:
    return flow.request.path.startswith(OWN_PATHS)
