"""Cookies that a capture sets, by their names only: whose they are, and whether they reach a browser behind the
gateway."""

from __future__ import annotations

from collections.abc import Mapping

from consent_gateway import cookie_fields
from consent_gateway.audit.findings import Carrier, CookieSet, Side
from consent_gateway.audit.gathered import Gathered
from consent_gateway.audit.looking import Found, Looking
from consent_gateway.audit.ownership import HOLD
from consent_gateway.audit.recorded import Page
from consent_gateway.audit.states import Visitor
from consent_gateway.captures.exchange import Exchange
from consent_gateway.cookie_names import expression
from consent_gateway.cookie_rules import OWN, CookieRules, Verdict, by_precedence, named
from consent_gateway.messages import Request, Response
from consent_gateway.urls import Address

MOST_NAMES = 2_000  # of the site's own host


class OwnCookies:
    """Notes the cookies of the site's own hosts and of others."""

    def __init__(self, looking: Looking, visitors: tuple[Visitor, ...], gathered: Gathered) -> None:
        site = looking.gateway.site
        self._looking = looking
        self._visitors = visitors
        self._gathered = gathered
        self._rules = CookieRules(
            looking.gateway.catalogue, site.declared_cookies, site.third_parties.unlisted
        )
        self._known = [(expression(name), id) for name, id, _ in named(looking.gateway.catalogue, "cookie")]
        self._declared = [
            (expression(name), purpose) for name, purpose in by_precedence(site.declared_cookies)
        ]
        self._set: set[str] = set()
        self._sent: dict[str, tuple[Page, str]] = {}

    def set(self, request: Request, response: Response, page: Page, kept: Mapping[str, list[str]]) -> None:
        """What an answer of the site's sets, and what of it each visitor keeps behind the gateway."""
        for name in cookie_fields.names_set(response.headers):
            if name in OWN:
                continue
            if len(self._set) < MOST_NAMES:
                self._set.add(name)
            for visitor in self._visitors:
                reaches = name in kept[visitor.state.id]
                self._note(name, request.hostname, page, visitor, by_script=False, kept=reaches)

    def sent(self, exchange: Exchange, page: Page) -> None:
        """What a browser has sent to the site: what no answer has set was set by code."""
        for name in cookie_fields.names_sent(exchange.request):
            if name not in OWN and name not in self._sent and len(self._sent) < MOST_NAMES:
                self._sent[name] = (page, exchange.request.hostname)

    def finish(self) -> None:
        """Notes the cookies that code has set: the guard script goes by the same rules as the gateway."""
        for name, (page, host) in self._sent.items():
            if name not in self._set:
                for visitor in self._visitors:
                    kept = self._is_admitted(name, page, visitor)
                    self._note(name, host, page, visitor, by_script=True, kept=kept)

    def of_third(self, response: Response, address: Address, page: Page) -> None:
        """What another website sets: it is kept where the request is made at all."""
        names = cookie_fields.names_set(response.headers)
        for visitor in self._visitors if names else ():
            visit = self._looking.visit(page.scheme, page.host, visitor)
            owned = self._looking.owned(Found(address, Carrier.RUN_TIME), visit)
            if owned is None:
                return
            for name in names:
                for side in Side:
                    self._gathered.cookie(
                        CookieSet(
                            page=page.label,
                            state=visitor.state.id,
                            side=side,
                            name=name,
                            host=address.host,
                            party="third",
                            by_script=False,
                            owner=owned.owner,
                            purpose=owned.purpose,
                            allowed=owned.allowed,
                            kept=side is Side.DIRECT or owned.decision != HOLD,
                        )
                    )

    def _note(
        self, name: str, host: str, page: Page, visitor: Visitor, *, by_script: bool, kept: bool
    ) -> None:
        owner, purpose = self._owner(name)
        for side in Side:
            self._gathered.cookie(
                CookieSet(
                    page=page.label,
                    state=visitor.state.id,
                    side=side,
                    name=name,
                    host=host,
                    party="first",
                    by_script=by_script,
                    owner=owner,
                    purpose=purpose,
                    allowed=self._is_admitted(name, page, visitor),
                    kept=side is Side.DIRECT or kept,
                )
            )

    def _is_admitted(self, name: str, page: Page, visitor: Visitor) -> bool:
        visit = self._looking.visit(page.scheme, page.host, visitor)
        return self._rules.of(visit)(name) is Verdict.ADMIT

    def _owner(self, name: str) -> tuple[str, str]:
        """The service whose cookie has this name, and its purpose, or that which the site file declares."""
        owner = next((id for pattern, id in self._known if pattern.fullmatch(name)), "")
        if owner:
            return owner, ", ".join(self._looking.gateway.catalogue.services[owner].purposes)
        return "", next((purpose for pattern, purpose in self._declared if pattern.fullmatch(name)), "")
