"""Consent tools that a site has already: what they keep from loading before somebody agrees was not seen, and with the
gateway visitors would be asked twice. Known by what stands in the page (their own documents, seen 2026-11)."""

from __future__ import annotations

# What a page with the tool has in it, in lower case. Words of a text are not among them.
MARKS: tuple[tuple[bytes, str], ...] = (
    (b"consent.cookiebot.com/", "Cookiebot"),
    (b"consentcdn.cookiebot.", "Cookiebot"),
    (b"usercentrics.eu/", "Usercentrics"),
    (b"cdn.cookielaw.org/", "OneTrust"),
    (b"otsdkstub.js", "OneTrust"),
    (b".consentmanager.net/", "consentmanager"),
    (b"sdk.privacy-center.org/", "Didomi"),
    (b"cmp.quantcast.com/", "Quantcast Choice"),
    (b"cmp.inmobi.com/", "InMobi Choice"),
    (b".privacy-mgmt.com/", "Sourcepoint"),
    (b"cs.iubenda.com/", "iubenda"),
    (b"iubenda_cs.js", "iubenda"),
    (b"app.termly.io/", "Termly"),
    (b"cmp.osano.com/", "Osano"),
    (b"consent.trustarc.com/", "TrustArc"),
    (b"cdn-cookieyes.com/", "CookieYes"),
    (b"/plugins/cookie-law-info/", "CookieYes"),
    (b"/plugins/complianz-gdpr", "Complianz"),
    (b"/plugins/borlabs-cookie/", "Borlabs Cookie"),
    (b"/plugins/real-cookie-banner", "Real Cookie Banner"),
    (b"tarteaucitron.js", "tarteaucitron.js"),
    (b"tarteaucitron.min.js", "tarteaucitron.js"),
    (b"klaro.js", "Klaro"),
    (b"cookieconsent.umd.js", "CookieConsent"),
    (b"cookieconsent.min.js", "Cookie Consent"),
    (b"__tcfapi", "a tool of the IAB's framework (TCF)"),
)
OUR_OWN = b'data-privacy="settings"'


def tools_in(page: bytes) -> frozenset[str]:
    """The tools a page brings, by name."""
    lower = page.lower()
    return frozenset(name for mark, name in MARKS if mark in lower)
