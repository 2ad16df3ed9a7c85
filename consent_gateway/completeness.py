"""What a privacy policy must say and the site file does not yet: a table, with the article beside the row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from consent_gateway.datafile import Table
from consent_gateway.offer import EEA, Offer, OfferedService
from consent_gateway.own_words import OwnWords
from consent_gateway.policy_tables import INTERESTS, Processing, Recipient
from consent_gateway.site import Site
from consent_gateway.site_tables import SiteCookie


@dataclass(frozen=True, slots=True)
class Gap:
    """A key of the site file that is missing, why it is needed and by which article, what to write, and the
    `word` that visitors read for it; none where they see for themselves that it is in another language.
    `elsewhere` is one that the site's own privacy policy is there for ([policy] own_page)."""

    key: tuple[str, ...]
    word: str
    reason: str
    article: str
    remedy: str
    elsewhere: bool = False

    def __str__(self) -> str:
        return f"{self.reason} ({self.article})"


# fmt: off
# What is asked for once. The site's own privacy policy may say it instead: it needs no table of this file.
OF_SITE: tuple[tuple[tuple[str, ...], str, Callable[[Site], bool], str, str, str], ...] = (
    (("controller", "name"), "controller_name", lambda site: bool(site.controller.name),
        "who is responsible", "GDPR Art. 13(1)(a)", 'name = "..." below [controller], as in the imprint'),
    (("controller", "address"), "controller_address", lambda site: bool(site.controller.address),
        "where who is responsible can be found", "GDPR Art. 13(1)(a)",
        'address = "..." below [controller]: street, town, country'),
    (("controller", "contact"), "controller_contact", lambda site: bool(site.controller.contact),
        "how to get in touch", "GDPR Art. 13(1)(a)",
        'contact = "..." below [controller]: an e-mail address that somebody reads'),
    (("controller", "data_protection_officer"), "officer",
        lambda site: bool(site.controller.data_protection_officer),
        "how to reach the data protection officer", "GDPR Art. 13(1)(b)",
        'data_protection_officer = "..." below [controller]; "none" if there is none'),
    (("controller", "supervisory_authority"), "authority",
        lambda site: bool(site.controller.supervisory_authority),
        "with whom a complaint can be lodged", "GDPR Art. 13(2)(d)",
        'supervisory_authority = "..." below [controller]: its name or https address'),
    (("policy", "automated_decisions"), "automated", lambda site: bool(site.policy.automated_decisions),
        "whether decisions are made by machines alone", "GDPR Art. 13(2)(f)",
        'automated_decisions = "..." below [policy]; "none" if there are none'),
    (("processing",), "processing", lambda site: bool(site.processing),
        "what else the operator processes data for", "GDPR Art. 13(1)(c)",
        "at least one table [processing.NAME], as in consent_gateway/example.toml"),
)
OF_PROCESSING: tuple[tuple[str, str, Callable[[Processing], bool], str, str, str], ...] = (
    ("purpose", "purpose", lambda one: bool(one.purpose), "what for", "GDPR Art. 13(1)(c)",
        'purpose = "contract", another word of docs/policy.md, or your own'),
    ("legal_basis", "basis", lambda one: bool(one.legal_basis), "the legal basis", "GDPR Art. 13(1)(c)",
        'legal_basis = ["6(1)(b)"] or another of Art. 6'),
    ("interest", "interest", lambda one: INTERESTS not in one.legal_basis or bool(one.interest),
        "the legitimate interest that 6(1)(f) rests on", "GDPR Art. 13(1)(d)", 'interest = "..."'),
    ("data", "data", lambda one: bool(one.data), "which data", "GDPR Art. 14(1)(d), 30(1)(c)",
        'data = ["name", "contact"] or others of docs/policy.md, or your own'),
    ("subjects", "subjects", lambda one: bool(one.subjects), "whose data", "GDPR Art. 30(1)(c)",
        'subjects = ["customers"] or others of docs/policy.md, or your own'),
    ("recipients", "recipients", lambda one: bool(one.recipients), "who receives them", "GDPR Art. 13(1)(e)",
        'recipients = ["NAME"] of a table [recipients.NAME], or ["none"]'),
    ("retention", "retention", lambda one: bool(one.retention), "how long they are kept", "GDPR Art. 13(2)(a)",
        'retention = "NAME" of a table [retention.NAME], or "purpose"'),
    ("required", "required", lambda one: bool(one.required), "whether they have to be provided",
        "GDPR Art. 13(2)(e)", 'required = "contract", "law", "technical" or "no"'),
)
OF_RECIPIENT: tuple[tuple[str, str, Callable[[Recipient], bool], str, str, str], ...] = (
    ("countries", "countries", lambda one: bool(one.countries), "in which countries", "GDPR Art. 13(1)(f)",
        'countries = ["DE"]: ISO 3166 codes'),
    ("transfer", "transfer", lambda one: not set(one.countries) - EEA or bool(one.transfer),
        "the safeguard for a third country", "GDPR Art. 13(1)(f), 44 to 49",
        'transfer = "adequacy", "clauses", "adequacy_or_clauses" or "binding_rules"'),
)
OF_SERVICE: tuple[tuple[str, str, Callable[[OfferedService, Site], bool], str, str, str], ...] = (
    ("transfer", "transfer",
        lambda one, site: not one.third_countries or bool(one.service.transfer) or bool(one.own_words),
        "the safeguard for data that go to {country}", "GDPR Art. 13(1)(f)",
        'transfer = "..." below [services.{id}]: what you have agreed on with the provider'),
    ("kept", "retention",
        lambda one, site: site.services is None or one.role != "processor" or bool(one.settings.kept),
        "how long it keeps data for the operator", "GDPR Art. 13(2)(a)",
        'kept = "14 months" below [services.{id}], or what its settings say'),
)
OF_COOKIE: tuple[tuple[str, str, Callable[[SiteCookie], bool], str, str, str], ...] = (
    ("duration", "duration", lambda one: bool(one.duration), "how long it lasts", "C-673/17, no. 81",
        'duration = "session", or a period such as "1 year"'),
)
# fmt: on


