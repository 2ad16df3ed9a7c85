"""The story: a request is answered, relayed or passed on; a page comes back rewritten.

    page    request ─► visitor, cookies ─► decision ─► page, treatments, notice ─► headers ─► response
    choice  request ─► consent ─► ledger record + new cookie ─► 303 back
    hit     request ─► decision ─► allow-list, pseudonym ─► on to Google, or dropped; 204 either way
    embed   click   ─► this one instance is restored as the site wrote it

Nothing here does input or output: what is to be recorded, sent or fetched is part of the reply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from consent_gateway import contacts, cookie_fields, forwarding, headers, hosts
from consent_gateway.analytics.passing import IsCurrent, Salts
from consent_gateway.analytics.relay import Relay
from consent_gateway.answers import Answers
from consent_gateway.catalogue import Catalogue
from consent_gateway.click_ids import without_click_ids
from consent_gateway.consent import NOTHING
from consent_gateway.cookie_rules import CookieRules, Verdict
from consent_gateway.cookies import ConsentCookie
from consent_gateway.deciding import Deciding
from consent_gateway.dressing import Dressing
from consent_gateway.editing import Editing
from consent_gateway.judging import extremes, judge
from consent_gateway.keys import KeyRing
from consent_gateway.lists.matching import NO_LISTS, Lists
from consent_gateway.messages import Headers, Request, Response
from consent_gateway.offer import MARKETING, offer
from consent_gateway.own_paths import GPC
from consent_gateway.page import browser_json
from consent_gateway.page.documents import Place
from consent_gateway.page.elements import Recognition
from consent_gateway.page.view import View
from consent_gateway.pages import Pages
from consent_gateway.policy import Policy
from consent_gateway.policy_in_force import PolicyInForce
from consent_gateway.policy_page import Version
from consent_gateway.rates import Rates
from consent_gateway.recognition import Recogniser
from consent_gateway.rendering import Rendering
from consent_gateway.replies import no_content
from consent_gateway.reports import Blocked, Intake, held_cookie
from consent_gateway.requesting import Requesting
from consent_gateway.rights import Rights
from consent_gateway.rights_tokens import RightsTokens
from consent_gateway.seen import Seen
from consent_gateway.session_cookie import SessionCookie
from consent_gateway.sharing import depends_on_visitor
from consent_gateway.site import Site
from consent_gateway.sniffing import Kind, kind
from consent_gateway.visit import Reply, Visit
from consent_gateway.visitor import Visitor
from consent_gateway.wording import choose
from consent_gateway.your_data import YourData


class Gateway:
    """What the gateway does with one site. Three verbs: answer, relay, rewrite."""

    def __init__(
        self,
        *,
        site: Site,
        catalogue: Catalogue,
        ring: KeyRing,
        salts: Salts,
        rendering: Rendering,
        origin: str,
        origin_hosts: tuple[str, ...],
        seen: Seen,
        started: datetime,
        lists: Lists = NO_LISTS,
        is_current: IsCurrent = lambda receipt, turn: True,
        scheme: str = "https",
    ) -> None:
        catalogue = site.catalogue(catalogue)
        self.site = site
        self.catalogue = catalogue
        self._rendering = rendering
        self._origin = origin
        self._is_current = is_current
        self._recogniser = Recogniser(site, catalogue, origin_hosts, lists)
        self._cookie = ConsentCookie(ring)
        self._rules = CookieRules(catalogue, site.declared_cookies, site.third_parties.unlisted)
        session = SessionCookie(ring)
        self._pages = Pages(rendering, started=started)
        self._intake = Intake()
        rates = Rates(site.limits)
        self._dressing = Dressing(site, catalogue, rendering, self._recogniser, self._intake)
        self._editing = Editing(
            catalogue, self._recogniser, self._dressing, self._cookie, rendering.languages
        )
        tokens = RightsTokens(ring)
        deciding = Deciding(rendering, self._cookie, session, self._pages, self._rules, rates)
        self._answers = Answers(
            self._pages,
            deciding,
            Requesting(self._pages, rendering, site.limits.requests),
            YourData(rendering, self._pages, session, tokens),
            Rights(rendering, self._cookie, session, self._pages, deciding, tokens),
            rendering.languages,
            self._recogniser,
            self._dressing,
            self._intake,
            self._rules,
            rates,
        )
        self.relay = Relay(site=site, salts=salts, ring=ring, is_current=is_current, rates=rates)
        self.seen = seen
        self._offer = offer(site, catalogue, seen.services)
        self.policy = PolicyInForce(Policy(site, self._offer, catalogue), scheme, rendering)

    def is_for_us(self, request: Request) -> bool:
        """Whether a request is addressed to the site, under one of its public names if those are set."""
        return hosts.refusal(request, self.site) == 0

    def claims(self, request: Request) -> bool:
        """Whether the gateway answers a request itself, and not the site."""
        return (
            request.path == self.site.prefix
            or request.path.startswith(f"{self.site.prefix}/")
            or request.path == GPC.path
            or self.relay.claims(request, self.site.prefix)
        )

    def answer(self, request: Request, now: datetime) -> Reply | None:
        """The reply to a request for one of our own paths, or to a measurement hit; None for the rest."""
        visit = self._visit(request, now)
        if status := hosts.refusal(request, self.site):
            return Reply(response=self._pages.error(visit, status, "host"))
        if self.relay.claims(request, self.site.prefix):
            return self.relay.answer(visit, self._ids)
        return self._answers.answer(visit)

    def forwarded(self, request: Request, now: datetime) -> Request:
        """The request as the origin gets it."""
        visit = self._visit(request, now)
        if not visit.grants(MARKETING):
            request = without_click_ids(request, self.catalogue.click_ids)
        return forwarding.forwarded(
            request,
            origin=self._origin,
            keeps_host=hosts.is_public(request, self.site),
            held=self._held_cookies(visit),
            prefix=self.site.prefix,
            token=self.relay.token(visit),
        )

    def has_read(self, body: bytes) -> bool:
        """Whether what is in a page of these bytes is known: then `rewrite` takes a tenth of the time."""
        return self._editing.has_read(body)

    def rewrite(self, request: Request, response: Response, now: datetime) -> tuple[Response, Seen]:
        """The page this visitor gets, and what was found in it. Raises charset.Undecodable, and
        whatever goes wrong: the caller must not let the page through then."""
        visit = self._visit(request, now)
        what = kind(request, response)
        passed = replace(response, headers=self._without_contacts(response, visit))
        if depends_on_visitor(response, visit, self._recogniser, self._rules):
            passed = replace(passed, headers=headers.for_one_visitor(passed.headers))
        held = judge(visit, self._recogniser).held
        if contacts.leads_away(request, response.status, response.headers, held):
            return _nothing_from(passed), Seen()
        if what is Kind.OTHER or response.status in (101, 204, 304):
            return replace(passed, headers=headers.at_once(passed.headers)), Seen()
        if what is Kind.JSON:
            return self._narrowed(passed, visit), Seen()
        edited = self._editing.edited(visit, passed, what)
        result = edited.response
        if edited.place is Place.PAGE and not visit.consent.restricted:
            gone = cookie_fields.expired(request, self._rules.of(visit), turn=int(now.timestamp()))
            result = replace(result, headers=Headers((*result.headers, *gone)))
        return result, edited.seen

    def undeclared(self, request: Request, answer: Headers | None, now: datetime) -> list[Blocked]:
        """The cookies that are held because nobody has declared them: of a request, for which only a browser
        vouches, or of its answer."""
        if self._rules.unlisted == "load":
            return []
        names = cookie_fields.names_sent(request) if answer is None else cookie_fields.names_set(answer)
        if not names:
            return []
        verdict_of = self._rules.of(self._visit(request, now))
        held = [name for name in names if verdict_of(name) is Verdict.UNDECLARED]
        if answer is None:
            held = list(filter(self._intake.heeds, held))
        return [held_cookie(name, now.date()) for name in held]

    def learn(self, seen: Seen) -> bool:
        """Adds to what is known of the site; whether there was anything new."""
        if (self.seen | seen) == self.seen:
            return False
        self.seen = self.seen | seen
        self._offer = offer(self.site, self.catalogue, self.seen.services)
        self.policy = replace(self.policy, policy=Policy(self.site, self._offer, self.catalogue))
        return True

    def remember(self, versions: Sequence[Version]) -> None:
        """Takes over which versions of the policy there were, the last one in force."""
        self.policy = replace(self.policy, versions=tuple(versions))

    def reasons(self, request: Request, services: Iterable[str], now: datetime) -> list[str]:
        """For each of these services, in order, whether it loads and why: for the operator's log."""
        visit = self._visit(request, now)
        decisions = ((service, visit.decision(service)) for service in sorted(services))
        return [f"{service} {decision.verdict} ({decision.reason})" for service, decision in decisions]

    def reading(self, request: Request, now: datetime) -> tuple[Recognition, View]:
        """Whose is what in a page of the site, and what this visitor may see of it: to explain both."""
        visit = self._visit(request, now)
        return self._recogniser.on(request.hostname), self._dressing.view(visit, frozenset())

    def visit(self, request: Request, now: datetime) -> Visit:
        """A request with the visitor behind it and what may load for him: for those who look on."""
        return self._visit(request, now)

    @property
    def recogniser(self) -> Recogniser:
        """Whose an address is, on this site."""
        return self._recogniser

    def refusal(self, request: Request, status: int, message: str, now: datetime) -> Response:
        """An error page in the visitor's language: what goes out when a page must not."""
        return self._pages.error(self._visit(request, now), status, message)

    # ---- steps ------------------------------------------------------------------------------

    def _visit(self, request: Request, now: datetime) -> Visit:
        visitor = Visitor.of(request)
        consent = self._cookie.read(request, now)
        if consent.receipt and not self._is_current(consent.receipt, consent.turn):
            consent = replace(NOTHING, objected=consent.objected)  # that stays, whatever ended the rest
        return Visit(
            request=request,
            visitor=visitor,
            consent=consent.objecting(self._offer.yielding)
            if visitor.objects or consent.objected
            else consent,
            offer=self._offer,
            site=self.site,
            catalogue=self.catalogue,
            language=choose(visitor.languages, self._rendering.languages),
            now=now,
            policy=self.policy,
            said=self._cookie.reads_said(request),
        )

    def _narrowed(self, response: Response, visit: Visit) -> Response:
        least, _ = extremes(visit, self._recogniser)
        if browser_json.without_held(response.body, least.held) == response.body:
            return response
        body = browser_json.without_held(response.body, judge(visit, self._recogniser).held)
        return replace(response, headers=headers.for_edited(response.headers), body=body)

    def _held_cookies(self, visit: Visit) -> Callable[[str], bool]:
        verdict_of = self._rules.of(visit)
        return lambda name: verdict_of(name) is not Verdict.ADMIT

    def _without_contacts(self, response: Response, visit: Visit) -> Headers:
        left = contacts.without_contacts(response.headers, judge(visit, self._recogniser))
        left = cookie_fields.not_set(left, self._rules.of(visit))
        left = left.without(headers.ANNOUNCES_TRAILERS)
        return headers.relocated(left, self._origin, visit.request.hostname)

    @property
    def _ids(self) -> frozenset[str]:
        """Of Google's properties and containers, those that are the site's: listed, or where none of their
        kind is listed, found in its pages."""
        containers = {id for id in self.seen.properties if id.startswith("GTM-")}
        analytics = self.site.analytics
        properties = analytics.properties or self.seen.properties - containers
        return frozenset((*properties, *(analytics.containers or containers)))


def _nothing_from(response: Response) -> Response:
    """What part of a page gets where it would be led to what is held: it is asked for again once
    that is released."""
    cookies = [("Set-Cookie", value) for value in response.headers.all("set-cookie")]
    nothing = no_content()
    return replace(nothing, headers=Headers((*nothing.headers, *cookies)))
