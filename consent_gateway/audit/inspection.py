"""Exchanges of a capture in, in their order: each of the site's own answers is looked at on both sides.

pages, style sheets, frames ─► as they are, and as each visitor gets them from the gateway
scripts of the site         ─► as they are; in the end, whether the page lets them have what they ask for
requests to third parties   ─► by what they were made; in the end, whether they would still be
hits of measurement         ─► handed to the gateway as each visitor
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from consent_gateway import cookie_fields
from consent_gateway.analytics.hits import is_hit
from consent_gateway.audit import measured
from consent_gateway.audit.contacting import contacts_of
from consent_gateway.audit.detector import is_document, is_sheet
from consent_gateway.audit.findings import Carrier, Evidence, Side
from consent_gateway.audit.gathered import Gathered
from consent_gateway.audit.looking import Looking, Through
from consent_gateway.audit.placing import Placing
from consent_gateway.audit.recorded import Page, Recorded, label_of
from consent_gateway.audit.setting_cookies import OwnCookies
from consent_gateway.audit.states import Visitor
from consent_gateway.audit.unanswered import Unanswered, not_in_the_capture
from consent_gateway.captures.exchange import Exchange
from consent_gateway.consent_tools import tools_in
from consent_gateway.messages import Request, Response
from consent_gateway.page.documents import language_of
from consent_gateway.seen import of_script
from consent_gateway.sniffing import is_script
from consent_gateway.urls import Address, resolve

_SCHEMES = ("http", "https", "ws", "wss")
_REDIRECTS = (301, 302, 303, 307, 308)
_GONE = (404, 410)
_NO_PAGES = (204, 205)  # the browser stays where it is (HTML standard 7.4.5)
MOST_ANSWERS = 200_000  # different ones that are remembered as looked at


@dataclass(slots=True)
class Inspection:
    """Takes exchanges in, in their order; `contacts` says in the end who was contacted. `most` is how many
    pages are looked at."""

    looking: Looking
    visitors: tuple[Visitor, ...]
    most: int = 0
    gathered: Gathered = field(default_factory=Gathered)
    recorded: Recorded = field(default_factory=Recorded)
    exchanges: int = 0
    pages: dict[str, None] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)  # with the first page in each
    missing: dict[str, int] = field(default_factory=dict)  # pages that were not there, with the status
    unanswered: Unanswered = field(default_factory=Unanswered)
    cookies: OwnCookies = field(init=False)
    _placing: Placing = field(init=False)
    _known: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.cookies = OwnCookies(self.looking, self.visitors, self.gathered)
        self._placing = Placing(self.looking.gateway.recogniser, self.recorded, self.pages, self.most)

    def take(self, exchange: Exchange) -> None:
        """Looks at one exchange."""
        self.exchanges += 1
        address = resolve(exchange.request.url, "about:blank")
        if address is None or address.scheme not in _SCHEMES:
            self.gathered.unread(f"{label_of(exchange.request.url) or 'an address'}: no address of the web")
            return
        if self.looking.gateway.recogniser.is_own(address.host, ""):
            self._own(exchange, address)
        else:
            self._third(exchange, address)

    def finish(self) -> Gathered:
        """All that was found."""
        for page in self.recorded.pages.values():
            for contact in contacts_of(page, self.recorded, self.looking, self.visitors):
                self.gathered.contact(contact)
                if contact.kind == "service" and contact.side is Side.DIRECT:
                    self.gathered.services.add(contact.owner)
        self.cookies.finish()
        return self.gathered

    @property
    def left_out(self) -> Iterator[str]:
        """What could not be looked at, and, where there was no page, what there was instead."""
        yield from self.gathered.left_out
        if not self.pages:
            yield from (f"{label}: {_error(status)}" for label, status in self.missing.items())

    @property
    def not_measured(self) -> Iterator[str]:
        yield from self.gathered.not_listed
        yield from self.recorded.shortened
        yield from self.unanswered.sentences
        yield from not_in_the_capture(len(set(self._unrecorded)))
        yield from self._placing.left_alone

    @property
    def _unrecorded(self) -> Iterator[tuple[str, str]]:
        """Addresses that pages make a browser fetch, and that nobody has fetched in the recording."""
        for one in self.gathered.contacts:
            if (
                one.side is Side.DIRECT
                and one.evidence is Evidence.IN_THE_PAGE
                and one.carrier is not Carrier.HINT
            ):
                yield one.host, one.path

    # ---- the site's own -------------------------------------------------------------------------

    def _own(self, exchange: Exchange, address: Address) -> None:
        page = self._placing.page(exchange)
        if page is None:
            return
        self.cookies.sent(exchange, page)
        if is_hit(exchange.request):
            self._hit(exchange, page)
        response = exchange.response
        reason = exchange.unreadable or _nothing_in(response)
        if reason and (exchange.is_page or exchange.destination in ("iframe", "style")):
            self.gathered.unread(f"{label_of(exchange.request.url)}: {reason}")
        if response is None or exchange.unreadable:
            return
        if self.looking.gateway.claims(exchange.request):
            return
        if response.status in _REDIRECTS:
            self.recorded.leads(exchange.request.url, response.headers.get("location"), None)
        destination = exchange.destination or ("document" if exchange.is_page else "")
        looked_at = (
            is_document(response.body, response.headers, destination)
            or is_sheet(response.headers, destination)
            or is_script(response.headers, destination)
        )
        if exchange.is_page and not reason:
            self._shown(response, destination, page)
        redirected = response.status in _REDIRECTS
        contacts = not exchange.is_page if redirected else looked_at  # a visitor may be led anywhere
        if contacts or response.headers.all("set-cookie"):
            self._look(exchange, response, destination, page, contacts=contacts)

    def _shown(self, response: Response, destination: str, page: Page) -> None:
        """Counts a page that a visitor gets to see: neither an error nor a download proves anything of a site."""
        if response.status in _GONE:
            self.missing[page.label] = response.status
        elif response.status >= 400:
            self.gathered.unread(f"{page.label}: {_error(response.status)}")
        elif response.status not in (*_NO_PAGES, *_REDIRECTS) and is_document(
            response.body, response.headers, destination
        ):
            self.pages[page.label] = None

    def _look(
        self, exchange: Exchange, response: Response, destination: str, page: Page, *, contacts: bool
    ) -> None:
        """One answer of the site's, on both sides."""
        request = exchange.request
        key = hash((request.url, destination, response.status, response.headers, response.body))
        if key in self._known:
            return
        if len(self._known) < MOST_ANSWERS:
            self._known.add(key)
        by_script = contacts and not exchange.is_page and is_script(response.headers, destination)
        try:
            if contacts:
                found = self.looking.directly(request, response, destination)
                by_sheet = is_sheet(response.headers, destination)
                self.recorded.fetched(page, found, by_sheet=by_sheet, by_script=by_script)
            if not by_script or response.headers.all("set-cookie"):
                self._through(request, response, destination, page, exchange.is_page, leaves=not by_script)
        except Exception as error:
            self.gathered.unread(f"{label_of(request.url)}: {_reason(error)}")
            self._known.discard(key)  # nor would its like be: it is not to count as known
            if exchange.is_page:  # of a page that nobody could look at nothing is known
                self.pages.pop(page.label, None)
        if exchange.is_page:
            if language := language_of(response.body):
                self.languages.setdefault(language, page.label)
            for name in sorted(tools_in(response.body)):
                self.gathered.consent_tools.setdefault(name, page.label)

    def _through(
        self,
        request: Request,
        response: Response,
        destination: str,
        page: Page,
        is_page: bool,
        *,
        leaves: bool,
    ) -> None:
        """As each visitor gets it. What scripts ask for `leaves` the page, which the gateway looks after, or not."""
        looked: dict[int, Through] = {}
        kept: dict[str, list[str]] = {}
        for visitor in self.visitors:
            got, seen = self.looking.rewritten(request, response, destination, visitor)
            self.looking.gateway.learn(seen)
            self.gathered.services |= seen.services
            kept[visitor.state.id] = cookie_fields.names_set(got.headers)
            key = hash((got.body, got.headers.without("set-cookie"), got.status, visitor.state.agrees))
            through = looked.get(key)
            if through is None:  # most visitors get the same
                through = looked[key] = self.looking.through(request, got, destination, visitor)
            if leaves:
                page.leaves(visitor.state.id, through.found)
            if is_page and got.status not in _REDIRECTS:
                page.guarded = through.guarded
                page.policies[visitor.state.id] = tuple(map(self.recorded.same, through.policies))
        self.cookies.set(request, response, page, kept)

    # ---- others ---------------------------------------------------------------------------------

    def _third(self, exchange: Exchange, address: Address) -> None:
        page = self._placing.page(exchange)
        if page is None or (exchange.is_page and not exchange.page):
            return
        self.recorded.asks(page, exchange, address)
        self.unanswered.note(exchange)
        if exchange.response:
            self.cookies.of_third(exchange.response, address, page)
            if exchange.response.body and "googletagmanager.com" in address.host:
                self.looking.gateway.learn(of_script(exchange.response.body))
        if is_hit(exchange.request):
            self._hit(exchange, page)

    def _hit(self, exchange: Exchange, page: Page) -> None:
        for one in measured.forwarded(
            self.looking, exchange.request, page.label, page.scheme, page.host, self.visitors
        ):
            self.gathered.hit(one)


def _nothing_in(response: Response | None) -> str:
    """Why there is nothing to look at in an answer; empty where there is."""
    if response is None:
        return "nothing came back"
    if response.status == 304 and not response.body:
        return "the browser had it in its cache (304), and the recording does not: record with an empty cache"
    return ""


def _error(status: int) -> str:
    return f"the site answered with an error ({status})"


def _reason(error: Exception) -> str:
    said = str(error).splitlines()[0][:200] if str(error) else ""
    return f"{type(error).__name__}{said and f': {said}'}"
