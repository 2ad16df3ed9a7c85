"""One exchange between a browser and somebody: what audit, replay and init look at, wherever it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from consent_gateway.messages import Request, Response

# What a browser fetches something for, in the words of Fetch Metadata (W3C, Sec-Fetch-Dest) where there is
# one; empty where nothing tells it.
DOCUMENT, FRAME = "document", "iframe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request as the browser sent it, and what came back: with a decoded body, or None if nothing did.

    `destination` is what it was fetched for: "document", "iframe", "script", "style", "image", "font",
    "video", "empty" (fetch, XHR, beacon), "websocket" …; `page` the address of the page it belongs to and
    `initiator` that of the document or script that asked for it, each empty where nothing tells it.
    `by_code` says that a script asked for it, and no markup. `unreadable` says why a body could not be
    read; it is empty then.
    """

    request: Request
    response: Response | None
    destination: str = ""
    page: str = ""
    initiator: str = ""
    time: datetime | None = None
    unreadable: str = ""
    by_code: bool = False

    @property
    def is_page(self) -> bool:
        """Whether it is a document that a visitor navigated to."""
        return self.destination == DOCUMENT
