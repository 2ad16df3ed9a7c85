"""Whether two visitors may get the same answer: what is not edited for one may be edited for another."""

from __future__ import annotations

from dataclasses import replace

from consent_gateway import contacts, cookie_fields
from consent_gateway.consent import NOTHING
from consent_gateway.cookie_rules import CookieRules, Verdict
from consent_gateway.judging import extremes
from consent_gateway.messages import Response
from consent_gateway.recognition import Recogniser
from consent_gateway.visit import Visit

# Where none of these is, every visitor gets the same header fields.
CONCERNED = contacts.READ.union(name.lower() for name in (*contacts.ADVERTISING, "Set-Cookie", "Location"))


def depends_on_visitor(response: Response, visit: Visit, recogniser: Recogniser, rules: CookieRules) -> bool:
    """Whether the header fields of the origin's answer depend on what a visitor has released: addresses that
    some may contact, a redirect that takes parts of a page nowhere, cookies that only some may have."""
    fields = response.headers
    if not any(name.lower() in CONCERNED for name, _ in fields):
        return False
    least, most = extremes(visit, recogniser)
    verdict_of = rules.of(replace(visit, consent=NOTHING))
    return (
        contacts.is_redirect_to(response.status, fields, least.held)
        or contacts.without_contacts(fields, least) != contacts.without_contacts(fields, most)
        or any(verdict_of(name) is Verdict.HOLD for name in cookie_fields.names_set(fields))
    )
