"""What an operator can do about what was held or refused, and what the site file says of it by now."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from consent_gateway.catalogue import Catalogue
from consent_gateway.cookie_names import expression
from consent_gateway.report_counts import Total
from consent_gateway.reports import COOKIE, OWN, STORAGE, UNLISTED
from consent_gateway.site import Site
from consent_gateway.urls import Matcher, Pattern

DECLARATION = (
    'purpose = ""            # what visitors are asked about, such as "functional"; "necessary" only without which nothing works',
    'reason = ""             # what it is needed for: visitors read this',
    'duration = ""           # "session", or a period such as "1 year"',
)
OF_HOSTS = (
    "Hosts that nobody has named. One that is yours, or serves you under a contract as your processor (GDPR Art. 28), goes",
    'into first_party, and loads for everybody before consent. If it is not, leave it out: with unlisted = "hold" it stays held.',
    "Whom visitors are to be asked about gets a file of its own: consent-gateway services --new HOST begins it.",
)
OF_OWN = (
    "Hosts of the site's own that the gateway's policy has refused: pages name them, and neither [site] hosts nor first_party",
    "does. Have the pages name a public one, or name it in first_party. What the site's own Content-Security-Policy refuses",
    "the gateway is not told: the console of a browser says it, and the site has to allow it.",
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a site file names by now; `site` is None where there is no file to ask."""

    site: Site | None = None

    def key_of(self, total: Total) -> str:
        """The key of the file that names what was counted; empty if none does."""
        if self.site is None or not total.host:
            return ""
        if is_item(total):
            names = self.site.declared_cookies
            return next((table_of(name) for name in names if expression(name).fullmatch(total.host)), "")
        if total.owner in (self.site.services or {}):
            return f"[services.{total.owner}]"
        if _is_among(total.host, self.site.third_parties.first_party):
            return "first_party"
        return "hosts" if total.host in self.site.site.names else ""


def _is_among(host: str, names: Sequence[str]) -> bool:
    patterns = [(Pattern.parse(name), True) for name in names if "." in name]
    return host in names or bool(Matcher(patterns).find(host, "/"))


def opens(total: Total, known: Catalogue) -> str:
    """The line of a site file that lets it load, after consent where it is a service; empty if none does."""
    if total.owner in known.services:
        return f"[services.{total.owner}]"
    if is_item(total):
        return table_of(total.host)
    return f'first_party = ["{total.host}"]' if is_unknown_host(total) else ""


def advice(totals: Sequence[Total], known: Catalogue) -> list[str]:
    """What to do about what no file names yet, with the lines to paste: none of them opens anything before it is
    edited."""
    lines = []
    if unknown := _hosts(totals, is_unknown_host):
        lines += ["", *OF_HOSTS, "", *_first_party(unknown)]
    if own := _hosts(totals, lambda total: total.owner == OWN):
        lines += ["", *OF_OWN, "", *_first_party(own)]
    items = list(dict.fromkeys(total.host for total in totals if is_item(total)))
    if items:
        lines += [
            "",
            "Cookies and storage that nobody has declared; what the site needs of them, in the site file:",
        ]
        lines += [line for name in items for line in ("", table_of(name), *DECLARATION)]
    if services := sorted({total.owner for total in totals if total.owner in known.services}):
        lines += ["", "Loads once visitors agree, if the site file has it:", ""]
        lines += [f"[services.{id}]" for id in services]
    return lines


def _hosts(totals: Sequence[Total], wanted: Callable[[Total], bool]) -> list[str]:
    return sorted({total.host for total in totals if wanted(total)})


def _first_party(hosts: Sequence[str]) -> list[str]:
    return [
        "[third_parties]",
        "first_party = [",
        *(f'#   "{host}",   # if it is yours' for host in hosts),
        "]",
    ]


def is_unknown_host(total: Total) -> bool:
    return total.owner == UNLISTED and not is_item(total)


def is_item(total: Total) -> bool:
    """Whether it is a cookie or an item of storage: both are declared alike."""
    return total.directive in (COOKIE, STORAGE)


def table_of(cookie: str) -> str:
    """The head of its table; a name that TOML would read otherwise is quoted."""
    return f"[cookies.{cookie if re.fullmatch(r'[A-Za-z0-9_-]+', cookie) else json.dumps(cookie)}]"
