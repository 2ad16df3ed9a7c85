"""What a visitor is told along with his data (GDPR Art. 15(1)(a) to (h), (2)), in his language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consent_gateway import safeguards
from consent_gateway.catalogue import Treatment
from consent_gateway.consent import HANDLE_LIFE, OBJECTION_LIFE, REMEMBERED
from consent_gateway.locales import country_in, list_in, period_in
from consent_gateway.rendering import Rendering
from consent_gateway.retention import rule_of
from consent_gateway.site_tables import CONSENT
from consent_gateway.visit import Visit
from consent_gateway.wording import Wording

RIGHTS = ("access", "rectify", "erase", "restrict", "portability", "object", "withdraw")


def information(rendering: Rendering, visit: Visit, received: Sequence[str]) -> dict[str, Any]:
    """The same for page and download; `received` are the ids of the services that had data."""
    wording = rendering.wording(visit.language)
    said, controller = wording["information"], visit.site.controller
    return {
        "controller": {
            "name": controller.name or wording["notice"]["nobody"],
            "address": controller.address,
            "contact": controller.contact,
        },
        "purposes": [said["for_choice"], said["for_proof"], *_purposes(visit, wording)],
        "categories": [said["of_choice"], said["of_receipt"], *_categories(visit, wording, received)],
        "recipients": [_recipient(visit, wording, id) for id in received],
        "storage": _storage(visit, wording),
        "rights": [said[f"right_{name}"] for name in RIGHTS],
        "complaint": said["complaint_to"].format(authority=controller.supervisory_authority)
        if controller.supervisory_authority
        else said["complaint"],
        "source": said["source"],
        "automated_decisions": said["automated"],
    }


def _purposes(visit: Visit, wording: Wording) -> list[str]:
    texts = wording["purposes"]
    granted = [one.id for one in visit.offer.purposes if visit.consent.agreed(one.id, one.revision)]
    return [f"{texts[id]['name']}: {texts[id]['text']}" for id in granted]


def _categories(visit: Visit, wording: Wording, received: Sequence[str]) -> list[str]:
    said = wording["information"]
    own = [said["of_pseudonym"], said["of_visit"]] if visit.consent.handle else []
    known = visit.catalogue.services
    items = {item for id in received for item in known[id].data}
    names = [name for item, name in wording["data"].items() if item in items]
    passed = [said["of_services"].format(data=list_in(names, visit.language))] if names else []
    return own + passed


def _recipient(visit: Visit, wording: Wording, id: str) -> dict[str, Any]:
    offered, language = visit.offered(id), visit.language
    controller = offered.service.controller
    pseudonymous = offered.service.treatment is Treatment.MEASUREMENT
    return {
        "service": offered.service.name,
        "controller": controller.name,
        "country": country_in(controller.country, language),
        "third_countries": [country_in(code, language) for code in sorted(offered.third_countries)],
        "transfer": safeguards.of_service(offered, wording["transfers"], language),
        "data": [wording["data"][item] for item in offered.service.data],
        "pseudonymous": pseudonymous,
        "privacy_policy": controller.privacy_policy,
    }


def _storage(visit: Visit, wording: Wording) -> list[dict[str, str]]:
    """Each kind of data with its period, from the very values by which it is forgotten."""
    said, language, kept = wording["information"], visit.language, rule_of(visit.site, CONSENT)
    rotation = visit.site.analytics.rotation
    rows = [
        ("of_choice", REMEMBERED, said["ground_choice"]),
        ("of_objection", OBJECTION_LIFE, said["ground_objection"]),
        *(
            [
                ("of_pseudonym", HANDLE_LIFE, said["ground_pseudonym"]),
                ("of_visit", rotation, said["ground_visit"]),
            ]
            if visit.consent.handle
            else []
        ),
        ("of_records", kept.period, _ground(visit, wording)),
    ]
    return [
        {"what": said[what], "period": period_in(period, language), "ground": ground}
        for what, period, ground in rows
    ]


def _ground(visit: Visit, wording: Wording) -> str:
    """Why records of consent are kept, in the words of the operator or of the gateway."""
    own = visit.site.retention.get(CONSENT)
    return own.ground.in_language(visit.language)[0] if own else str(wording["retained"]["consent_ground"])
