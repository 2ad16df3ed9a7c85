"""What a browser did with one page, for a visitor in one state, at the site itself or through a gateway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from consent_gateway.analytics.envelope import OutboundRequest
from consent_gateway.audit.findings import Side, Situation
from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.visited import ScriptCookie
from consent_gateway.messages import Headers, Request, Response

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One visit. `fields` are what the visitor sent, cookies among them, `outbound` what the gateway sent on to
    Google; `failure` says why there is no page, or less of it."""

    page: str
    state: str
    side: Side
    fields: Fields
    time: datetime
    exchanges: tuple[Exchange, ...]
    cookies_by_script: tuple[ScriptCookie, ...] = ()
    outbound: tuple[OutboundRequest, ...] = ()
    failure: str = ""
    browser: str = ""  # its name and version
    agent: str = ""  # the User-Agent that it sends
    situation: Situation | None = None

    @property
    def is_shown(self) -> bool:
        """Whether a page came, and no error."""
        documents = [one.response for one in self.exchanges if one.is_page and one.response]
        return any(answer.status < 300 for answer in documents)

    @property
    def document(self) -> Response | None:
        """The last answer that was to be shown as the page, whatever it says."""
        return next((one.response for one in reversed(self.exchanges) if one.is_page and one.response), None)

    @property
    def request(self) -> Request:
        """The request for the page by this visitor, as the gateway gets it."""
        return request_for(self.page, self.fields)


def request_for(page: str, fields: Fields) -> Request:
    """A request for a page by somebody who sends these header fields."""
    parts = urlsplit(page)
    target = f"{parts.path or '/'}{parts.query and f'?{parts.query}'}"
    return Request(
        method="GET", scheme=parts.scheme, host=parts.netloc, target=target, headers=Headers(fields)
    )
