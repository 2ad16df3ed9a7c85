"""What came of a visit to one address, whoever made it."""

from __future__ import annotations

from dataclasses import dataclass

from consent_gateway.captures.exchange import DOCUMENT, Exchange
from consent_gateway.messages import Response

_HTML = ("text/html", "application/xhtml+xml", "")


@dataclass(frozen=True, slots=True, order=True)
class ScriptCookie:
    """A cookie that a script has set: its name, and the host it is kept for."""

    name: str
    host: str


@dataclass(frozen=True, slots=True, order=True)
class StoredItem:
    """What scripts of the page have put into its storage: its name, and whether that is the session's."""

    name: str
    of_session: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """All that was exchanged, in order; the `links` of the page, absolute and without fragments. `failure` says
    in a sentence why there is no page, or less of it than a visitor gets."""

    address: str
    exchanges: tuple[Exchange, ...] = ()
    links: tuple[str, ...] = ()
    cookies: tuple[ScriptCookie, ...] = ()
    stored: tuple[StoredItem, ...] = ()
    failure: str = ""

    @property
    def document(self) -> Exchange | None:
        """The page itself, after its redirects; None if nothing came back."""
        return next((one for one in _chain(self) if not _leads_on(one.response)), None)

    @property
    def page(self) -> str:
        """Where the page was found: the address after redirects."""
        return self.document.request.url if self.document else self.address

    @property
    def is_shown(self) -> bool:
        """Whether a document came that browsers show as a page, and no error."""
        answer = self.document.response if self.document else None
        return answer is not None and answer.status < 400 and answer.media_type in _HTML


def _chain(visited: Visited) -> list[Exchange]:
    """The documents of the visit that were answered."""
    return [one for one in visited.exchanges if one.destination == DOCUMENT and one.response is not None]


def _leads_on(response: Response | None) -> bool:
    return response is not None and response.status in (301, 302, 303, 307, 308)
