"""One tab of Chromium with its page, and all that the page asks for while it is open."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from consent_gateway.captures import stored_items
from consent_gateway.captures.cookie_jar import set_by_scripts
from consent_gateway.captures.exchange import DOCUMENT, FRAME, Exchange
from consent_gateway.captures.visited import Visited
from consent_gateway.messages import Headers, Request, Response
from consent_gateway.urls import resolve

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page, WebSocket
    from playwright.async_api import Request as Asked

LARGEST = 16 * 2**20  # bytes of a body
MOST = 3000  # requests of one page
SHORT = 3.0  # seconds for a word of the browser's about something that is over
# Playwright's names of what a request is for → those of Fetch Metadata, where the browser does not say.
DESTINATIONS = {
    "stylesheet": "style", "image": "image", "media": "video", "font": "font", "script": "script",
    "texttrack": "track", "manifest": "manifest", "xhr": "empty", "fetch": "empty", "eventsource": "empty",
    "ping": "empty", "beacon": "empty", "websocket": "websocket", "cspviolationreport": "report",
}  # fmt: skip
KEPT = (DOCUMENT, FRAME, "style", "script")
# What never left the browser: stopped by a policy, or by the browser itself (Chromium, Network.BlockedReason).
NEVER_SENT = (
    "csp", "mixed-content", "inspector", "subresource-filter", "net::ERR_BLOCKED_BY_CSP", "net::ERR_UNSAFE_PORT",
    "net::ERR_BLOCKED_BY_CLIENT", "net::ERR_UNKNOWN_URL_SCHEME", "net::ERR_DISALLOWED_URL_SCHEME",
)  # fmt: skip
_LINKS = """() => {
  try {
    return Array.from(document.querySelectorAll("a[href], area[href]"))
      .filter((one) => !one.hasAttribute("download") && !/\\bnofollow\\b/i.test(one.rel || ""))
      .slice(0, 5000).map((one) => String(one.href).slice(0, 4000));
  } catch { return []; }
}"""
_SCROLLED = """async () => {
  const wait = (time) => new Promise((done) => setTimeout(done, time));
  const most = Math.min(document.documentElement.scrollHeight, 12000);
  for (let at = 0; at < most; at += innerHeight) { scrollTo(0, at); await wait(60); }
}"""
# As if the visitor turned away: much is sent only then. Sent while a page really goes, it is not seen any more.
_LEFT = """() => {
  Object.defineProperty(document, "visibilityState", {configurable: true, get: () => "hidden"});
  document.dispatchEvent(new Event("visibilitychange", {bubbles: true}));
  dispatchEvent(new PageTransitionEvent("pagehide", {persisted: false}));
}"""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Seconds: for the event `load`, and then until for `quiet` nothing was asked for, at `most`."""

    load: float = 20.0
    quiet: float = 0.5
    most: float = 8.0


USUAL = Waiting()


