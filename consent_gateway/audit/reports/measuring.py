"""Whether the pages measure by Google, as far as was seen."""

from __future__ import annotations

from consent_gateway.analytics import SERVICE
from consent_gateway.audit.findings import Audit
from consent_gateway.audit.reports.grouping import distinct
from consent_gateway.audit.reports.naming import listed, service

TAG_MANAGER = "google-tag-manager"
_NONE = "The pages make no measurement that would go to Google."
_NOT_SEEN = (
    "{who}, but no hit was seen: its script could not be fetched or did not run. What would go on to Google is "
    "therefore not known."
)


def without_hits(audit: Audit) -> str:
    """Why there is no hit, in a sentence; empty where there are hits."""
    return "" if audit.forwarded else unseen(audit) or _NONE


def unseen(audit: Audit) -> str:
    """That pages bring a measurement by Google of which no hit was seen; empty where that is not so."""
    if audit.forwarded:
        return ""
    hosts = {
        id: distinct(one.host for one in audit.contacts if one.owner == id and one.kind == "service")
        for id in (SERVICE, TAG_MANAGER)
    }
    if hosts[SERVICE]:
        return _NOT_SEEN.format(who=f"The pages bring {service(SERVICE)} ({listed(hosts[SERVICE])})")
    if hosts[TAG_MANAGER]:
        who = f"The pages bring {service(TAG_MANAGER)} ({listed(hosts[TAG_MANAGER])}), which may measure"
        return _NOT_SEEN.format(who=who)
    return ""
