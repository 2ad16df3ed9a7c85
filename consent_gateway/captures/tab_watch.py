"""What a page in a tab of Chromium asks for, noted while it happens."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page, WebSocket
    from playwright.async_api import Request as Asked

MOST = 3000  # requests of one page


class Watch:
    """Notes from when it begins: what was asked for, what the tab showed then, and who asked. Nothing else is opened
    in the context."""

    def __init__(self, context: BrowserContext, page: Page, address: str) -> None:
        self.asked: list[tuple[Asked, str, datetime]] = []
        self.sockets: list[tuple[str, str, datetime]] = []
        self.causes: dict[str, tuple[str, bool]] = {}  # by address: who asked for it, and whether by code
        self.under_way: set[Asked] = set()
        self._context = context
        self._page = page
        self._shown = address  # what the tab shows: a page may lead away from itself
        self._stirred = asyncio.Event()

    async def begin(self) -> None:
        self._context.on("request", self._note)
        self._context.on("requestfinished", self._over)
        self._context.on("requestfailed", self._over)
        self._context.on("page", lambda page: page.on("websocket", self._note_socket))
        self._page.on("websocket", self._note_socket)
        # Who asks for what is said by Chromium's own protocol only.
        session = await self._context.new_cdp_session(self._page)
        session.on("Network.requestWillBeSent", self._note_cause)
        await session.send("Network.enable")

    def forget(self) -> None:
        """Drops all that was noted so far."""
        self.asked.clear()
        self.sockets.clear()
        self.causes.clear()

    @property
    def is_answered(self) -> bool:
        """Whether anything at all came back."""
        return any(asked not in self.under_way and not asked.failure for asked, _, _ in self.asked)

    def leads_tab(self, asked: Asked) -> bool:
        """Whether it is for the document of the tab itself."""
        from playwright.async_api import Error

        if not asked.is_navigation_request():
            return False
        try:
            return asked.frame == self._page.main_frame
        except Error:  # a frame that is not there yet is that of a new tab
            return False

    async def quiet(self, quiet: float, most: float) -> None:
        """Returns when nothing was asked for or answered for `quiet` seconds and nothing is under way, or `most` are
        over."""
        now = asyncio.get_running_loop().time
        end = now() + most
        while (left := end - now()) > 0:
            self._stirred.clear()
            try:
                await asyncio.wait_for(self._stirred.wait(), left if self.under_way else min(quiet, left))
            except TimeoutError:
                return

    def _note(self, asked: Asked) -> None:
        if len(self.asked) >= MOST or not asked.url.startswith(("http://", "https://")):
            return
        self._stirred.set()
        if self.leads_tab(asked):
            self._shown = asked.url
        self.asked.append((asked, self._shown, datetime.now(UTC)))
        if asked.resource_type != "eventsource":  # which never ends
            self.under_way.add(asked)

    def _over(self, asked: Asked) -> None:
        self._stirred.set()
        self.under_way.discard(asked)

    def _note_socket(self, socket: WebSocket) -> None:
        if len(self.sockets) < MOST:
            self.sockets.append((socket.url, self._shown, datetime.now(UTC)))

    def _note_cause(self, event: dict[str, Any]) -> None:
        cause = event.get("initiator", {})
        frames = cause.get("stack", {}).get("callFrames", [])
        by = cause.get("url") or next((one.get("url") for one in frames if one.get("url")), "")
        if len(self.causes) < MOST:
            self.causes.setdefault(event["request"]["url"], (str(by), cause.get("type") == "script"))
