"""What somebody may have meant by a key of the site file that is none: one nearly the same, or of another table."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache

from consent_gateway.site_keys import tables

LIKENESS = 0.75  # of two names, as difflib counts it: letters in common


def meant_by(key: str) -> str:
    """What to write instead of an unknown key; empty where nothing is near."""
    table, _, name = key.rpartition(".")
    known = _tables()
    near = name if name in known else next(iter(get_close_matches(name, known, 1, LIKENESS)), "")
    if not near:
        return ""
    places = [place for place in known[near] if place == table] or known[near]
    where = " or ".join(f"below [{place}]" if place else "as a table of its own" for place in places[:3])
    return f"perhaps {near}, {where}"


@lru_cache(maxsize=1)
def _tables() -> dict[str, list[str]]:
    """Every key with the tables that have it."""
    found: dict[str, list[str]] = {}
    for table in tables():
        for name in table.keys:
            if table.name not in found.setdefault(name, []):
                found[name].append(table.name)
    return found
