"""The gateway as an addon of mitmproxy. Whatever fails in it, no page goes out as it came."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from mitmproxy import http

from consent_gateway import bodies, hosts
from consent_gateway.messages import Headers, Request, Response
from consent_gateway.page.charset import Undecodable
from consent_gateway.proxy import body_limit, failing, recoding
from consent_gateway.proxy.flows import mitmproxy_headers, mitmproxy_response, request_of, response_of
from consent_gateway.replies import redirect
from consent_gateway.reports import held_hosts
from consent_gateway.running import Running
from consent_gateway.sniffing import Kind, declared

logger = logging.getLogger(__name__)

# The visitor went away, or a hook of ours closed the connection and has said why.
IN_THE_COURSE_OF_THINGS = ("Client disconnected.", "Connection killed.")
READ_WHOLE = (Kind.HTML, Kind.XML, Kind.CSS, Kind.WORKER, Kind.JSON, Kind.UNKNOWN)
LAST_RESORT = b"This page could not be checked and is therefore not shown.\n"


class GatewayAddon:
    """The hooks of mitmproxy around one running gateway. Each is sealed: if anything is raised,
    the visitor gets a plain 502 or a closed connection, and mitmproxy logs the error."""

    name = "consent_gateway"

    def __init__(
        self,
        running: Running,
        *,
        tls_only: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._running = running
        self._tls_only = tls_only
        self._gateway = running.gateway
        self._now = now
        self.tells: Callable[[http.HTTPFlow, str], None] | None = None  # for a developer's tools
        self._requests: WeakKeyDictionary[http.HTTPFlow, Request] = WeakKeyDictionary()
        self._ours: WeakKeyDictionary[http.HTTPFlow, bool] = WeakKeyDictionary()
        # What has gone by with its header fields: looked at anew, an emptied one would seem to be a page without a type.
        self._passed: WeakKeyDictionary[http.HTTPFlow, bool] = WeakKeyDictionary()

    def too_large(self, flow: http.HTTPFlow, size: int) -> http.Response | None:
        """The answer to a request of so many bytes; None where they are read, or handed on to the site."""
        if size <= self._gateway.site.limits.request or flow.request.stream:
            return None
        try:
            return self._too_large(flow)
        except Exception:
            logger.exception("%s was refused", _named(flow))
            return _last_resort()

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Large uploads to the site are streamed; what is ours is read whole, up to the limit."""
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

    async def response(self, flow: http.HTTPFlow) -> None:
        """Rewrites documents."""
        try:
            await self._rewrite(flow)
        except BaseException:
            flow.response = _last_resort()
            raise
        finally:
            self._running.figures.took(time.time() - flow.request.timestamp_start)

    def websocket_message(self, flow: http.HTTPFlow) -> None:
        """mitmproxy keeps every message until the socket is closed; here that is for a developer's tools only."""
        if flow.websocket and not self.tells:
            flow.websocket.messages.clear()

    def error(self, flow: http.HTTPFlow) -> None:
        """Tells the operator what the visitor's error page does not."""
        if flow.error and flow.error.msg not in IN_THE_COURSE_OF_THINGS:
            logger.warning("%s failed: %s", _named(flow), failing.in_our_words(flow.error.msg))
            self._count("error")
            if flow.response is None and flow.request.timestamp_end:  # the visitor had said all there is
                self._running.origin.failed(time.monotonic())

    def running(self) -> None:
        self._running.begin()

    async def done(self) -> None:
        await self._running.close()

    def error_page(self, status: int) -> http.Response:
        """What a visitor sees where mitmproxy has no response to pass on."""
        otherwise = "unreachable" if status in (502, 503, 504) else "unreadable"
        message = "too_large" if status in (413, 431) else otherwise
        nobody = Request(method="GET", scheme=self._running.scheme, host="", target="/")
        return mitmproxy_response(self._gateway.refusal(nobody, status, message, self._now()))

    # ---- steps ---------------------------------------------------------------------------------

    def _open(self, flow: http.HTTPFlow) -> None:
        request = self._opened(flow)
        size = body_limit.announced(flow.request)
        large = size is None or size > self._gateway.site.limits.request
        if large and not self._is_read_whole(flow, request):
            flow.request.stream = True
            self._hand_on(flow, request)

    def _opened(self, flow: http.HTTPFlow) -> Request:
        if flow.request.authority and not flow.request.is_http2:
            # An absolute-form target: its host counts, and not that of the field (RFC 9112 3.2.2).
            flow.request.headers["Host"], flow.request.authority = flow.request.authority, ""
        if not flow.request.path.startswith("/") and flow.request.path != "*":
            flow.request.path = _origin_form(flow.request.path)
        request = request_of(flow, self._gateway.site, self._running.scheme)
        self._requests[flow] = request
        self._running.proxies.look(request)
        return request

    def _is_read_whole(self, flow: http.HTTPFlow, request: Request) -> bool:
        """Whether the gateway answers a request itself."""
        ours = self._gateway.claims(request) or not self._gateway.is_for_us(request)
        return ours or self._is_plain(flow, request)

    def _too_large(self, flow: http.HTTPFlow) -> http.Response | None:
        request = self._opened(flow)
        if not self._is_read_whole(flow, request):
            return None
        status = hosts.refusal(request, self._gateway.site)
        if self._is_plain(flow, request):
            response = _with_tls(request)
        else:
            message = "host" if status else "too_large"
            response = self._gateway.refusal(request, status or 413, message, self._now())
        logger.debug("%s answered: %s", _named(flow), response.status)
        return mitmproxy_response(response, bodiless=request.method == "HEAD")

    async def _answer(self, flow: http.HTTPFlow) -> None:
        if flow.response is not None or flow.request.stream:
            return
        request = request_of(flow, self._gateway.site, self._running.scheme)
        self._requests[flow] = request
        if self._is_plain(flow, request):
            response = _with_tls(request)
        elif self._gateway.claims(request) and len(request.body) > self._gateway.site.limits.request:
            response = self._gateway.refusal(request, 413, "too_large", self._now())
        else:
            reply = self._gateway.answer(request, self._now())
            if reply is None:
                self._hand_on(flow, request)
                return
            response = await self._running.carry_out(reply)
            if reply.outbound:
                self._tell(flow, "a hit is sent on in its place")
        self._tell(flow, f"answered: {response.status}")
        self._ours[flow] = True
        self._count("hit" if self._gateway.relay.claims(request, self._gateway.site.prefix) else "own")
        flow.response = mitmproxy_response(response, bodiless=request.method == "HEAD")

    def _is_plain(self, flow: http.HTTPFlow, request: Request) -> bool:
        """Whether a request for the site came without TLS although we speak it: cookies would be
        those of another scheme, and a click would be taken for one from another website."""
        secure = flow.client_conn.tls_established or request.through_trusted
        return self._tls_only and not secure and self._gateway.is_for_us(request)

    def _hand_on(self, flow: http.HTTPFlow, request: Request) -> None:
        now = self._now()
        self._running.count(self._gateway.undeclared(request, None, now))
        forwarded = self._gateway.forwarded(request, now)
        flow.request.headers = mitmproxy_headers(forwarded.headers)
        flow.request.host_header = forwarded.host
        if forwarded.target != request.target:
            flow.request.path = forwarded.target

    def _pass_through(self, flow: http.HTTPFlow) -> None:
        assert flow.response is not None
        if flow in self._ours:
            return
        self._running.origin.answered(time.monotonic())
        request, response = self._request(flow), response_of(flow.response, b"")
        self._running.count(self._gateway.undeclared(request, response.headers, self._now()))
        if response.status == 101 and not _is_websocket(flow):
            logger.warning("%s was held back: the site would speak another protocol than HTTP", _named(flow))
            if flow.killable:
                flow.kill()
            return
        if response.status == 101:  # no body, but cookies
            self._count("passed")
            passed, _ = self._gateway.rewrite(request, response, self._now())
            flow.response.headers = mitmproxy_headers(passed.headers)
            return
        if declared(request, response) in READ_WHOLE:
            flow.response.stream = False
            return
        passed, _ = self._gateway.rewrite(request, response, self._now())
        self._passed[flow] = True
        self._count("passed")
        flow.response.headers = mitmproxy_headers(passed.headers)
        flow.response.stream = bool(flow.live)
        if passed.status != flow.response.status_code:
            flow.response.status_code = passed.status
            flow.response.stream = _nothing_of

    async def _rewrite(self, flow: http.HTTPFlow) -> None:
        assert flow.response is not None
        if flow in self._ours or flow in self._passed or flow.response.status_code == 101:
            return
        request = self._request(flow)
        if declared(request, response_of(flow.response, b"")) not in READ_WHOLE:
            return
        self._count("document")
        try:
            result = await recoding.recoded(self._gateway, request, flow.response, self._now())
        except (bodies.BadBody, Undecodable) as error:
            logger.warning("%s was held back: %s", _named(flow), error)
            flow.response = mitmproxy_response(self._gateway.refusal(request, 502, "held_back", self._now()))
            return
        self._running.learn(result.seen)
        self._running.count(held_hosts(result.seen.unlisted, self._now().date()))
        if self.tells or logger.isEnabledFor(logging.DEBUG):
            reasons = self._gateway.reasons(request, result.seen.services, self._now())
            self._tell(flow, f"has {'; '.join(reasons) or 'no known service'}")
        self._count_held(result)
        flow.response.status_code = result.status
        flow.response.headers = result.headers
        if result.body is not None:
            flow.response.raw_content = result.body

    def _count(self, kind: str) -> None:
        self._running.figures.add("requests_total", kind=kind)

    def _count_held(self, result: recoding.Recoded) -> None:
        if result.body is not None:
            self._running.figures.add("pages_edited_total")
        for service in result.seen.held:
            self._running.figures.add("held_total", service=service)

    def _tell(self, flow: http.HTTPFlow, what: str) -> None:
        logger.debug("%s %s", _named(flow), what)
        if self.tells:
            self.tells(flow, what)

    def _request(self, flow: http.HTTPFlow) -> Request:
        """The request as it came: by now the flow holds the one that was handed on."""
        known = self._requests.get(flow)
        return known or request_of(flow, self._gateway.site, self._running.scheme)


def _with_tls(request: Request) -> Response:
    return redirect(f"https://{request.host}{request.target}", status=308)


def _is_websocket(flow: http.HTTPFlow) -> bool:
    """Whether request and response agree on the one protocol that mitmproxy reads beside HTTP."""
    sides = (flow.request.headers, flow.response.headers if flow.response else http.Headers())
    return all(side.get("upgrade", "").strip().lower() == "websocket" for side in sides)


def _nothing_of(_: bytes) -> bytes:
    return b""


def _named(flow: http.HTTPFlow) -> str:
    """A request for the log: never with its query, which may hold anything."""
    return f"{flow.request.method} {flow.request.host_header or ''}{flow.request.path.partition('?')[0]}"


def _origin_form(target: str) -> str:
    """The path and query of an absolute-form target (RFC 9112 3.2.2)."""
    parts = urlsplit(target)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _last_resort() -> http.Response:
    headers = (("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"))
    return http.Response.make(502, LAST_RESORT, mitmproxy_headers(Headers(headers)))