class Tab:
    """Opens one address in a context that nothing else is opened in."""

    def __init__(
        self,
        context: BrowserContext,
        address: str,
        *,
        waiting: Waiting,
        bodies: bool,
        given: Sequence[str] = (),
    ) -> None:
        self._given = given  # the names of cookies that the visitor has brought along
        self._context = context
        self._address = address
        self._waiting = waiting
        self._bodies = bodies
        self._asked: list[tuple[Asked, str, datetime]] = []
        self._sockets: list[tuple[str, str, datetime]] = []
        self._causes: dict[str, tuple[str, bool]] = {}
        self._under_way: set[Asked] = set()
        self._stirred = asyncio.Event()
        self._page: Page | None = None
        self._shown = address  # what the tab shows: a page may lead away from itself

    async def visited(self) -> Visited:
        """Opens the page, scrolls through it, turns away from it; returns once it is quiet."""
        from playwright.async_api import Error

        self._watch()
        self._page = page = await self._context.new_page()
        failure: str = ""
        links: object = ()
        stored: object = ()
        try:
            await self._see_causes(page)
            failure = await self._opened(page)
            if any(asked not in self._under_way and not asked.failure for asked, _, _ in self._asked):
                await self._quiet()
                links = await _soon(page.evaluate(_LINKS), None)
                if links is None:
                    failure = failure or f"its scripts leave nothing done for {SHORT:.0f} seconds"
                else:
                    await self._used(page)
                    stored = await _soon(page.evaluate(stored_items.NAMES), None)
        except Error as error:
            failure = failure or _first_line(error)
        exchanges = [
            one for one in await asyncio.gather(*map(self._exchange, self._asked)) if one is not None
        ]
        exchanges += [_socket(*one) for one in self._sockets]
        jar = await _soon(self._context.cookies(), [])
        return Visited(
            address=self._address,
            exchanges=tuple(exchanges),
            links=_own_words(links),
            cookies=set_by_scripts(
                [(one["name"], one["domain"]) for one in jar], exchanges, given=self._given
            ),
            stored=stored_items.items(stored),
            failure=failure,
        )

    async def _used(self, page: Page) -> None:
        """As a visitor does who reads the page and turns away: what is put off until then is asked for."""
        await _soon(page.mouse.move(200, 200), None)
        await _soon(page.mouse.wheel(0, 300), None)
        await _soon(page.evaluate(_SCROLLED), None)
        await self._quiet()
        await _soon(page.evaluate(_LEFT), None)
        await self._quiet(self._waiting.quiet / 2)  # what is sent now cannot wait

    # ---- watching ----------------------------------------------------------------------------------

    def _watch(self) -> None:
        self._context.on("request", self._note)
        self._context.on("requestfinished", self._over)
        self._context.on("requestfailed", self._over)
        self._context.on("page", lambda page: page.on("websocket", self._note_socket))

    def _note(self, asked: Asked) -> None:
        if len(self._asked) >= MOST or not asked.url.startswith(("http://", "https://")):
            return
        self._stirred.set()
        if self._leads_tab(asked):
            self._shown = asked.url
        self._asked.append((asked, self._shown, datetime.now(UTC)))
        if asked.resource_type != "eventsource":  # which never ends
            self._under_way.add(asked)

    def _over(self, asked: Asked) -> None:
        self._stirred.set()
        self._under_way.discard(asked)

    def _note_socket(self, socket: WebSocket) -> None:
        if len(self._sockets) < MOST:
            self._sockets.append((socket.url, self._shown, datetime.now(UTC)))

    def _leads_tab(self, asked: Asked) -> bool:
        """Whether it is for the document of the tab itself."""
        from playwright.async_api import Error

        if not asked.is_navigation_request():
            return False
        try:
            return asked.frame == self._page.main_frame if self._page else False
        except Error:  # a frame that is not there yet is that of a new tab
            return False

    async def _see_causes(self, page: Page) -> None:
        """Who asks for what is said by Chromium's own protocol only."""
        session = await self._context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._note_cause)
        await session.send("Network.enable")

    def _note_cause(self, event: dict[str, Any]) -> None:
        cause = event.get("initiator", {})
        frames = cause.get("stack", {}).get("callFrames", [])
        by = cause.get("url") or next((one.get("url") for one in frames if one.get("url")), "")
        if len(self._causes) < MOST:
            self._causes.setdefault(event["request"]["url"], (str(by), cause.get("type") == "script"))

    async def _opened(self, page: Page) -> str:
        """Why it is not open, or not in full."""
        from playwright.async_api import Error
        from playwright.async_api import TimeoutError as TooLate

        try:
            answer = await page.goto(self._address, wait_until="load", timeout=self._waiting.load * 1000)
        except TooLate:
            return f"not loaded within {self._waiting.load:.0f} seconds"
        except Error as error:
            return _first_line(error)
        return f"answered with {answer.status}" if answer is not None and answer.status >= 400 else ""

    async def _quiet(self, quiet: float = 0.0) -> None:
        """Returns when nothing was asked for or answered for a while and nothing is under way, or it takes too long."""
        now = asyncio.get_running_loop().time
        quiet, end = quiet or self._waiting.quiet, now() + self._waiting.most
        while (left := end - now()) > 0:
            self._stirred.clear()
            try:
                await asyncio.wait_for(self._stirred.wait(), left if self._under_way else min(quiet, left))
            except TimeoutError:
                return

    # ---- telling -----------------------------------------------------------------------------------

    async def _exchange(self, noted: tuple[Asked, str, datetime]) -> Exchange | None:
        asked, page, time = noted
        if (asked.failure or "") in NEVER_SENT:
            return None
        fields = await _soon(asked.all_headers(), None) or asked.headers
        address = resolve(asked.url, "about:blank")
        if address is None:
            return None
        host = f"{address.host}:{address.port}" if address.port else address.host
        destination = self._destination(asked, fields)
        response, unreadable = await self._response(asked, destination)
        by, by_code = self._causes.get(asked.url, (_frame_of(asked), destination == "empty"))
        return Exchange(
            request=Request(
                method=asked.method,
                scheme=address.scheme,
                host=host,
                target=address.rest,
                headers=Headers(tuple((name, value) for name, value in fields.items() if name[:1] != ":")),
                body=asked.post_data_buffer or b"",
            ),
            response=response,
            destination=destination,
            page=page,
            initiator=by,
            time=time,
            unreadable=unreadable,
            by_code=by_code,
        )

    def _destination(self, asked: Asked, fields: dict[str, str]) -> str:
        if asked.resource_type == "document":
            return DOCUMENT if self._leads_tab(asked) else fields.get("sec-fetch-dest", FRAME)
        return fields.get("sec-fetch-dest") or DESTINATIONS.get(asked.resource_type, "")

    async def _response(self, asked: Asked, destination: str) -> tuple[Response | None, str]:
        from playwright.async_api import Error

        try:
            answer = None if asked in self._under_way else await _soon(asked.response(), None)
            if answer is None:
                return None, asked.failure or "no answer"
            fields = await _soon(answer.headers_array(), None) or []
            headers = Headers(tuple((one["name"], one["value"]) for one in fields))
            status, body, unreadable = answer.status, b"", ""
            if self._bodies and destination in KEPT and not 300 <= status < 400:
                length = headers.get("content-length")
                if length.isdigit() and int(length) > LARGEST:
                    unreadable = f"more than {LARGEST} bytes"
                else:
                    body = await answer.body()
            # The browser has decoded it.
            headers = headers.without("content-encoding", "content-length") if body else headers
            return Response(status=status, headers=headers, body=body[:LARGEST]), unreadable
        except Error as error:
            return None, _first_line(error)


