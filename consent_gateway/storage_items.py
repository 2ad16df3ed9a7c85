"""What is kept in a visitor's browser: each item with provider, purpose, duration and who can read it.

The Court of Justice wants duration and access by third parties told (C-673/17, no. 81).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from consent_gateway.catalogue import Catalogue, Treatment
from consent_gateway.catalogue.entries import Cookie
from consent_gateway.consent import REMEMBERED
from consent_gateway.cookie_rules import NECESSARY, is_kept_out
from consent_gateway.cookies import ONCE, ONCE_SECONDS, SAID, cookie_name
from consent_gateway.offer import ANALYTICS, LINKING, Offer, OfferedService
from consent_gateway.own_words import NOTHING_SAID, OwnWords
from consent_gateway.periods import Period
from consent_gateway.session_cookie import SUFFIX as SESSION
from consent_gateway.site import Site

BRIEF = Period(ONCE_SECONDS, "second")
PLACE = "privacy-place"  # of static/guard/80-place.js


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageItem:
    """One cookie, or item of the browser's storage. `duration` is a period, "session", or empty where it is
    the provider's affair; `provider` is empty for the controller of the site, `why` the operator's reason
    and `sentence` the gateway's own."""

    name: str
    purpose: str
    duration: Period | Literal["session", ""]
    kind: Literal["cookie", "local_storage", "session_storage"] = "cookie"
    provider: str = ""
    read_by: Literal["us", "provider"] = "us"
    why: OwnWords = NOTHING_SAID
    sentence: str = ""
    service: str = ""


def items(site: Site, offer: Offer, catalogue: Catalogue, scheme: str) -> list[StorageItem]:
    """Every item: the gateway's, the site's own, then those of each service that may be released."""
    found = [*_of_gateway(site, scheme), *_of_site(site, catalogue), *_of_services(offer)]
    return list(dict.fromkeys(found))


def _of_gateway(site: Site, scheme: str) -> list[StorageItem]:
    found = [
        StorageItem(
            name=cookie_name(scheme), purpose=NECESSARY, duration=REMEMBERED, sentence="cookie_choice"
        ),
        StorageItem(
            name=cookie_name(scheme, ONCE), purpose=NECESSARY, duration=BRIEF, sentence="cookie_once"
        ),
        StorageItem(
            name=cookie_name(scheme, SAID), purpose=NECESSARY, duration=BRIEF, sentence="cookie_said"
        ),
        StorageItem(
            name=PLACE,
            purpose=NECESSARY,
            duration="session",
            kind="session_storage",
            sentence="cookie_place",
        ),
    ]
    if site.lists("google-analytics"):
        found.append(
            StorageItem(
                name=cookie_name(scheme, SESSION),
                purpose=ANALYTICS,
                duration=site.analytics.rotation,
                sentence="cookie_session",
            )
        )
    return found


def _of_site(site: Site, catalogue: Catalogue) -> list[StorageItem]:
    return [
        StorageItem(
            name=cookie.name,
            purpose=cookie.purpose,
            duration="session" if cookie.duration == "session" else cookie.period or "",
            why=cookie.reason,
        )
        for cookie in site.cookies.values()
        if not is_kept_out(cookie.name, catalogue)
    ]


def _of_services(offer: Offer) -> list[StorageItem]:
    return [
        _item(cookie, offered, purpose.id)
        for purpose in offer.purposes
        if purpose.id != LINKING
        for offered in purpose.services
        if offered.service.treatment is not Treatment.MEASUREMENT
        for cookie in offered.service.cookies
    ]


def _item(cookie: Cookie, offered: OfferedService, purpose: str) -> StorageItem:
    return StorageItem(
        name=cookie.name,
        purpose=purpose,
        duration="session" if cookie.duration == "session" else cookie.period or "",
        kind=cookie.kind,
        provider=offered.service.controller.name,
        read_by="provider",
        service=offered.service.name,
    )
