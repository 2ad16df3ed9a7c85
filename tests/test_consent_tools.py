"""Consent tools that a site has already."""

from __future__ import annotations

import pytest

from consent_gateway.consent_tools import tools_in

# As the documentation of each tells to embed it.
EMBEDDED = {
    "a tool with IAB TCF": b"<script>window.__tcfapi = function () {}</script>",
    "a tool with IAB GPP": b'<iframe name="__gppLocator"></iframe>',
    "Borlabs Cookie": b'<script src="/wp-content/plugins/borlabs-cookie/assets/borlabs-cookie.min.js"></script>',
    "Complianz": b'<div id="cmplz-cookiebanner-container">',
    "Cookiebot": b'<script id="Cookiebot" src="https://consent.cookiebot.com/uc.js"></script>',
    "CookieConsent": b'<script type="module" src="/js/cookieconsent.umd.js"></script>',
    "CookieFirst": b'<script src="https://consent.cookiefirst.com/sites/x/consent.js"></script>',
    "CookieYes": b'<script src="https://cdn-cookieyes.com/client_data/1/script.js"></script>',
    "Didomi": b'<script src="https://sdk.privacy-center.org/1/loader.js"></script>',
    "InMobi Choice": b'<script src="https://cmp.inmobi.com/choice/1/choice.js"></script>',
    "Klaro": b'<script defer src="https://cdn.kiprotect.com/klaro/v0.7/klaro.js"></script>',
    "OneTrust": b'<script src="https://cdn.cookielaw.org/scripttemplates/otSDKStub.js"></script>',
    "Osano": b'<script src="https://cmp.osano.com/1/2/osano.js"></script>',
    "Real Cookie Banner": b'<script src="/wp-content/plugins/real-cookie-banner/public/dist/banner.js"></script>',
    "Sourcepoint": b'<script src="https://cdn.privacy-mgmt.com/unified/wrapperMessagingWithoutDetection.js"></script>',
    "Termly": b'<script src="https://app.termly.io/resource-blocker/1"></script>',
    "TrustArc": b'<div id="truste-consent-track"></div>',
    "Usercentrics": b'<script id="usercentrics-cmp" src="https://web.cmp.usercentrics.eu/ui/loader.js"></script>',
    "consentmanager": b'<script data-cmp-host="d.delivery.consentmanager.net"></script>',
    "iubenda": b'<script src="//cs.iubenda.com/sync/1.js"></script>',
    "tarteaucitron": b'<script src="/tarteaucitron/tarteaucitron.min.js"></script>',
}


@pytest.mark.parametrize("name", EMBEDDED)
def test_qa_08_each_is_known_by_what_it_writes_into_the_page(name: str) -> None:
    assert tools_in(b"<!doctype html>%s<p>x" % EMBEDDED[name]) == {name}


def test_a_text_about_tools_is_none() -> None:
    text = b"<p>We compare Cookiebot, OneTrust, Klaro, consentmanager, Didomi and Usercentrics.</p>"
    assert tools_in(text) == frozenset()