def _socket(url: str, page: str, time: datetime) -> Exchange:
    address = resolve(url, "about:blank")
    assert address is not None, "Chromium opens no other"
    host = f"{address.host}:{address.port}" if address.port else address.host
    request = Request(method="GET", scheme=address.scheme, host=host, target=address.rest)
    return Exchange(
        request=request, response=None, destination="websocket", page=page, time=time, by_code=True
    )


def _frame_of(asked: Asked) -> str:
    from playwright.async_api import Error

    try:
        return asked.frame.url
    except Error:  # asked for before its frame was there, or by nobody's frame
        return ""


async def _soon(answer: Awaitable[T], otherwise: T) -> T:
    """What the browser says, or `otherwise` where it says nothing in time, or has nothing to say any more."""
    from playwright.async_api import Error

    try:
        return await asyncio.wait_for(answer, SHORT)
    except (Error, TimeoutError):
        return otherwise


def _own_words(links: object) -> tuple[str, ...]:
    """The addresses among what a page has said; it may have its own idea of how a list is made."""
    texts = [one for one in links if isinstance(one, str)] if isinstance(links, list | tuple) else []
    plain = (text.partition("#")[0] for text in texts[:5000])
    return tuple(dict.fromkeys(text for text in plain if text.startswith(("http://", "https://"))))


def _first_line(error: Exception) -> str:
    """What Playwright says has the name of its method in front."""
    line = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return re.sub(r"^\w+\.\w+: ", "", line)
