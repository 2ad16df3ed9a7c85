"""The policy for machines: what is in force, as a text that the ledger keeps by its hash.

A decision refers to it beside the words of the layer it was made on (EDPB 05/2020 no. 108), so that the hash
on the policy page, in a record and in a proof is the same.
"""

from __future__ import annotations

import json
from typing import Any

from consent_gateway.catalogue import Treatment
from consent_gateway.measures import measures
from consent_gateway.offer import OfferedPurpose, OfferedService
from consent_gateway.own_words import OwnWords
from consent_gateway.policy import Activity, Policy
from consent_gateway.policy_tables import Recipient
from consent_gateway.retention import Kept
from consent_gateway.storage_items import StorageItem


def text_of(facts: dict[str, Any]) -> str:
    """The facts as the text that is hashed."""
    return json.dumps(facts, ensure_ascii=False, indent=1)


def facts(policy: Policy, *, scheme: str, wording: str) -> dict[str, Any]:
    """Everything the policy says, in no language; `wording` is the digest of the sentences it is said in."""
    site = policy.site
    return {
        "controller": {name: value for name, value in site.controller if value},
        "hosts": list(site.site.hosts),
        "purposes": [_purpose(purpose) for purpose in policy.offer.purposes],
        "processing": [_activity(one) for one in policy.activities],
        "recipients": {id: _recipient(one) for id, one in policy.recipients.items()},
        "sources": {id: {"who": one.who.as_json(), "public": one.public} for id, one in site.sources.items()},
        "storage": [_item(item) for item in policy.storage(scheme)],
        "retention": [_kept(one) for one in policy.kept],
        "measures": {
            "gateway": measures(site),
            "operator": {id: words.as_json() for id, words in site.measures.items()},
        },
        "analytics": {"rotation": str(site.analytics.rotation)} if policy.measuring else None,
        "automated_decisions": site.policy.automated_decisions.as_json(),
        "introduction": site.policy.introduction.as_json(),
        "own_page": site.policy.own_page.as_json(),
        "on_own_page": [".".join(gap.key) for gap in policy.elsewhere],
        "missing": [".".join(gap.key) for gap in policy.missing],
        "wording": wording,
    }


def _purpose(purpose: OfferedPurpose) -> dict[str, Any]:
    return {
        "id": purpose.id,
        "revision": purpose.revision,
        "in_accept_all": purpose.accept_all,
        "services": [_service(offered) for offered in purpose.services],
        "cookies": [cookie.name for cookie in purpose.cookies],
    }


def _service(offered: OfferedService) -> dict[str, Any]:
    service = offered.service
    basis = service.transfer.basis if service.transfer else ""
    keeps_out = service.treatment is Treatment.MEASUREMENT  # what it sets never reaches the browser
    return {
        "id": offered.id,
        "name": service.name,
        "controller": service.controller.name,
        "country": service.controller.country,
        "role": offered.role,
        "arrangement": offered.settings.arrangement.as_json(),
        "third_countries": sorted(offered.third_countries),
        "transfer": offered.own_words.as_json() or basis,
        "data": list(service.data),
        "kept": str(offered.settings.kept or ""),
        "cookies": [] if keeps_out else [f"{cookie.name} ({cookie.duration})" for cookie in service.cookies],
        "policy": service.controller.privacy_policy,
    }


def _activity(activity: Activity) -> dict[str, Any]:
    return {
        "id": activity.id,
        "purpose": activity.purpose.as_json() or activity.id,
        "legal_basis": list(activity.legal_basis),
        "interest": activity.interest.as_json(),
        "subjects": _texts(activity.subjects),
        "data": _texts(activity.data),
        "recipients": [*activity.recipients, *_services_of(activity)],
        "retention": activity.kept,
        "required": activity.required,
        "sources": list(activity.sources),
    }


def _texts(words: tuple[OwnWords, ...]) -> list[str | dict[str, str]]:
    return [one.as_json() for one in words]


def _services_of(activity: Activity) -> list[str]:
    return [one.id for one in activity.offered.services] if activity.offered else []


def _recipient(recipient: Recipient) -> dict[str, Any]:
    return {
        "kind": recipient.kind,
        "name": recipient.name,
        "purpose": recipient.purpose.as_json(),
        "role": recipient.role,
        "arrangement": recipient.arrangement.as_json(),
        "countries": list(recipient.countries),
        "transfer": recipient.transfer,
    }


def _item(item: StorageItem) -> dict[str, Any]:
    return {
        "name": item.name,
        "kind": item.kind,
        "provider": item.provider,
        "purpose": item.purpose,
        "duration": str(item.duration),
        "read_by": item.read_by,
    }


def _kept(kept: Kept) -> dict[str, Any]:
    return {
        "data": kept.id,
        "period": str(kept.rule.period),
        "counts_from": kept.counts_from,
        "ground": kept.rule.ground.as_json(),
        "statutory": kept.rule.statutory,
    }
