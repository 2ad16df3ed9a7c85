"""One entry of a HAR ⇄ one exchange: content that is already decoded, fields in several shapes."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

from consent_gateway.captures.destinations import WEBSOCKET
from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.members import Members
from consent_gateway.messages import Headers, Request, Response
from consent_gateway.urls import resolve

NO_BODIES = (
    "the HAR has no body for it: the browser kept none, or it was saved without content "
    "(Chromium: export it with content; Playwright: record_har_content)"
)
# Of the network; data:, blob: and addresses of extensions are not.
_NETWORK = re.compile(r"(?:https?|wss?)://", re.I)
_SCHEMES = {"ws": "http", "wss": "https"}
_BODILESS = frozenset((101, 204, 205, 304))
# Playwright's record_har_content="attach": a digest and an extension.
_ATTACHED = re.compile(r"[0-9a-f]{40}(?:\.\w{1,10})?")
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\";,\s]*)\"?", re.I)


class BadEntry(Exception):
    """An entry that cannot be read; the message names the field and the reason."""


def exchange_of(value: object, limit: int, attached: Callable[[str], bytes]) -> Exchange | None:
    """The exchange of an entry; None where it went over no network. Raises BadEntry."""
    if not isinstance(value, dict):
        raise BadEntry("it is no object")
    entry = Members(value)
    url = entry.within("request").text("url")
    if not url:
        raise BadEntry("request.url: missing")
    if not _NETWORK.match(url):
        return None
    request, is_socket = _request(entry.within("request"), url, attached)
    response, unreadable = _response(entry.within("response"), request.method, limit, attached)
    return Exchange(
        request=request,
        response=response,
        destination=WEBSOCKET if is_socket else "",
        time=_time(entry.text("startedDateTime")),
        unreadable=unreadable,
    )


def _request(members: Members, url: str, attached: Callable[[str], bytes]) -> tuple[Request, bool]:
    """The request, and whether it opens a WebSocket: that is asked for over http (RFC 6455 4.1)."""
    address = resolve(url, url)
    if address is None or not address.host:
        raise BadEntry("request.url: no address of the network")
    method = members.text("method").upper()
    if not re.fullmatch(r"[A-Z-]+", method):
        raise BadEntry("request.method: missing")
    if method == "CONNECT":
        raise BadEntry(f"a tunnel to {address.host} that could not be looked into")
    request = Request(
        method=method,
        scheme=_SCHEMES.get(address.scheme, address.scheme),
        host=f"{address.host}{address.port and f':{address.port}'}",
        target=address.rest,
        headers=_headers(members),
        body=_posted(members.within("postData"), attached),
    )
    return request, address.scheme in _SCHEMES


def _posted(data: Members, attached: Callable[[str], bytes]) -> bytes:
    if text := data.text("text"):
        if data.text("encoding") == "base64":
            try:
                return base64.b64decode(text)
            except ValueError:  # binascii.Error, and what is no ASCII
                return b""
        return text.encode("utf-8", "replace")
    if _ATTACHED.fullmatch(data.text("_file")):
        try:
            return attached(data.text("_file"))
        except OSError:
            return b""
    return urlencode(list(data.pairs("params"))).encode()


def _response(
    members: Members, method: str, limit: int, attached: Callable[[str], bytes]
) -> tuple[Response | None, str]:
    """What came back, and why its body could not be read; None for status 0 and below, which stands for
    a request that was blocked, failed or was still under way."""
    status = members.number("status")
    if status <= 0:
        return None, ""
    headers = _headers(members)
    content = members.within("content")
    if not headers.get("content-type") and content.text("mimeType") not in ("", "x-unknown"):
        headers = headers.adding("Content-Type", content.text("mimeType"))
    body, unreadable = b"", ""
    if method != "HEAD" and status not in _BODILESS:
        body, unreadable = _content(content, limit, attached)
        is_redirect = 300 <= status < 400  # browsers keep no body of it
        unreadable = "" if is_redirect and unreadable == NO_BODIES else unreadable
    if len(body) > limit:
        body, unreadable = b"", f"more than {limit} bytes"
    if not unreadable:
        headers = headers.without("content-encoding", "content-length", "transfer-encoding")
        if content.has_text("text") and content.text("encoding") != "base64":
            headers = _as_utf_8(headers, body)
    return Response(status=status, headers=headers, body=body), unreadable


def _content(content: Members, limit: int, attached: Callable[[str], bytes]) -> tuple[bytes, str]:
    if content.has_text("text"):
        text = content.text("text")
        if content.text("encoding") != "base64":
            return text.encode("utf-8", "replace"), ""
        if len(text) * 3 // 4 > limit + 3:
            return b"", f"more than {limit} bytes"
        try:
            return base64.b64decode("".join(text.split()), validate=True), ""
        except ValueError as error:  # binascii.Error, and what is no ASCII
            return b"", f"damaged base64: {error}"
    name = content.text("_file")
    if _ATTACHED.fullmatch(name):
        try:
            return attached(name), ""
        except OSError as error:
            return b"", f"the body is in a file of its own, {name}: {error.strerror}"
    return b"", "" if content.has_number("size") and content.number("size") == 0 else NO_BODIES


def _headers(members: Members) -> Headers:
    """Without pseudo-header fields; Chromium joins fields of one name by line feeds."""
    return Headers(
        tuple(
            (name, line.strip())
            for name, value in members.pairs("headers")
            if name and not name.startswith(":")
            for line in re.split(r"[\r\n\0]+", value)
        )
    )


def _as_utf_8(headers: Headers, body: bytes) -> Headers:
    """The Content-Type of a text that the browser had already decoded, and that is UTF-8 here."""
    kind = headers.get("content-type")
    said = _CHARSET.search(kind)
    charset = said[1].lower() if said else ""
    if not kind or charset in ("utf-8", "utf8") or (body.isascii() and not charset.startswith("utf-16")):
        return headers
    return headers.setting("Content-Type", f"{_CHARSET.sub('', kind)}; charset=utf-8")


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
