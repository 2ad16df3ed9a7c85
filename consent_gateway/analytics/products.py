"""Products in a hit: `id…~nm…~pr…`, of which a known part passes (measured format)."""

from __future__ import annotations

import re

from consent_gateway.analytics import scrub

# id, name, brand, categories, variant, price, quantity, list name, list position, list id, discount
KEPT = frozenset("id nm br ca c2 c3 c4 c5 va pr qt ln lp li ds".split())
NUMBERS = frozenset(("pr", "qt", "lp", "ds"))


MOST = 200  # products in a hit


def general(value: str) -> str:
    """The product without keys of the site's own, coupon, place and affiliation."""
    kept = ((part[:2], part_of(part[:2], part[2:])) for part in _parts(value))
    return "~".join(f"{key}{content.replace('~', '~~')}" for key, content in kept if content)


def part_of(key: str, content: str) -> str:
    """What passes of one fact about a product, by its key of two letters; empty for nothing."""
    if key in NUMBERS:
        return content if re.fullmatch(r"-?\d{1,9}(?:\.\d{1,6})?", content) else ""
    return scrub.text(content) if key in KEPT else ""


def _parts(value: str) -> list[str]:
    """The parts between single tildes; a double one stands for the character itself."""
    return [part.replace("\0", "~") for part in value.replace("~~", "\0").split("~")]
