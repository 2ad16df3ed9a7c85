"""A policy's directives (CSP3 2.2.1): read, and written with other sources in them."""

from __future__ import annotations

import re


def directives(policy: str) -> dict[str, list[str]]:
    """The directives by name; of several of one name the first counts (CSP3 2.2.1)."""
    found: dict[str, list[str]] = {}
    for part in policy.split(";"):
        name, *values = part.split() or [""]
        found.setdefault(name.lower(), values)
    return found


def governing(policy: str, names: tuple[str, ...]) -> tuple[str, list[str]]:
    """The first of these directives that is there, with its sources."""
    found = directives(policy)
    return next(((name, found[name]) for name in names if name in found), ("", []))


def replaced(policy: str, name: str, sources: list[str]) -> str:
    """The policy with other sources in a directive that is there."""
    pattern = re.compile(rf"((?:^|;)\s*{name})(?:\s[^;]*)?(?=;|$)", re.I)
    return pattern.sub(lambda match: f"{match[1]} {' '.join(sources)}", policy, count=1)


def without_none(sources: list[str]) -> list[str]:
    return [source for source in sources if source.lower() != "'none'"]


def allows(sources: list[str], address: str) -> bool:
    """Whether an address of the site's own is let pass already. In doubt not."""
    lower = [source.lower() for source in sources]
    if "'strict-dynamic'" in lower:
        return False
    scheme, host = address.lower().split("/")[0], address.lower().split("/")[2]
    here = ("'self'", "*", scheme, host, f"{scheme}//{host}")
    return any(source in here or _is_above(source, address) for source in lower)


def _is_above(source: str, address: str) -> bool:
    return "/" in source and source.endswith("/") and address.lower().startswith(source)
