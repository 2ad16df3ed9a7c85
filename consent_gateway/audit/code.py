"""What the code of a page would fetch once it runs, as far as its text tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_SPACE = " \t\n\r\f"
# HTML standard 4.12.1 "prepare the script element", with the legacy types of MIME Sniffing 4.6.
_RUNS = re.compile(
    r"(?:text|application)/(?:x-)?(?:java|ecma)script|text/(?:jscript|livescript|javascript1\.[0-5])|module"
)
_LONGEST = 2_000_000  # characters of one script that are looked at
_ADDRESS = re.compile(
    r"""(["'`])((?:https?:|wss?:)?\\?/\\?/[a-z0-9][a-z0-9.-]*\.[a-z][^\s"'`<>]*)\1?""", re.I
)
# What stands before an address that is fetched at once: a call or an assignment (Fetch, XHR, Beacon, DOM).
_ASKS = re.compile(
    r"(?:\b(?:fetch|sendBeacon|importScripts|import|EventSource|WebSocket|Worker|SharedWorker|Request|Audio|getScript)"
    r"\s*\(\s*"
    r"|(?:\$|\b(?:jQuery|axios))\.(?:get|post|getJSON|load)\(\s*"
    r"|(?<![\w$.])(?:import|(?:import|export)\b[\s\w$*{},]{0,150}\bfrom)\s*"
    r"|\.open\(\s*[\"'`]\w+[\"'`]\s*,\s*"
    r"|\.(?:src|srcset|poster|action)\s*\+?=\s*"
    r"|\bsetAttribute\(\s*[\"'`](?:src|srcset|data|poster)[\"'`]\s*,\s*"
    r"|<(?:script|img|iframe|embed|source|video|audio)\b[^<>]*?\bsrc\s*=\s*\\?)$",
    re.I,
)


class Named(NamedTuple):
    """An address in code, as written; `asked` where the code around it says that it is fetched."""

    address: str
    asked: bool


def runs(fields: dict[str, str]) -> bool:
    """Whether a browser runs a script with these attributes."""
    language = fields.get("language")
    kind = fields.get("type", f"text/{language}" if language else "")
    return kind == "" or _RUNS.fullmatch(kind.strip(_SPACE).lower()) is not None


def named(code: str) -> Iterator[Named]:
    """The addresses of other hosts that stand in code as texts."""
    code = code[:_LONGEST]
    for match in _ADDRESS.finditer(code):
        before = code[max(0, match.start() - 200) : match.start()]
        yield Named(match[2].replace("\\/", "/").rstrip("\\"), _ASKS.search(before) is not None)
