"""What a privacy policy must say and the site file does not yet: a table, with the article beside the row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from consent_gateway.datafile import Table
from consent_gateway.offer import EEA, Offer
from consent_gateway.own_words import OwnWords
from consent_gateway.policy_tables import INTERESTS, Processing, Recipient
from consent_gateway.site import Site


@dataclass(frozen=True, slots=True)
class Gap:
    """A key of the site file that is missing, why it is needed, and the `word` that visitors read for it;
    none where they see for themselves that it is in another language."""

    key: tuple[str, ...]
    word: str
    reason: str


SAY_NONE = 'say it, or "none"'

# fmt: off
OF_SITE: tuple[tuple[tuple[str, ...], str, Callable[[Site], bool], str], ...] = (
    (("controller", "name"), "controller_name", lambda site: bool(site.controller.name),
        "who is responsible (GDPR Art. 13(1)(a))"),
    (("controller", "address"), "controller_address", lambda site: bool(site.controller.address),
        "where who is responsible can be found (GDPR Art. 13(1)(a))"),
    (("controller", "contact"), "controller_contact", lambda site: bool(site.controller.contact),
        "how to get in touch (GDPR Art. 13(1)(a))"),
    (("controller", "data_protection_officer"), "officer",
        lambda site: bool(site.controller.data_protection_officer),
        f"how to reach the data protection officer: {SAY_NONE} (GDPR Art. 13(1)(b))"),
    (("controller", "supervisory_authority"), "authority",
        lambda site: bool(site.controller.supervisory_authority),
        "with whom a complaint can be lodged (GDPR Art. 13(2)(d))"),
    (("policy", "automated_decisions"), "automated", lambda site: bool(site.policy.automated_decisions),
        f"whether decisions are made by machines alone: {SAY_NONE} (GDPR Art. 13(2)(f))"),
    (("processing",), "processing", lambda site: bool(site.processing),
        "what else the operator processes data for, at least one [processing.NAME] (GDPR Art. 13(1)(c))"),
)
OF_PROCESSING: tuple[tuple[str, str, Callable[[Processing], bool], str], ...] = (
    ("purpose", "purpose", lambda one: bool(one.purpose), "what for (GDPR Art. 13(1)(c))"),
    ("legal_basis", "basis", lambda one: bool(one.legal_basis), "the legal basis (GDPR Art. 13(1)(c))"),
    ("interest", "interest", lambda one: INTERESTS not in one.legal_basis or bool(one.interest),
        "the legitimate interest that 6(1)(f) rests on (GDPR Art. 13(1)(d))"),
    ("data", "data", lambda one: bool(one.data), "which data (GDPR Art. 14(1)(d), 30(1)(c))"),
    ("subjects", "subjects", lambda one: bool(one.subjects), "whose data (GDPR Art. 30(1)(c))"),
    ("recipients", "recipients", lambda one: bool(one.recipients),
        'who receives them, or ["none"] (GDPR Art. 13(1)(e))'),
    ("retention", "retention", lambda one: bool(one.retention),
        'how long they are kept: the name of a [retention.NAME], or "purpose" (GDPR Art. 13(2)(a))'),
    ("required", "required", lambda one: bool(one.required),
        'whether they have to be provided: "contract", "law", "technical" or "no" (GDPR Art. 13(2)(e))'),
)
OF_RECIPIENT: tuple[tuple[str, str, Callable[[Recipient], bool], str], ...] = (
    ("countries", "countries", lambda one: bool(one.countries), "in which countries (GDPR Art. 13(1)(f))"),
    ("transfer", "transfer", lambda one: not set(one.countries) - EEA or bool(one.transfer),
        "the safeguard for a third country (GDPR Art. 13(1)(f), 44 to 49)"),
)
# fmt: on


def gaps(site: Site, offer: Offer) -> list[Gap]:
    """Each thing that the policy of this site still has to say (GDPR Art. 13, 14); none if it is complete."""
    return [*_of_site(site), *_of_processing(site), *_of_recipients(site, offer), *_of_cookies(site), *_of_languages(site)]  # fmt: skip


def _of_site(site: Site) -> Iterator[Gap]:
    for key, word, is_said, reason in OF_SITE:
        if not is_said(site):
            yield Gap(key, word, reason)


def _of_processing(site: Site) -> Iterator[Gap]:
    for id, processing in site.processing.items():
        for name, word, holds, reason in OF_PROCESSING:
            if not holds(processing):
                yield Gap(("processing", id, name), word, reason)


def _of_recipients(site: Site, offer: Offer) -> Iterator[Gap]:
    for id, recipient in site.recipients.items():
        for name, word, is_said, reason in OF_RECIPIENT:
            if not is_said(recipient):
                yield Gap(("recipients", id, name), word, reason)
    for id, offered in offer.services.items():
        if offered.third_countries and not offered.service.transfer and not offered.own_words:
            reason = (
                f"the safeguard for data that go to {offered.service.controller.country} (GDPR Art. 13(1)(f))"
            )
            yield Gap(("services", id, "transfer"), "transfer", reason)
        if site.services is not None and offered.role == "processor" and not offered.settings.kept:
            reason = 'how long it keeps data for the operator, such as "14 months" (GDPR Art. 13(2)(a))'
            yield Gap(("services", id, "kept"), "retention", reason)


def _of_cookies(site: Site) -> Iterator[Gap]:
    for name, cookie in site.cookies.items():
        if not cookie.duration:
            yield Gap(("cookies", name, "duration"), "duration", "how long it lasts (C-673/17, no. 81)")


def _of_languages(site: Site) -> Iterator[Gap]:
    for key, words in own_words(site):
        if lacking := words.lacks(site.site.languages):
            yield Gap(
                key,
                "",
                f"is not said in: {', '.join(lacking)}; or leave these out of [site] languages (GDPR Art. 12(1))",
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
