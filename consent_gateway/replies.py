"""The kinds of answer the gateway gives on its own paths."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie

from consent_gateway.messages import Headers, Response


def page(status: int, html: str, headers: Iterable[tuple[str, str]] = ()) -> Response:
    """One of our own pages: never stored, never framed, without a foreign resource."""
    return Response(
        status=status,
        headers=Headers((("Content-Type", "text/html; charset=utf-8"), *OWN_PAGE_HEADERS, *headers)),
        body=html.encode("utf-8"),
    )


_OWN_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# no-store, no-transform: requirement HTTP-09; frame-ancestors: SEC-07.
OWN_PAGE_HEADERS = (
    ("Cache-Control", "no-store, no-transform"),
    ("Content-Security-Policy", _OWN_POLICY),
    ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


def redirect(location: str, status: int = 303) -> Response:
    """To another address of this site; by 303, so that a reload does not post again."""
    return Response(
        status=status,
        headers=Headers((("Location", location), ("Cache-Control", "no-store, no-transform"))),
    )


def hurried(seconds: int) -> Response:
    """To a script that sends too much: in how many seconds it may send again."""
    return text(429, "too much from one address within a minute\n").setting("Retry-After", str(seconds))


def text(status: int, body: str) -> Response:
    return Response(
        status=status,
        headers=Headers(
            (
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Cache-Control", "no-store, no-transform"),
                ("X-Content-Type-Options", "nosniff"),
            )
        ),
        body=body.encode("utf-8"),
    )


def in_place(load: list[str]) -> Response:
    """What the guard script may load from now on, in the page that is open."""
    return text(200, json.dumps({"load": load})).setting("Content-Type", "application/json; charset=utf-8")


def no_content() -> Response:
    return Response(status=204, headers=Headers((("Cache-Control", "no-store"),)))


def set_cookie(
    name: str, value: str, *, secure: bool, max_age: int, same_site: str = "Lax"
) -> tuple[str, str]:
    """A Set-Cookie field for one of our own cookies; host-only, HttpOnly. Units: seconds."""
    try:
        cookie: SimpleCookie = SimpleCookie({name: value})
    except CookieError as error:
        raise ValueError(f"not a cookie: {name}") from error
    morsel = cookie[name]
    morsel["path"] = "/"
    morsel["max-age"] = str(max_age)
    morsel["samesite"] = same_site
    morsel["httponly"] = True
    morsel["secure"] = secure
    return "Set-Cookie", morsel.OutputString()
