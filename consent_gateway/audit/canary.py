"""Leaks that are planted to be found: one for each carrier on each side, in the same run and by the same code.

Through the gateway they are planted into the page that comes out of it: there a detector that sees nothing and a
gateway that lets nothing through would look the same.
"""

from __future__ import annotations

from dataclasses import replace

from consent_gateway.audit.findings import Canary, Carrier, Side
from consent_gateway.audit.looking import Looking
from consent_gateway.audit.states import Visitor
from consent_gateway.messages import Headers, Request, Response

NOT_PLANTED = Canary(planted=(), found=())
_PAGE = b"<!doctype html><html><head><title>A page</title></head><body><p>Nothing is in it.</p></body></html>"
# Hosts under .invalid are nobody's (RFC 2606 2).
_MARKUP: dict[Carrier, bytes] = {
    Carrier.SCRIPT: b'<script src="https://script.canary.invalid/"></script>',
    Carrier.IFRAME: b'<iframe src="https://iframe.canary.invalid/"></iframe>',
    Carrier.PIXEL: b'<img src="https://pixel.canary.invalid/" width=1 height=1>',
    Carrier.MEDIA: b'<video src="https://media.canary.invalid/"></video>',
    Carrier.CSS: b"<style>@import 'https://css.canary.invalid/';</style>",
    Carrier.OBJECT: b'<object data="https://object.canary.invalid/"></object>',
    Carrier.HINT: b'<link rel=preconnect href="https://hint.canary.invalid/">',
    Carrier.PING: b'<a href="/" ping="https://ping.canary.invalid/">a</a>',
    # Code that the catalogue knows without an address: what is held of it is not to be in a page at all.
    Carrier.RUN_TIME: b"<script>fbq('init', '0')</script>",
}
_HEADER = ("Link", '<https://header.canary.invalid/>; rel="preload"')
_REDIRECT = "https://redirect.canary.invalid/"


def canary(looking: Looking, visitors: tuple[Visitor, ...], scheme: str, host: str) -> Canary:
    """What was planted and what was found of it, as "side carrier"; through the gateway in every state."""
    request = Request(
        method="GET",
        scheme=scheme,
        host=host,
        target="/",
        headers=Headers.of(Accept="text/html", Sec_Fetch_Dest="document"),
    )
    page = Response(status=200, headers=Headers.of(Content_Type="text/html; charset=utf-8"), body=_PAGE)
    found = [f"{Side.DIRECT.value} {name}" for name in _named(looking, request, _planted(page))]
    through: set[str] = {carrier.value for carrier in Carrier}
    for visitor in visitors:
        rewritten, _ = looking.rewritten(request, page, "document", visitor)
        through &= _left(looking, request, _planted(rewritten), visitor)
    found += [f"{Side.THROUGH.value} {name}" for name in sorted(through)]
    planted = [f"{side.value} {carrier.value}" for side in Side for carrier in Carrier]
    return Canary(planted=tuple(planted), found=tuple(one for one in planted if one in found))


def _planted(page: Response) -> Response:
    """The page with all of it."""
    body = page.body.replace(b"</body>", b"".join(_MARKUP.values()) + b"</body>")
    return replace(page, body=body, headers=page.headers.adding(*_HEADER))


def _redirecting() -> Response:
    return Response(status=302, headers=Headers.of(Location=_REDIRECT))


def _named(looking: Looking, request: Request, page: Response) -> set[str]:
    found = {
        *looking.directly(request, page, "document"),
        *looking.directly(request, _redirecting(), "image"),
    }
    return {one.carrier.value for one in found if one.service or _is_planted(one.address.host, one.carrier)}


def _left(looking: Looking, request: Request, page: Response, visitor: Visitor) -> set[str]:
    found = {
        *looking.through(request, page, "document", visitor).found,
        *looking.through(request, _redirecting(), "image", visitor).found,
    }
    return {one.carrier.value for one in found if one.service or _is_planted(one.address.host, one.carrier)}


def _is_planted(host: str, carrier: Carrier) -> bool:
    """Whether it is the one that was planted for this carrier."""
    return host == f"{carrier.value}.canary.invalid"
