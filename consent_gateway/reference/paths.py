"""The part about paths, cookies and headers, from the tables by which requests are answered."""

from __future__ import annotations

from collections.abc import Iterable

from consent_gateway.analytics import endpoints
from consent_gateway.analytics.endpoints import Action
from consent_gateway.forwarding import TOLD_BY_PROXIES
from consent_gateway.headers import STALE, VARIES_WITH
from consent_gateway.own_cookies import OWN_COOKIES
from consent_gateway.own_paths import GPC, PATHS, STATIC, OwnPath
from consent_gateway.reference.markdown import code, table
from consent_gateway.replies import OWN_PAGE_HEADERS
from consent_gateway.site_tables import SiteTable
from consent_gateway.visitor_token import HEADER as TOKEN

PREFIX = SiteTable().prefix
_HEAD = f"""## Paths

Below `{PREFIX}`, or the `prefix` of the site file. `HEAD` is answered where `GET` is. Everywhere a wrong method is 405
with `Allow`, a field that is wrong 400 and named, a post from another website 403, a host that is not among `hosts`
421, another path below the prefix 404. Every answer but static files and Google's scripts is `no-store`; no redirect leads to another host.

"""
_ANALYTICS = f"""### Measurement

Below `{PREFIX}/ga`, where the guard script brings what Google's scripts send; `/x/HOST` there stands for a host that is
not that of Analytics. A script is 403 before the visitor has agreed, and nothing is fetched then; everything else is
answered 204 without a body whatever becomes of it. More is in [google-analytics.md](google-analytics.md).

"""
BECOMES = {
    Action.SCRIPT: "the script, byte for byte",
    Action.FILTER: "goes on to Google, filtered",
    Action.ANSWER: "goes nowhere",
}


def part() -> str:
    """All of it, in Markdown."""
    return f"{_HEAD}{_paths()}\n{_fields()}\n{_ANALYTICS}{_endpoints()}\n{_cookies()}\n{_headers()}"


def _every() -> Iterable[tuple[str, OwnPath]]:
    for one in (*PATHS, STATIC):
        yield f"{PREFIX}{one.path}", one
    yield GPC.path, GPC


def _paths() -> str:
    rows = [
        (
            code(f"{one.method} {path}"),
            str(one.status),
            " or ".join(part or "no body" for part in one.formats),
            one.meaning,
            one.refusals,
        )
        for path, one in _every()
    ]
    return table(("path", "status", "format", "what comes back", "besides"), rows)


def _fields() -> str:
    rows = [
        (code(f"{one.method} {path}") if number == 0 else "", code(field.name), field.meaning)
        for path, one in _every()
        for number, field in enumerate(one.sent)
    ]
    told = (
        "Of a `POST` they are fields of a form (`application/x-www-form-urlencoded`), of a `GET` the query."
    )
    return f"### Fields\n\n{told}\n\n{table(('path', 'field', 'what it says'), rows)}"


def _endpoints() -> str:
    rows = [
        (code(f"/x/{one.host}{one.path}" if one.host else one.path), one.meaning, BECOMES[one.action])
        for one in endpoints.load().endpoint
    ]
    return table(("path", "what it is", "what becomes of it"), rows)


def _cookies() -> str:
    rows = [
        (
            code(one.name("https")),
            code(one.name("http")),
            one.comes,
            one.content,
            one.lasts,
            "yes" if one.signed else "no",
        )
        for one in OWN_COOKIES
    ]
    told = (
        "Host-only, `HttpOnly`, `Path=/`, `SameSite=Lax`, on https `Secure`. Before a decision there is none, and the site"
        " behind gets none of them."
    )
    columns = ("on https", "on http", "comes", "holds", "lasts", "signed")
    return f"### Cookies\n\n{told}\n\n{table(columns, rows)}"


def _headers() -> str:
    own = table(
        ("on every page of the gateway's own", ""),
        [(code(name), code(value)) for name, value in OWN_PAGE_HEADERS],
    )
    rows = [
        (
            "a page that was edited has",
            "`Cache-Control: private, no-cache` or `no-store`, and in `Vary` " + _names(VARIES_WITH),
        ),
        ("and not, for they no longer fit it", _names(STALE)),
        ("the visitor objects by", "`Sec-GPC: 1` or `DNT: 1`"),
        ("believed of `trusted_proxies` only", _names(TOLD_BY_PROXIES)),
        ("the site is told of a visitor who has agreed to statistics", _names([TOKEN])),
    ]
    return f"### Headers\n\n{own}\n{table(('what', 'which'), rows)}"


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(code, names))