def articles() -> dict[str, str]:
    """Each key of the site file of which the tables want something said, with the article."""
    once = {".".join(key): article for key, _, _, _, article, _ in OF_SITE}
    rows = (
        ("services", OF_SERVICE),
        ("cookies", OF_COOKIE),
        ("processing", OF_PROCESSING),
        ("recipients", OF_RECIPIENT),
    )
    return once | {f"{table}.NAME.{row[0]}": row[4] for table, of_table in rows for row in of_table}


def gaps(site: Site, offer: Offer) -> list[Gap]:
    """Each thing that the policy of this site still has to say (GDPR Art. 13, 14); none if it is complete.
    What the file says by halves, it has to say to the end: no page elsewhere stands for a table's other half.
    """
    once = [*_of_site(site), *_of_services(site, offer)]
    if site.policy.own_page:
        once = [replace(gap, elsewhere=True) for gap in once]
    return [*once, *_of_processing(site), *_of_recipients(site), *_of_cookies(site), *_of_languages(site)]


def _of_site(site: Site) -> Iterator[Gap]:
    for key, word, is_said, reason, article, remedy in OF_SITE:
        if not is_said(site):
            yield Gap(key, word, reason, article, remedy)


def _of_services(site: Site, offer: Offer) -> Iterator[Gap]:
    for id, offered in offer.services.items():
        for name, word, is_said, reason, article, remedy in OF_SERVICE:
            if not is_said(offered, site):
                told = reason.format(country=offered.service.controller.country)
                yield Gap(("services", id, name), word, told, article, remedy.format(id=id))


def _of_processing(site: Site) -> Iterator[Gap]:
    for id, processing in site.processing.items():
        for name, word, holds, reason, article, remedy in OF_PROCESSING:
            if not holds(processing):
                yield Gap(("processing", id, name), word, reason, article, remedy)


def _of_recipients(site: Site) -> Iterator[Gap]:
    for id, recipient in site.recipients.items():
        for name, word, is_said, reason, article, remedy in OF_RECIPIENT:
            if not is_said(recipient):
                yield Gap(("recipients", id, name), word, reason, article, remedy)


def _of_cookies(site: Site) -> Iterator[Gap]:
    for id, cookie in site.cookies.items():
        for name, word, is_said, reason, article, remedy in OF_COOKIE:
            if not is_said(cookie):
                yield Gap(("cookies", id, name), word, reason, article, remedy)


def _of_languages(site: Site) -> Iterator[Gap]:
    for key, words in own_words(site):
        if lacking := words.lacks(site.site.languages):
            reason = f"is not said in: {', '.join(lacking)}"
            yield Gap(
                key, "", reason, "GDPR Art. 12(1)", "say it there, or leave these out of [site] languages"
            )


def own_words(site: Site) -> Iterator[tuple[tuple[str, ...], OwnWords]]:
    """Everything the operator says in words of his own, with its key."""
    for table in ("policy", "purposes", "processing", "recipients", "sources", "measures", "retention", "cookies", "services"):  # fmt: skip
        yield from _words_in((table,), getattr(site, table))


def _words_in(place: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], OwnWords]]:
    if isinstance(value, OwnWords):
        yield place, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _words_in((*place, name), inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _words_in(place, inner)
    elif isinstance(value, Table):
        for name in type(value).model_fields:
            yield from _words_in((*place, name), getattr(value, name))
