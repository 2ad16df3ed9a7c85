"""JSON files by which a browser itself fetches: speculation rules and the manifests of web apps."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Held = Callable[[str], bool]
OWN_PAGES = {"href_matches": "/*"}


def without_held(data: bytes, held: Held) -> bytes:
    """The file without its members that are held: byte for byte as it came if none is, or if it is
    no JSON, which a browser does not read either."""
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return data
    if not isinstance(content, dict):
        return data
    narrowed = {name: _narrowed(name, value, held) for name, value in content.items()}
    return data if narrowed == content else json.dumps(narrowed, separators=(",", ":")).encode("ascii")


def _narrowed(name: str, value: Any, held: Held) -> Any:
    if name in ("prefetch", "prerender", "prerender_until_script"):
        return [_rule(rule, held) for rule in value] if isinstance(value, list) else value
    if name in ("icons", "screenshots"):
        return _images(value, held)
    if name == "shortcuts" and isinstance(value, list):
        return [_shortcut(entry, held) for entry in value]
    return value


def _rule(rule: Any, held: Held) -> Any:
    """A rule (HTML standard 7.6.1): its addresses, or which links of the page it is for. Links lead
    to anybody, and a plain link must not be fetched before it is clicked."""
    if not isinstance(rule, dict):
        return rule
    if isinstance(rule.get("urls"), list):
        kept = [address for address in rule["urls"] if not (isinstance(address, str) and held(address))]
        return {**rule, "urls": kept}
    if rule.get("source", "document") != "document" or is_own(rule.get("where")):
        return rule
    return {**rule, "where": {"and": [OWN_PAGES, rule["where"]]} if "where" in rule else OWN_PAGES}


def is_own(where: Any) -> bool:
    """Whether a condition holds for links within the site only."""
    if not isinstance(where, dict):
        return False
    if isinstance(where.get("and"), list):
        return any(map(is_own, where["and"]))
    if isinstance(where.get("or"), list):
        return all(map(is_own, where["or"]))
    patterns = where.get("href_matches", ())
    patterns = patterns if isinstance(patterns, list) else [patterns]
    return bool(patterns) and all(isinstance(one, str) and _is_path(one) for one in patterns)


def _is_path(pattern: str) -> bool:
    return pattern.startswith("/") and not pattern.startswith(("//", "/\\"))


def _images(value: Any, held: Held) -> Any:
    if not isinstance(value, list):
        return value
    return [image for image in value if not (isinstance(image, dict) and held(str(image.get("src", ""))))]


def _shortcut(entry: Any, held: Held) -> Any:
    if not isinstance(entry, dict) or "icons" not in entry:
        return entry
    return {**entry, "icons": _images(entry["icons"], held)}
