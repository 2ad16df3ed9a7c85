"""Products in a hit: `id…~nm…~pr…`, of which a known part passes (measured format)."""

from __future__ import annotations

import re

from consent_gateway.analytics import scrub

# id, name, brand, categories, variant, price, quantity, list name, list position, list id, discount
KEPT = frozenset("id nm br ca c2 c3 c4 c5 va pr qt ln lp li ds".split())
NUMBERS = frozenset(("pr", "qt", "lp", "ds"))


def general(value: str) -> str:
    """The product without keys of the site's own, coupon, place and affiliation."""
    kept = []
    for part in _parts(value):
        key, content = part[:2], part[2:]
        if key not in KEPT:
            continue
        if key in NUMBERS:
            if re.fullmatch(r"-?\d{1,9}(?:\.\d{1,6})?", content):
                kept.append(part)
        elif clean := scrub.text(content).replace("~", "~~"):
            kept.append(f"{key}{clean}")
    return "~".join(kept)


def _parts(value: str) -> list[str]:
    """The parts between single tildes; a double one stands for the character itself."""
    return [part.replace("\0", "~") for part in value.replace("~~", "\0").split("~")]
