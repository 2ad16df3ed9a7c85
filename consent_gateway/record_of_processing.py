"""The record of processing activities (GDPR Art. 30(1)): the same facts as the policy, for the authority."""

from __future__ import annotations

from typing import Any

from consent_gateway import policy_page, safeguards
from consent_gateway.locales import period_in
from consent_gateway.measures import measures
from consent_gateway.offer import EEA, OfferedService
from consent_gateway.own_words import OwnWords
from consent_gateway.policy import Activity, Policy
from consent_gateway.policy_tables import LEGAL_BASES, Recipient
from consent_gateway.site_tables import PURPOSE
from consent_gateway.wording import Wording


class RecordOfProcessing:
    """Writes the record in one language, as values of JSON."""

    def __init__(self, policy: Policy, wording: Wording) -> None:
        self._policy = policy
        self._w = wording
        self._language = wording.language
        self._lasts = policy_page.lasts(policy, wording["retained"], wording.language)

    def as_json(self, *, hash: str) -> dict[str, Any]:
        """The whole record; record_of_processing.schema.json says what is in it. `hash` is that of the
        policy in force."""
        site = self._policy.site
        return {
            "article": "GDPR Art. 30(1)",
            "language": self._language,
            "policy": hash,
            "controller": {name: value for name, value in site.controller if value},
            "hosts": list(site.site.hosts),
            "missing": [".".join(gap.key) for gap in self._policy.gaps],
            "activities": [self._activity(one) for one in self._policy.activities],
            "measures": [
                *(self._w["measures"][id] for id in measures(site)),
                *(self._said(words) for words in site.measures.values()),
            ],
        }

    def _activity(self, activity: Activity) -> dict[str, Any]:
        recipients = [self._recipient(self._policy.recipients[id]) for id in activity.recipients]
        services = activity.offered.services if activity.offered else ()
        return {
            "id": activity.id,
            "purpose": self._purpose(activity),
            "legal_basis": [self._basis(basis) for basis in activity.legal_basis],
            "legitimate_interest": self._said(activity.interest),
            "data_subjects": [self._said(one, "subjects") for one in activity.subjects],
            "data": self._data(activity),
            "recipients": [*recipients, *(self._service(one) for one in services)],
            "erasure": self._erasure(activity),
        }

    def _purpose(self, activity: Activity) -> str:
        if activity.offered:
            purpose = self._w["purposes"][activity.offered.id]
            is_own = activity.offered.cookies and not activity.offered.services
            return str(purpose["name"]) if is_own else f"{purpose['name']}: {purpose['text']}"
        return self._said(activity.purpose, "policy_purposes") or activity.id

    def _basis(self, basis: str) -> str:
        return str(self._w["legal_bases"][basis[5]]) if basis in LEGAL_BASES else basis

    def _data(self, activity: Activity) -> list[str]:
        if activity.offered:
            own = [
                f"{one.name}: {self._said(one.reason, 'cookie_reasons')}" for one in activity.offered.cookies
            ]
            return [*(self._w["data"][item] for item in policy_page.data_of(activity.offered)), *own]
        return [self._said(one, "personal_data") for one in activity.data]

    def _erasure(self, activity: Activity) -> str:
        said = self._w["policy"]
        if activity.offered:
            kept = [
                f"{one.service.name}: {period_in(one.settings.kept, self._language)}"
                for one in activity.offered.services
                if one.settings.kept
            ]
            all_said = kept and len(kept) == len(activity.offered.services)
            return "; ".join([*kept, *([] if all_said else [str(said["kept_service"])])])
        if activity.kept == PURPOSE:
            return str(said["kept_purpose"])
        return self._lasts(activity.kept) if activity.kept else ""

    def _recipient(self, recipient: Recipient) -> dict[str, Any]:
        abroad = sorted(set(recipient.countries) - EEA)
        kind = self._said(recipient.purpose) or self._w["recipient_kinds"][recipient.kind]
        return {
            "name": recipient.name,
            "category": kind,
            "role": recipient.role,
            "third_countries": abroad,
            "safeguard": self._safeguard(recipient.transfer, abroad),
        }

    def _service(self, offered: OfferedService) -> dict[str, Any]:
        return {
            "name": offered.service.controller.name,
            "category": offered.service.name,
            "role": offered.role,
            "third_countries": sorted(offered.third_countries),
            "safeguard": safeguards.of_service(offered, self._w["transfers"], self._language),
        }

    def _safeguard(self, basis: str, countries: list[str]) -> str:
        if not basis or not countries:
            return ""
        return safeguards.to(countries, basis, self._w["transfers"], self._language)

    def _said(self, words: OwnWords, vocabulary: str = "") -> str:
        known = self._w[vocabulary] if vocabulary else {}
        return str(known.get(words.word) or words.in_language(self._language)[0])
