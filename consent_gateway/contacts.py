"""Headers by which a response makes a browser contact others: each read, and only what is held taken out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from consent_gateway import content_policy
from consent_gateway.header_lists import members, remaining, text_of
from consent_gateway.messages import Headers, Request
from consent_gateway.page.positions import LINK_CARRIERS, refresh_address, srcset_addresses

# Leads past us, to the same site or another.
LEADING_PAST = ("Alt-Svc",)
# Make the browser keep what advertisers read later (Attribution Reporting, Topics).
ADVERTISING = (
    "Attribution-Reporting-Register-Source", "Attribution-Reporting-Register-Trigger",
    "Attribution-Reporting-Info", "Observe-Browsing-Topics",
)  # fmt: skip
# Left as they are: Content-Location (fetched by nobody), Accept-CH and Critical-CH (hints for the
# site itself), Permissions-Policy (gives rights to frames, and those of held services are not there),
# X-DNS-Prefetch-Control (what Chromium looks up for plain links is its own doing).


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Says of an address whether it is held, and whether a report may not go there: reports are
    about the visitor, and nothing on the page needs them."""

    held: Callable[[str], bool]
    unreportable: Callable[[str], bool]
    advertising: bool = False


def without_contacts(headers: Headers, judge: Judge) -> Headers:
    """Without what makes a browser contact what is held; every other header as it came."""
    fields = []
    for name, value in headers.without(*LEADING_PAST, *(() if judge.advertising else ADVERTISING)):
        read = _READERS.get(name.lower())
        kept = read(value, judge) if read else value
        if kept is not None:
            fields.append((name, kept))
    kept_headers = content_policy.rewritten(
        Headers(tuple(fields)), lambda policy: _without_reports(policy, judge)
    )
    return _without_orphaned_logging(kept_headers)


# ---- one reader per header: the value, what remains of it, or None ---------------------------------


def _links(value: str, judge: Judge) -> str | None:
    """Link (RFC 8288 3): of its members those that fetch something held."""
    return remaining(value, lambda member: _link_is_held(member, judge))


_LINK = re.compile(r"\s*<([^>]*)>(.*)", re.S)
_PARAMETER = re.compile(r";\s*([^\s=;,]+)\s*(?:=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]*)))?", re.S)
# Shared dictionaries (RFC 9842) are fetched as soon as the browser is idle (Chromium 156, measured).
_FETCHED = LINK_CARRIERS.keys() | {"compression-dictionary"}


def _link_is_held(member: str, judge: Judge) -> bool:
    match = _LINK.fullmatch(member)
    if not match:
        return bool(member.strip())  # no browser can read it either
    parameters: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(match[2]):
        parameters.setdefault(name.lower(), quoted or plain.strip())
    if not any(word in _FETCHED for word in parameters.get("rel", "").lower().split()):
        return False
    addresses = [match[1].strip(), *srcset_addresses(parameters.get("imagesrcset", ""))]
    return any(map(judge.held, addresses))


def _refresh(value: str, judge: Judge) -> str | None:
    address = refresh_address(value)
    return None if address and judge.held(address) else value


def _address(value: str, judge: Judge) -> str | None:
    return None if judge.held(value.strip()) else value


def _rule_files(value: str, judge: Judge) -> str | None:
    """Speculation-Rules: a list of strings (RFC 9651 3.1), each the address of a file with rules."""
    return remaining(value, lambda member: judge.held(text_of(member)))


def _endpoints(value: str, judge: Judge) -> str | None:
    """Reporting-Endpoints: a dictionary of strings (Reporting API 3.2)."""
    return remaining(value, lambda member: judge.unreportable(text_of(member.partition("=")[2])))


def _report_groups(value: str, judge: Judge) -> str | None:
    """Report-To: JSON objects with commas between, each with its endpoints."""

    def held(member: str) -> bool:
        group = _json(member)
        endpoints = group.get("endpoints") if isinstance(group, dict) else None
        if not isinstance(endpoints, list):
            return bool(member.strip())
        addresses = [entry.get("url") if isinstance(entry, dict) else None for entry in endpoints]
        return any(not isinstance(address, str) or judge.unreportable(address) for address in addresses)

    return remaining(value, held, brackets="{}")


Reader = Callable[[str, Judge], str | None]
_READERS: Mapping[str, Reader] = {
    "link": _links,
    "refresh": _refresh,
    "sourcemap": _address,
    "x-sourcemap": _address,
    "speculation-rules": _rule_files,
    "reporting-endpoints": _endpoints,
    "report-to": _report_groups,
}
# The fields in which there may be something to hold.
READ = frozenset((*_READERS, "nel", *content_policy.FIELDS))


def _without_orphaned_logging(headers: Headers) -> Headers:
    """Without a NEL whose group of endpoints is not among those that stay: the browser may know one
    of that name from before."""
    groups = [
        group for value in headers.all("report-to") for group in map(_json, members(value, brackets="{}"))
    ]
    named = {group.get("group", "default") for group in groups if isinstance(group, dict)}
    wanted = _json(headers.get("nel"))
    orphaned = not isinstance(wanted, dict) or wanted.get("report_to", "default") not in named
    return headers.without("NEL") if headers.get("nel") and orphaned else headers


_REPORT_URI = re.compile(r"(^|;)(\s*report-uri)(\s[^;]*)(?=;|$)", re.I)


def _without_reports(policy: str, judge: Judge) -> str:
    """A policy of the site's own without the addresses that its reports may not go to."""
    match = _REPORT_URI.search(policy)
    if not match:
        return policy
    addresses = match[3].split()
    kept = [address for address in addresses if not judge.unreportable(address)]
    if len(kept) == len(addresses):
        return policy
    directive = f"{match[1]}{match[2]} {' '.join(kept)}" if kept else ""
    remaining = policy[: match.start()] + directive + policy[match.end() :]
    return remaining if match[1] or kept else remaining.removeprefix(";").lstrip()


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


# ---- redirects -----------------------------------------------------------------------------------

_REDIRECTS = (301, 302, 303, 307, 308)


def is_redirect_to(status: int, headers: Headers, held: Callable[[str], bool]) -> bool:
    """Whether a redirect leads to what is held."""
    return status in _REDIRECTS and bool(headers.get("location")) and held(headers.get("location"))


def leads_away(request: Request, status: int, headers: Headers, held: Callable[[str], bool]) -> bool:
    """Whether a redirect takes part of a page, and not the visitor, to what is held. On plain http
    browsers do not say what they fetch for (Fetch Metadata 2): what accepts HTML counts as a page."""
    if not is_redirect_to(status, headers, held):
        return False
    if "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose")).lower():
        return True
    destination = request.headers.get("sec-fetch-dest").strip().lower()
    if destination:
        return destination != "document"
    return "text/html" not in request.headers.get("accept").lower()
