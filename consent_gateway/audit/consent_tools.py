"""Consent tools that a page already has: two of them ask the visitor twice, and disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator

# What the tools themselves write into pages (read in their public documentation and scripts, 2026-11). The
# function __tcfapi is the interface of IAB TCF 2.2, __gpp of GPP 1.1.
_TOOLS = (
    ("a tool with IAB TCF", rb"__tcfapi(?:Locator)?\b"),
    ("a tool with IAB GPP", rb"__gpp(?:Locator)?\b"),
    ("OneTrust", rb"onetrust-consent-sdk|otSDKStub\.js|cdn\.cookielaw\.org"),
    ("Cookiebot", rb"CybotCookiebotDialog|consent\.cookiebot\.(?:com|eu)"),
    ("Usercentrics", rb"usercentrics-root|app\.usercentrics\.eu|web\.cmp\.usercentrics\.eu"),
    ("consentmanager", rb"cmpbox|cmp_host|consentmanager\.net"),
    ("Didomi", rb"didomi-host|sdk\.privacy-center\.org|didomiConfig"),
    ("iubenda", rb"iubenda-cs-banner|_iub\.csConfiguration"),
    ("Quantcast Choice", rb"qc-cmp2|cmp\.quantcast\.com"),
    ("TrustArc", rb"truste-consent|consent\.trustarc\.com"),
    ("Osano", rb"osano-cm-|cmp\.osano\.com"),
    ("Klaro", rb"klaroConfig|\bklaro(?:-no-css)?\.js\b"),
    ("Borlabs Cookie", rb"BorlabsCookie"),
    ("Complianz", rb"cmplz-cookiebanner|cmplz_banner"),
    ("CookieYes", rb"cky-consent|cdn-cookieyes\.com"),
    ("Sourcepoint", rb"sp_message_container|_sp_\.config"),
    ("tarteaucitron", rb"tarteaucitron(?:Root|\.init)"),
    ("CookieFirst", rb"consent\.cookiefirst\.com"),
)
_EXPRESSIONS = [(name, re.compile(text)) for name, text in _TOOLS]


def found(body: bytes) -> Iterator[str]:
    """The names of the consent tools in a page."""
    yield from (name for name, expression in _EXPRESSIONS if expression.search(body))
