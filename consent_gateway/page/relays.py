"""Google's scripts on another host than Google's, the site's own among them: known by what they ask for.

Such a host relays to Google (Google tag gateway, server-side tagging, a plug-in of the site):
https://developers.google.com/tag-platform/tag-manager/gateway/setup-guide.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from consent_gateway.analytics import endpoints
from consent_gateway.page.positions import Carrier

# The ids of containers and of tags, each with its service and the script that Google has for it.
_KINDS = (
    (re.compile(r"GTM-[A-Z0-9]{3,12}"), "google-tag-manager", "/gtm.js"),
    (
        re.compile(r"G-[A-Z0-9]{4,12}|GT-[A-Z0-9]{5,12}|AW-[0-9]{6,12}|DC-[0-9]{4,12}"),
        "google-analytics",
        "/gtag/js",
    ),
)
_DESTINATION = "/gtag/destination"
_NAMED_AS_THERE = tuple(endpoints.load().scripts)
_OF_A_PLUGIN = "/measurement.php"  # Site Kit's
_WITHOUT_SCRIPTS = "/ns.html"

# What a script is asked for by, beside its id. In a folder no name tells it from a page of the site.
_PARAMETERS = frozenset(("id", "l", "cx", "gtm_auth", "gtm_preview", "gtm_cookies_win"))
_SENT_ON = ("id", "l", "cx")
_ASKS = re.compile(r"[?&]id=(?:GTM|GT|G|AW|DC)-")
_SCRIPTS = (Carrier.SCRIPT, Carrier.HINT, Carrier.LAZY)


class Relayed(NamedTuple):
    """Whose a script is, and path and query that Google itself has it under."""

    service: str
    rest: str


def asks_for_google(value: str) -> bool:
    """Whether an address may be one of a relay: quick, for the many that are not."""
    return _ASKS.search(value) is not None


def relayed(rest: str, carrier: Carrier) -> Relayed | None:
    """What a path and query is at Google, for a place of a page that fetches it."""
    if not asks_for_google(rest):
        return None
    path, _, query = rest.partition("?")
    fields = parse_qsl(query)
    id = next((value for name, value in fields if name == "id"), "")
    for expression, service, script in _KINDS:
        if expression.fullmatch(id) and _is_one(path, fields, carrier):
            if path.endswith(_DESTINATION) and script != "/gtm.js":
                script = _DESTINATION
            if not path.endswith(_NAMED_AS_THERE):
                query = urlencode([(name, value) for name, value in fields if name in _SENT_ON])
            return Relayed(service, f"{script}?{query}")
    return None


def _is_one(path: str, fields: list[tuple[str, str]], carrier: Carrier) -> bool:
    if carrier is Carrier.FRAME:
        return path.endswith(_WITHOUT_SCRIPTS)
    if carrier not in _SCRIPTS:
        return False
    if path.endswith((*_NAMED_AS_THERE, _OF_A_PLUGIN)):
        return True
    return carrier is Carrier.SCRIPT and path.endswith("/") and _PARAMETERS.issuperset(dict(fields))
