"""The gateway as an addon of mitmproxy. Whatever fails in it, no page goes out as it came."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from mitmproxy import http

from consent_gateway import bodies
from consent_gateway.messages import Headers, Request
from consent_gateway.page.charset import Undecodable
from consent_gateway.proxy.flows import mitmproxy_headers, mitmproxy_response, request_of, response_of
from consent_gateway.running import Running
from consent_gateway.sniffing import Kind, declared

logger = logging.getLogger(__name__)

READ_WHOLE = (Kind.HTML, Kind.XML, Kind.CSS, Kind.UNKNOWN)
LAST_RESORT = b"This page could not be checked and is therefore not shown.\n"


class GatewayAddon:
    """Three hooks of mitmproxy around one running gateway. Each is sealed: if anything is raised,
    the visitor gets a plain 502 or a closed connection, and mitmproxy logs the error."""

    name = "consent_gateway"

    def __init__(self, running: Running, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._running = running
        self._gateway = running.gateway
        self._now = now
        self._requests: WeakKeyDictionary[http.HTTPFlow, Request] = WeakKeyDictionary()
        self._ours: WeakKeyDictionary[http.HTTPFlow, bool] = WeakKeyDictionary()

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Large uploads to the site are streamed; what is ours is read whole."""
        try:
            self._open(flow)
        except BaseException:
            flow.response = _last_resort()
            raise

    async def request(self, flow: http.HTTPFlow) -> None:
        """Answers what is ours; hands on the rest without our cookies."""
        try:
            await self._answer(flow)
        except BaseException:
            flow.response = _last_resort()
            raise

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Streams what cannot be a document; documents are read whole."""
        try:
            self._pass_through(flow)
        except BaseException:
            if flow.killable:
                flow.kill()
            raise

    def response(self, flow: http.HTTPFlow) -> None:
        """Rewrites documents."""
        try:
            self._rewrite(flow)
        except BaseException:
            flow.response = _last_resort()
            raise

    async def done(self) -> None:
        await self._running.close()

    # ---- steps ---------------------------------------------------------------------------------

    def _open(self, flow: http.HTTPFlow) -> None:
        if not flow.request.path.startswith("/") and flow.request.path != "*":
            flow.request.path = _origin_form(flow.request.path)
        request = request_of(flow, self._gateway.site, self._running.scheme)
        self._requests[flow] = request
        limit = self._gateway.site.limits.request
        size = flow.request.headers.get("content-length", "0")
        large = "transfer-encoding" in flow.request.headers or (size.isdigit() and int(size) > limit)
        if large and not self._gateway.claims(request):
            flow.request.stream = True
            self._hand_on(flow, request)

    async def _answer(self, flow: http.HTTPFlow) -> None:
        if flow.response is not None or flow.request.stream:
            return
        request = request_of(flow, self._gateway.site, self._running.scheme)
        self._requests[flow] = request
        if self._gateway.claims(request) and len(request.body) > self._gateway.site.limits.request:
            response = self._gateway.refusal(request, 413, "too_large", self._now())
        else:
            reply = self._gateway.answer(request, self._now())
            if reply is None:
                self._hand_on(flow, request)
                return
            response = await self._running.carry_out(reply)
        self._ours[flow] = True
        flow.response = mitmproxy_response(response, bodiless=request.method == "HEAD")

    def _hand_on(self, flow: http.HTTPFlow, request: Request) -> None:
        forwarded = self._gateway.forwarded(request)
        flow.request.headers = mitmproxy_headers(forwarded.headers)
        flow.request.host_header = forwarded.host

    def _pass_through(self, flow: http.HTTPFlow) -> None:
        assert flow.response is not None
        if flow in self._ours or flow.response.status_code == 101:
            return
        if declared(response_of(flow.response, b"")) in READ_WHOLE:
            flow.response.stream = False
            return
        passed, _ = self._gateway.rewrite(self._request(flow), response_of(flow.response, b""), self._now())
        flow.response.headers = mitmproxy_headers(passed.headers)
        flow.response.stream = bool(flow.live)

    def _rewrite(self, flow: http.HTTPFlow) -> None:
        assert flow.response is not None
        if flow in self._ours or flow.response.status_code == 101:
            return
        if declared(response_of(flow.response, b"")) not in READ_WHOLE:
            return
        request = self._request(flow)
        try:
            self._rewrite_body(flow, request)
        except (bodies.BadBody, Undecodable) as error:
            logger.warning("a page was held back: %s", error)
            flow.response = mitmproxy_response(self._gateway.refusal(request, 502, "held_back", self._now()))

    def _rewrite_body(self, flow: http.HTTPFlow, request: Request) -> None:
        assert flow.response is not None
        raw = flow.response.raw_content
        if raw is None or flow.response.status_code == 206:
            raise bodies.BadBody("streamed past the gateway" if raw is None else "a part of a document")
        coding = flow.response.headers.get("content-encoding", "")
        body = bodies.decode(raw, coding, self._gateway.site.limits.page)
        rewritten, seen = self._gateway.rewrite(request, response_of(flow.response, body), self._now())
        self._running.learn(seen)
        flow.response.headers = mitmproxy_headers(rewritten.headers)
        if request.method == "HEAD" or rewritten.status in (204, 304):
            return
        if rewritten.body != body:
            flow.response.raw_content = raw = bodies.encode(rewritten.body, coding)
        if "transfer-encoding" not in flow.response.headers:
            flow.response.headers["content-length"] = str(len(raw))

    def _request(self, flow: http.HTTPFlow) -> Request:
        """The request as it came: by now the flow holds the one that was handed on."""
        known = self._requests.get(flow)
        return known or request_of(flow, self._gateway.site, self._running.scheme)


def _origin_form(target: str) -> str:
    """The path and query of an absolute-form target (RFC 9112 3.2.2)."""
    parts = urlsplit(target)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _last_resort() -> http.Response:
    headers = (("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"))
    return http.Response.make(502, LAST_RESORT, mitmproxy_headers(Headers(headers)))
