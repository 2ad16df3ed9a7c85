"""Flow files of mitmproxy: one flow after another, none kept.

What can be read of a damaged file is read: mitmproxy's own reader ends at the first bad flow.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from mitmproxy import exceptions, flow, http
from mitmproxy.io import FlowReader

from consent_gateway import bodies
from consent_gateway.captures.belonging import Pages
from consent_gateway.captures.destinations import WEBSOCKET, destination_of
from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.reading import Counted, Skipped
from consent_gateway.messages import Headers, Request, Response
from consent_gateway.proxy.flows import headers_of

KIND = "mitmproxy flows"
MOST_BAD = 1000  # one after another: what comes then is not worth the time
# A flow is a tnetstring of a dictionary (mitmproxy.io.tnetstring): its length, then its first key.
START = re.compile(rb"\d{1,12}:\d{1,3}:[a-z_]+[,;]")
_LENGTH = re.compile(rb"\d{1,12}(?::|\Z)")


class BadFlow(Exception):
    """A flow that cannot be read, with the reason."""


def exchanges(file: Counted, skipped: Skipped, limit: int) -> Iterator[Exchange]:
    """The exchanges of a file; `limit` is that of a decoded body in bytes."""
    pages = Pages()
    others: Counter[str] = Counter()
    for number, one in enumerate(_flows(file, skipped), 1):
        try:
            if isinstance(one, http.HTTPFlow):
                yield _placed(_exchange(one, limit), one, pages)
            else:
                others[one.type] += 1
        except BadFlow as error:
            skipped.add(f"flow {number}: {error}")
    for kind, count in others.items():
        skipped.add(f"{count} of the flows are no HTTP ({kind})")


def fault(file: Counted) -> str:
    """Why nothing of a file can be read: that it is of a newer mitmproxy; empty where it can."""
    try:
        next(iter(FlowReader(file).stream()), None)
    except exceptions.FlowReadException as error:
        return str(error) if "flow format version" in str(error) else ""
    except Exception:  # what else is wrong with the first flow is said when the file is read
        return ""
    return ""


def _flows(file: Counted, skipped: Skipped) -> Iterator[flow.Flow]:
    number = bad = 0
    while start := file.peek(13)[:13]:
        number += 1
        if not _LENGTH.match(start):
            skipped.end(f"flow {number} does not begin as one: it and whatever follows cannot be read")
            return
        try:
            read = next(iter(FlowReader(file).stream()), None)
        except Exception as error:  # mitmproxy says with any of them that a flow is none
            if file.is_cut_off:
                skipped.end(f"flow {number} is cut off: the file ends in the middle of it")
                return
            skipped.add(f"flow {number}: {_reason(error)}")
            bad += 1
            if bad == MOST_BAD:
                skipped.end(f"after {bad} bad flows one after another the rest is not read")
                return
            continue
        if read is not None:
            bad = 0
            yield read


def _reason(error: Exception) -> str:
    known = isinstance(error, exceptions.FlowReadException | ValueError)
    return str(error) if known and str(error) else f"not a flow ({type(error).__name__})"


def _exchange(one: http.HTTPFlow, limit: int) -> Exchange:
    """Raises BadFlow."""
    try:
        if one.request.method.upper() == "CONNECT":
            raise BadFlow(f"a tunnel to {one.request.pretty_host} that could not be looked into")
        response, unreadable = _response(one, limit)
        return Exchange(
            request=_request(one.request),
            response=response,
            time=datetime.fromtimestamp(one.request.timestamp_start, UTC),
            unreadable=unreadable,
        )
    except (AttributeError, TypeError, ValueError, OverflowError, OSError) as error:
        raise BadFlow(f"not as mitmproxy writes it ({type(error).__name__})") from error


def _placed(exchange: Exchange, one: http.HTTPFlow, pages: Pages) -> Exchange:
    request = exchange.request
    destination = WEBSOCKET if one.websocket else destination_of(request, exchange.response)
    place = pages.place(request, destination)
    return replace(exchange, destination=place.destination, page=place.page, initiator=place.initiator)


def _request(request: http.Request) -> Request:
    host = request.host_header or request.pretty_host
    return Request(
        method=request.method.upper(),
        scheme=request.scheme,
        host=host.lower(),
        target=request.path,
        headers=_fields(request.headers),
        body=request.raw_content or b"",
    )


def _response(one: http.HTTPFlow, limit: int) -> tuple[Response | None, str]:
    """What came back, decoded, and why its body could not be read."""
    if one.response is None:
        return None, ""
    headers = _fields(one.response.headers)
    response = Response(status=one.response.status_code, headers=headers)
    raw = one.response.raw_content
    if raw is None:
        return response, "the recording does not hold the body: it was streamed, or broke off"
    try:
        body = bodies.decode(raw, headers.get("content-encoding"), limit)
    except bodies.BadBody as error:
        return response, str(error)
    headers = headers.without("content-encoding", "content-length", "transfer-encoding")
    return replace(response, headers=headers, body=body), ""


def _fields(headers: http.Headers) -> Headers:
    return Headers(tuple(field for field in headers_of(headers) if not field[0].startswith(":")))
