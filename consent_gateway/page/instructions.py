"""JSON in a page that the browser itself obeys: import maps and speculation rules.

Everything else that is JSON (structured data, state that a framework hydrates from) fetches nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from consent_gateway.page.browser_json import is_own
from consent_gateway.page.patterns import compiled
from consent_gateway.page.reading import anything_like_a_tag

IMPORT_MAP = "importmap"
SPECULATION_RULES = "speculationrules"
KINDS = (IMPORT_MAP, SPECULATION_RULES)
# What stands for a held address: a module without exports; an address that no rule can fetch.
NOTHING = {IMPORT_MAP: b"data:text/javascript,", SPECULATION_RULES: b"data:,"}
_STRING = compiled(rb'"((?:[^"\\]++|\\.)*+)"(\s*+:)?', re.S)


class Instruction(NamedTuple):
    """An address in it, and where it stands, without quotes."""

    start: int
    end: int
    address: str


def instructions(text: bytes) -> Iterator[Instruction]:
    """Every string that is a value. Members' names, which say what is mapped, fetch nothing."""
    for match in _STRING.finditer(text):
        if match[2] is None:
            try:
                address = json.loads(b'"%s"' % match[1], strict=False)
            except ValueError:
                continue  # nor can a browser read it: it ignores the whole
            yield Instruction(match.start(1), match.end(1), address)


def may_follow_links(text: bytes) -> bool:
    """Whether speculation rules may apply to links that lead away from the site."""
    try:
        rules = json.loads(text)
    except ValueError:
        return False
    except RecursionError:
        return True
    lists = rules.values() if isinstance(rules, dict) else ()
    return any(
        isinstance(rule, dict) and "urls" not in rule and not is_own(rule.get("where"))
        for found in lists
        if isinstance(found, list)
        for rule in found
    )


def links(data: bytes) -> Iterator[bytes]:
    """The addresses of every link there may be in a page, as they stand."""
    for tag in anything_like_a_tag(data):
        if tag.name in (b"a", b"area") and (href := tag.attributes(data).get(b"href")):
            yield data[href.value_start : href.value_end]
