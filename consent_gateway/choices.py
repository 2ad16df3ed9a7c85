"""A click on notice, preferences or placeholder → the new consent, and what is to be recorded."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from consent_gateway.consent import Consent
from consent_gateway.messages import BadForm, Headers
from consent_gateway.offer import ANALYTICS, LINKING, Offer
from consent_gateway.visitor import Visitor

Form = Mapping[str, list[str]]
DECISIONS = ("accept_all", "reject_all", "save")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One click: the consent that follows from it, its kind for the ledger, whether anything is granted by
    it that was not before, and the service it loads once."""

    consent: Consent
    kind: str
    grants: bool
    once: str = ""


def choose(form: Form, *, consent: Consent, offer: Offer, visitor: Visitor, now: datetime) -> Choice:
    """The consent after a posted `decision` on the purposes `asked`, which are all without that field;
    what was not asked about stays as it is. Raises BadForm with the field at fault."""
    decision = one(form, "decision")
    if decision not in DECISIONS:
        raise BadForm(f"must be one of {', '.join(DECISIONS)}", "decision")
    asked = set(offer.revisions)
    if "asked" in form:
        asked &= set(form["asked"])  # a notice may be older than the site file
    wanted, services = _wanted(form, decision, offer)
    kept = _untouched(consent, offer, asked) if "asked" in form else set()
    if decision == "accept_all":
        objects = visitor.objects or consent.objected is not None
        wanted = _accepted(offer, objects=objects) | {id for id in consent.express if id in consent.granted}
        if consent.agreed(LINKING, offer.revisions.get(LINKING, "")):
            wanted.add(LINKING)  # given before by an act of its own, and not asked about here
    if ANALYTICS not in wanted:
        wanted.discard(LINKING)  # there is nothing to combine
        if ANALYTICS in asked:
            asked |= {LINKING} & offer.revisions.keys()
    if consent.restricted:  # what stays agreed stays untouched (GDPR Art. 18(1))
        asked -= {id for id in wanted if consent.agreed(id, offer.revisions.get(id, ""))}
        kept, services = kept | (services & consent.services), services - consent.services
    known = consent.as_offered(offer.revisions)
    after = known.decide(
        granted={id: offer.revisions[id] for id in asked & wanted},
        refused={id: offer.revisions[id] for id in asked - wanted},
        services=services,
        kept=kept,
        express=wanted & offer.yielding if decision == "save" else consent.express & wanted,
        now=now,
    )
    # Who has blocked everything and accepts all wants it to run, whether that is new or not.
    wants = consent.restricted is not None and decision == "accept_all"
    return Choice(consent=after, kind=_kind(consent, after), grants=wants or _gains(consent, after))


def _wanted(form: Form, decision: str, offer: Offer) -> tuple[set[str], set[str]]:
    """The purposes and services that are ticked where ticks count."""
    if decision != "save":
        return set(), set()
    wanted, services = set(form.get("purpose", ())), set(form.get("service", ()))
    _must_be_offered(wanted, offer.revisions, "purpose")
    _must_be_offered(services, offer.releasable, "service")
    return wanted, services


def _untouched(consent: Consent, offer: Offer, asked: set[str]) -> set[str]:
    """The services released one by one that serve none of the purposes asked about."""
    return {id for id in consent.services if asked.isdisjoint(offer.releasable.get(id, ()))}


def remember(service: str, *, consent: Consent, now: datetime) -> Choice:
    """The consent after "always load this service"."""
    return Choice(consent=consent.remember(service, now), kind="grant", grants=True)


def activate(service: str, *, consent: Consent) -> Choice:
    """One instance, once: a consent in itself (GDPR Art. 4(11)) that leaves no trace in the cookie."""
    return Choice(consent=consent, kind="activation", grants=True, once=service)


def undo(
    service: str, purposes: tuple[str, ...], *, consent: Consent, others: Iterable[str], now: datetime
) -> Choice:
    """The consent after "switch off this service"; `others` are those that its purposes release as well."""
    linked = (LINKING,) if ANALYTICS in purposes else ()
    after = consent.switch_off(service, (*purposes, *linked), others, now)
    return Choice(consent=after, kind="withdrawal", grants=False)


def one(form: Form, name: str, default: str | None = None) -> str:
    """The single value of a field. Raises BadForm if it is missing or repeated."""
    values = form.get(name, [])
    if len(values) == 1:
        return values[0]
    if not values and default is not None:
        return default
    raise BadForm("missing" if not values else "given more than once", name)


def language(form: Form, known: Container[str], default: str) -> str:
    """The language the form was shown in. Raises BadForm if the site is not in it."""
    chosen = one(form, "language", default)
    if chosen not in known:
        raise BadForm("not a language of this site", "language")
    return chosen


def _accepted(offer: Offer, *, objects: bool) -> set[str]:
    return {
        purpose.id
        for purpose in offer.purposes
        if purpose.accept_all and not (purpose.yields_to_signal and objects)
    }


def _must_be_offered(chosen: set[str], offered: Container[str], field: str) -> None:
    for id in sorted(chosen):
        if id not in offered:
            raise BadForm("not offered on this site", field)


def _kind(before: Consent, after: Consent) -> str:
    # Whoever has a receipt has granted something, also if the browser objects to it by now.
    granted_before = before.grants_anything or bool(before.receipt)
    if not after.grants_anything:
        return "withdrawal" if granted_before else "refusal"
    return "change" if granted_before else "grant"


def _gains(before: Consent, after: Consent) -> bool:
    return not (after.granted.items() <= before.granted.items() and after.services <= before.services)


def same_site(headers: Headers, scheme: str, host: str) -> bool | None:
    """Whether a post came from our own pages: True, False, or None where nothing says so.

    Fetch Metadata first, then Origin, then Referer (OWASP, Cross-Site Request Forgery Prevention).
    """
    site = headers.get("sec-fetch-site").strip().lower()
    if site:
        return site == "same-origin"
    own = f"{scheme}://{host}".lower()
    if origin := headers.get("origin").strip().lower():
        return origin == own
    if referer := headers.get("referer").strip().lower():
        return referer == own or referer.startswith(f"{own}/")
    return None


def local_path(value: str) -> str:
    """`value` if it is a path on this site, else "/" (OWASP, Unvalidated Redirects)."""
    foreign = not value.startswith("/") or value.startswith(("//", "/\\"))
    return "/" if foreign or any(ord(c) <= 0x20 or c == "\\" or ord(c) >= 0x7F for c in value) else value
