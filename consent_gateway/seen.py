"""What is known of a site from the pages it has sent so far."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PROPERTY = re.compile(rb"\bG-[A-Z0-9]{4,12}\b")
_MEASURED = frozenset(("google-analytics", "google-tag-manager"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was found on the site: services, and measurement ids."""

    services: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()

    def __or__(self, other: Seen) -> Seen:
        return Seen(services=self.services | other.services, properties=self.properties | other.properties)


def seen_in(data: bytes, services: frozenset[str]) -> Seen:
    """What a page shows in which these services were found."""
    ids = _PROPERTY.findall(data) if services & _MEASURED else ()
    return Seen(services=services, properties=frozenset(id.decode("ascii") for id in ids))
