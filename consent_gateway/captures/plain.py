"""Pages by plain HTTP, where there is no browser: nothing of what their scripts do is seen."""

from __future__ import annotations

from datetime import UTC, datetime
from http.cookies import CookieError
from types import TracebackType
from typing import Self

import aiohttp
import yarl

from consent_gateway import __version__, bodies
from consent_gateway.captures.exchange import DOCUMENT, Exchange
from consent_gateway.captures.links import links_of
from consent_gateway.captures.visited import Visited
from consent_gateway.messages import Headers, Request, Response
from consent_gateway.urls import resolve

USER_AGENT = f"Mozilla/5.0 (compatible; consent-gateway/{__version__}; looks at a website for who runs it)"
LARGEST = 16 * 2**20  # bytes, packed and unpacked: as much as the gateway reads of a page
MOST_REDIRECTS = 10
REDIRECTS = (301, 302, 303, 307, 308)
_TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10)
_FIELDS = (
    ("User-Agent", USER_AGENT),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
)


class Plain:
    """One visitor, who keeps cookies while it is open. `fields` are sent with every request; no proxy is taken from
    the environment."""

    name = ""  # of the browser: there is none

    def __init__(self, *, fields: tuple[tuple[str, str], ...] = (), largest: int = LARGEST) -> None:
        self._fields = (*_FIELDS, *fields)
        self._largest = largest
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            timeout=_TIMEOUT,
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            auto_decompress=False,
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    async def look(self, address: str) -> Visited:
        """What comes back for an address, each redirect an exchange of its own. Raises nothing of the network's."""
        exchanges: list[Exchange] = []
        where = address
        while True:
            exchange = await self._exchange(where, address)
            exchanges.append(exchange)
            answer = exchange.response
            if answer is None:
                return Visited(address=address, exchanges=tuple(exchanges), failure=exchange.unreadable)
            leads_to = _location(answer, where)
            if not leads_to:
                break
            if len(exchanges) > MOST_REDIRECTS:
                return Visited(
                    address=address,
                    exchanges=tuple(exchanges),
                    failure=f"more than {MOST_REDIRECTS} redirects",
                )
            where = leads_to
        is_html = answer.media_type in ("text/html", "application/xhtml+xml")
        return Visited(
            address=address,
            exchanges=tuple(exchanges),
            links=links_of(answer, where) if is_html else (),
            failure=exchange.unreadable or ("" if answer.status < 400 else f"answered with {answer.status}"),
        )

    async def _exchange(self, where: str, page: str) -> Exchange:
        assert self._session is not None, "open it first"
        url = yarl.URL(where, encoded=True)
        request = Request(
            method="GET",
            scheme=url.scheme,
            host=url.authority,
            target=url.raw_path_qs,
            headers=Headers((("Host", url.authority), *self._fields)),
        )
        begun = datetime.now(UTC)
        try:
            async with self._session.get(url, headers=list(self._fields), allow_redirects=False) as answer:
                packed = await _read(answer, self._largest)
                response, unreadable = _response(answer, packed, self._largest)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, CookieError) as error:
            response, unreadable = None, f"{url.authority} cannot be reached: {_reason(error)}"
        return Exchange(
            request=request,
            response=response,
            destination=DOCUMENT,
            page=page,
            time=begun,
            unreadable=unreadable,
        )


async def _read(answer: aiohttp.ClientResponse, largest: int) -> bytes | None:
    """The body as it was sent; None for one that is larger."""
    parts: list[bytes] = []
    size = 0
    async for part in answer.content.iter_chunked(2**16):
        size += len(part)
        if size > largest:
            return None
        parts.append(part)
    return b"".join(parts)


def _response(answer: aiohttp.ClientResponse, packed: bytes | None, largest: int) -> tuple[Response, str]:
    raw = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.raw_headers)
    headers = Headers(tuple(raw))
    try:
        if packed is None:
            raise bodies.BadBody(f"more than {largest} bytes")
        body, unreadable = bodies.decode(packed, headers.get("content-encoding"), largest), ""
    except bodies.BadBody as error:
        body, unreadable = b"", f"the body cannot be read: {error}"
    return Response(status=answer.status, headers=headers, body=body), unreadable


def _location(answer: Response, where: str) -> str:
    """Where a redirect leads, as a browser resolves it; empty where it leads to nothing of the web."""
    if answer.status not in REDIRECTS:
        return ""
    address = resolve(answer.headers.get("location"), where) if answer.headers.get("location") else None
    return address.url if address and address.scheme in ("http", "https") else ""


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
