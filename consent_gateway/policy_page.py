"""The privacy policy as a page: in one language, of the version in force or an earlier one."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from consent_gateway.catalogue.entries import DATA
from consent_gateway.consent import HANDLE_LIFE, OBJECTION_LIFE
from consent_gateway.locales import period_in
from consent_gateway.measures import measures
from consent_gateway.offer import OfferedPurpose
from consent_gateway.policy import WEBINARS, Policy
from consent_gateway.policy_tables import LEGAL_BASES
from consent_gateway.rendering import Rendering
from consent_gateway.retention import DEFAULTS, Kept

# Each section with the sentence that is its heading, in order: that of the document it implements, with
# what Art. 13 GDPR asks for beside it.
SECTIONS = (
    ("who", "who"),
    ("why", "why"),
    ("recipients", "recipients_heading"),
    ("countries", "countries"),
    ("sources", "sources"),
    ("tracking", "tracking"),
    ("plug-ins", "plug_ins"),
    ("webinars", "webinars"),
    ("protection", "protect"),
    ("cookies", "cookies"),
    ("retention", "retention"),
    ("change", "change"),
    ("rights", "rights"),
    ("objection", "objection"),
    ("revocation", "revoke"),
    ("access", "access"),
    ("automated", "automated"),
    ("contact", "contact_heading"),
)


FACTS = ""  # stands for a language: the facts, as policy_facts has them
NOT_LIVE: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Version:
    """A policy as it was in force from `since` on: its number, the hash of its facts, and its text in each
    language, compressed."""

    number: int
    hash: str
    since: datetime
    texts: Mapping[str, bytes] = field(default_factory=dict)

    def text(self, language: str) -> tuple[str, str]:
        """As it was shown, and in which language: in another where it was not shown in this one."""
        known = self.texts.keys() - {FACTS}
        shown = language if language in known else min(known)
        return zlib.decompress(self.texts[shown]).decode(), shown

    @property
    def facts(self) -> str:
        """What it said, for machines."""
        return zlib.decompress(self.texts[FACTS]).decode()

    @classmethod
    def of(cls, number: int, hash: str, since: datetime, texts: Mapping[str, str]) -> Version:
        return cls(number, hash, since, {id: zlib.compress(text.encode()) for id, text in texts.items()})


def text(
    policy: Policy,
    rendering: Rendering,
    language: str,
    *,
    scheme: str,
    root: str = "",
    live: Mapping[str, object] = NOT_LIVE,
) -> str:
    """The policy in one language, without its version: HTML to go into a page. Where it is `live` it has the
    control by which a visitor objects to advertising, and that is what it has to know."""
    wording = rendering.wording(language)
    said = wording["policy"]
    return rendering.render(
        "_policy_text.html",
        language,
        root=root,
        policy=policy,
        live=bool(live),
        own_page=_address(policy.site.policy.own_page.in_language(language)[0], root),
        **{"objection_life": OBJECTION_LIFE, **live},
        headings={id: said[key] for id, key in SECTIONS if id != WEBINARS or policy.webinars},
        storage=policy.storage(scheme),
        measures=measures(policy.site),
        bases=LEGAL_BASES,
        handle_life=HANDLE_LIFE,
        data_of=data_of,
        lasts=lasts(policy, wording["retained"], language),
        kept_data=_kept_data(policy, wording["retained"], wording["policy_purposes"], language),
    )


def texts(policy: Policy, rendering: Rendering, *, scheme: str) -> dict[str, str]:
    """The same in every language of the site."""
    return {language: text(policy, rendering, language, scheme=scheme) for language in rendering.languages}


def _address(page: str, root: str) -> str:
    """Where a page is, for whoever reads the policy at another address than the site's."""
    return f"{root}{page}" if page.startswith("/") else page


def data_of(purpose: OfferedPurpose) -> list[str]:
    """What its services receive, in the order in which it is told."""
    found = {item for offered in purpose.services for item in offered.service.data}
    return [item for item in DATA if item in found]


def lasts(policy: Policy, retained: Mapping[str, str], language: str) -> Callable[[str], str]:
    """How long a class of data is kept, in words."""
    classes = {kept.id: kept for kept in policy.kept}

    def said(id: str) -> str:
        kept = classes[id]
        period = period_in(kept.rule.period, language)
        return retained[f"from_{kept.counts_from}"].format(period=period) if kept.counts_from else period

    return said


def _kept_data(
    policy: Policy, retained: Mapping[str, str], purposes: Mapping[str, str], language: str
) -> Callable[[Kept], str]:
    """What a class of data is: in the gateway's words, in the operator's, or by what it is processed for."""

    def kept_data(kept: Kept) -> str:
        if kept.id in DEFAULTS:
            return retained[kept.id]
        if kept.rule.what:
            return kept.rule.what.in_language(language)[0]
        uses = [one.purpose for one in policy.activities if one.kept == kept.id and one.purpose]
        return ", ".join(purposes.get(use.word) or use.in_language(language)[0] for use in uses) or kept.id

    return kept_data
