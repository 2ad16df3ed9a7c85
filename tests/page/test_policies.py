"""A policy that lets Google's measurement in lets in what comes in its place, once that is released."""

from __future__ import annotations

from datetime import datetime

import pytest

from consent_gateway.messages import Headers, Response
from tests.asking import Asking, consented
from tests.conftest import MakeGateway

OURS = "https://www.example.com/.privacy/ga/"
TAG = '<script src="https://www.googletagmanager.com/gtag/js?id=G-ABC1234567"></script>'
SITE = "[services.google-analytics]\n"


@pytest.fixture
def asking(make_gateway: MakeGateway, now: datetime) -> Asking:
    return Asking(make_gateway(SITE), now)


@pytest.fixture
def released(make_gateway: MakeGateway, now: datetime) -> Asking:
    gateway = make_gateway(SITE)
    return Asking(gateway, now, cookie=consented(gateway, now, purpose=["analytics"]))


def in_page(asking: Asking, policy: str, quote: str = '"') -> str:
    """What becomes of a policy that stands in the page."""
    meta = f"<meta http-equiv=Content-Security-Policy content={quote}{policy}{quote}>"
    html = asking.page(f"<head>{meta}{TAG}</head>").body.decode()
    return html.partition(f"content={quote}")[2].partition(f"{quote}>")[0]


def in_header(asking: Asking, policy: str) -> str:
    fields = (("Content-Type", "text/html"), ("Content-Security-Policy", policy))
    answer = Response(status=200, headers=Headers(fields), body=f"<head>{TAG}</head>".encode())
    request = asking.request("GET", "/", Sec_Fetch_Dest="document")
    response, _ = asking.gateway.rewrite(request, answer, asking.now)
    return response.headers.all("content-security-policy")[0]


@pytest.mark.parametrize(
    ("policy", "widened"),
    [
        ("script-src https://www.googletagmanager.com", f"script-src https://www.googletagmanager.com {OURS}"),
        ("script-src *.googletagmanager.com/gtag/", f"script-src *.googletagmanager.com/gtag/ {OURS}"),
        ("connect-src https://*.google-analytics.com:443", f"connect-src https://*.google-analytics.com:443 {OURS}"),
        ("img-src data: www.google-analytics.com; font-src x.de", f"img-src data: www.google-analytics.com {OURS}; font-src x.de"),
        ("default-src https://region1.google-analytics.com", f"default-src https://region1.google-analytics.com {OURS}"),
        (
            "Script-Src-Elem www.googletagmanager.com; img-src x.de; connect-src stats.g.doubleclick.net ;",
            f"Script-Src-Elem www.googletagmanager.com {OURS}; img-src x.de; connect-src stats.g.doubleclick.net {OURS};",
        ),
    ],
)  # fmt: skip
def test_released_each_directive_that_names_google_gets_one_source(
    asking: Asking, released: Asking, policy: str, widened: str
) -> None:
    assert in_page(released, policy) == widened
    assert in_page(asking, policy) == policy


@pytest.mark.parametrize(
    "policy",
    [
        "script-src 'self' https://www.googletagmanager.com; connect-src https: *.google-analytics.com",
        "script-src https://www.example.com https://www.googletagmanager.com",
        "script-src 'nonce-abc' 'strict-dynamic' https://www.googletagmanager.com",
        "script-src https://www.google.com; connect-src https://maps.googleapis.com; img-src 'none'",
        "frame-src https://www.googletagmanager.com; style-src www.googletagmanager.com",
        "default-src &#39;self&#39; www.googletagmanager.com",
        "upgrade-insecure-requests",
        "",
    ],
)
def test_a_policy_that_lets_it_pass_or_names_no_google_stays_as_it_came(
    released: Asking, policy: str
) -> None:
    assert in_page(released, policy) == policy


def test_what_is_written_fits_into_the_quotes_that_stand_there(released: Asking) -> None:
    policy = "script-src &#39;unsafe-inline&#39; www.googletagmanager.com"
    assert in_page(released, policy, "'") == f"{policy} {OURS}"


def test_in_a_header_images_are_let_in_beside_scripts_and_hits(asking: Asking, released: Asking) -> None:
    policy = "img-src https://www.google-analytics.com"
    assert in_header(released, policy) == f"{policy} {OURS}"
    assert in_header(asking, policy) == policy


def test_a_header_with_a_nonce_gets_our_path_beside_google(asking: Asking, released: Asking) -> None:
    policy = "script-src 'nonce-abc' https://www.googletagmanager.com"
    assert in_header(released, policy) == f"{policy} {OURS}"
    assert in_header(asking, policy) == policy


def test_in_a_header_our_files_are_let_in_once(released: Asking) -> None:
    policy = in_header(released, "connect-src https://*.google-analytics.com")
    assert policy == "connect-src https://*.google-analytics.com https://www.example.com/.privacy/"
