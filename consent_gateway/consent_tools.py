"""Consent tools that a site has already: what they keep from loading before somebody agrees was not seen, and with the
gateway visitors would be asked twice, and get two answers. Known by what the tools themselves write into pages (their
documentation and scripts, seen 2026-11)."""

from __future__ import annotations

import re

# Expressions over a page in lower case. Words of a text are not among them. The function __tcfapi is the
# interface of IAB TCF 2.2, __gpp of GPP 1.1.
TOOLS: tuple[tuple[str, bytes], ...] = (
    ("a tool with IAB TCF", rb"__tcfapi(?:locator)?\b"),
    ("a tool with IAB GPP", rb"__gpp(?:locator)?\b"),
    ("Borlabs Cookie", rb"borlabscookie|/plugins/borlabs-cookie/"),
    ("Complianz", rb"cmplz-cookiebanner|cmplz_banner|/plugins/complianz-gdpr"),
    ("Cookiebot", rb"cybotcookiebotdialog|consent(?:cdn)?\.cookiebot\.(?:com|eu)"),
    ("CookieConsent", rb"\bcookieconsent(?:\.umd)?(?:\.min)?\.js\b"),
    ("CookieFirst", rb"consent\.cookiefirst\.com"),
    ("CookieYes", rb"cky-consent|cdn-cookieyes\.com|/plugins/cookie-law-info/"),
    ("Didomi", rb"didomi-host|sdk\.privacy-center\.org|didomiconfig"),
    ("InMobi Choice", rb"qc-cmp2|cmp\.(?:quantcast|inmobi)\.com"),  # Quantcast Choice until 2023
    ("Klaro", rb"klaroconfig|\bklaro(?:-no-css)?\.js\b"),
    ("OneTrust", rb"onetrust-consent-sdk|otsdkstub\.js|cdn\.cookielaw\.org"),
    ("Osano", rb"osano-cm-|cmp\.osano\.com"),
    ("Real Cookie Banner", rb"/plugins/real-cookie-banner"),
    ("Sourcepoint", rb"sp_message_container|_sp_\.config|\.privacy-mgmt\.com/"),
    ("Termly", rb"app\.termly\.io/"),
    ("TrustArc", rb"truste-consent|consent\.trustarc\.com"),
    ("Usercentrics", rb"usercentrics-root|(?:app|web\.cmp)\.usercentrics\.eu"),
    ("consentmanager", rb"cmpbox|cmp_host|\bconsentmanager\.net\b"),
    ("iubenda", rb"iubenda-cs-banner|_iub\.csconfiguration|cs\.iubenda\.com/|iubenda_cs\.js"),
    ("tarteaucitron", rb"tarteaucitron(?:root|\.init|(?:\.min)?\.js)"),
)
OUR_OWN = b'data-privacy="settings"'
_EXPRESSIONS = [(name, re.compile(text)) for name, text in TOOLS]


def tools_in(page: bytes) -> frozenset[str]:
    """The tools a page brings, by name."""
    lower = page.lower()
    return frozenset(name for name, expression in _EXPRESSIONS if expression.search(lower))
