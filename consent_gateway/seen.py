"""What is known of a site from the pages it has sent so far."""

from __future__ import annotations

import re
from dataclasses import dataclass

from consent_gateway.page.positions import Carrier

# The word boundary stands behind the first letter: a pattern that begins with a letter is searched for, and not tried
# at every byte.
_PROPERTY = re.compile(rb"G(?<!\wG)(?:T?-[A-Z0-9]{4,12}|TM-[A-Z0-9]{3,12})\b")
# As a script of Google's names the property it was made for (observed 2026-11).
_IN_SCRIPT = re.compile(rb"[\"'](G-[A-Z0-9]{6,12})[\"']")
_MEASURED = frozenset(("google-analytics", "google-tag-manager"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was found on the site: services, and the ids of Google's properties and containers. Of one page, and not
    added up here: `held`, those of the services that the visitor did not get, and `unlisted`, the hosts that are
    held because nobody has named them."""

    services: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    unlisted: frozenset[tuple[str, Carrier]] = frozenset()

    def __or__(self, other: Seen) -> Seen:
        return Seen(services=self.services | other.services, properties=self.properties | other.properties)


def seen_in(data: bytes, services: frozenset[str]) -> Seen:
    """What a page shows in which these services were found."""
    ids = _PROPERTY.findall(data) if services & _MEASURED else ()
    return Seen(services=services, properties=frozenset(id.decode("ascii") for id in ids))


def of_script(content: bytes) -> Seen:
    """What Google's script for a container or a tag of the site's shows: the properties in it."""
    return Seen(properties=frozenset(id.decode("ascii") for id in _IN_SCRIPT.findall(content)))
