"""mitmproxy's flows ⇄ the gateway's plain requests and responses."""

from __future__ import annotations

from urllib.parse import quote_from_bytes

from mitmproxy import http

from consent_gateway.messages import Headers, Request, Response
from consent_gateway.site import Site

_ENCODING = ("utf-8", "surrogateescape")  # what mitmproxy itself decodes headers with
_AS_IT_IS = bytes(range(0x80))


def request_of(flow: http.HTTPFlow, site: Site, scheme: str) -> Request:
    """The request as the visitor made it. What a trusted proxy says of the scheme counts."""
    peer = flow.client_conn.peername
    address = str(peer[0]) if peer else ""  # type: ignore[redundant-expr]
    trusted = site.site.trusts(address)
    forwarded = flow.request.headers.get("x-forwarded-proto", "").strip().lower()
    if flow.client_conn.tls_established:
        scheme = "https"
    elif trusted and forwarded in ("http", "https"):
        scheme = forwarded
    return Request(
        method=flow.request.method.upper(),
        scheme=scheme,
        host=(flow.request.host_header or flow.request.pretty_host).lower(),
        target=_target(flow.request.path),
        headers=headers_of(flow.request.headers),
        body=flow.request.raw_content or b"",
        peer=address,
        through_trusted=trusted,
        version=flow.request.http_version.removeprefix("HTTP/"),
    )


def _target(path: str) -> str:
    """A target with bytes that are no text, as browsers would have written it (URL standard 1.3): it stands in links.
    To the site it goes as it came."""
    if path.isascii() or path == path.encode(*_ENCODING).decode("utf-8", "replace"):
        return path
    return quote_from_bytes(path.encode(*_ENCODING), safe=_AS_IT_IS)


def response_of(response: http.Response, body: bytes) -> Response:
    """The response with its decoded body."""
    return Response(status=response.status_code, headers=headers_of(response.headers), body=body)


def headers_of(headers: http.Headers) -> Headers:
    return Headers(tuple((k.decode(*_ENCODING), v.decode(*_ENCODING)) for k, v in headers.fields))


def mitmproxy_headers(headers: Headers) -> http.Headers:
    return http.Headers([(k.encode(*_ENCODING), v.encode(*_ENCODING)) for k, v in headers])


def mitmproxy_response(response: Response, *, bodiless: bool = False) -> http.Response:
    """A response of ours for mitmproxy to send; without its body for HEAD."""
    made = http.Response.make(response.status, b"", mitmproxy_headers(response.headers))
    made.raw_content = b"" if bodiless else response.body  # as it is: `content` would be coded once more
    made.headers["content-length"] = str(len(response.body))
    if response.status in (204, 304):
        made.headers.pop("content-length", None)
    return made
