"""What goes along with a page, and what is taken out of its headers."""

from __future__ import annotations

import pytest

from consent_gateway import headers
from consent_gateway.messages import Headers


def held(address: str) -> bool:
    return "tracker" in address


def policy(**values: object) -> str:
    given = {"own": [], "released": [], "host": "www.example.com", "stand_ins": False, "report_to": "/r"}
    return headers.policy(**(given | values))  # type: ignore[arg-type]


def test_the_policy_limits_hosts_and_nothing_else() -> None:
    assert policy(own=["cdn.example.net"]) == (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob: ws://www.example.com "
        "wss://www.example.com cdn.example.net; report-uri /r"
    )


def test_a_service_that_is_released_opens_its_hosts_and_those_below() -> None:
    assert "*.linkedin.com linkedin.com snap.licdn.com;" in policy(
        released=["*.linkedin.com", "snap.licdn.com"]
    )


def test_local_stand_ins_are_named_beside_what_they_stand_for() -> None:
    assert "platform.linkedin.com.localhost:*" in policy(released=["platform.linkedin.com"], stand_ins=True)


def test_a_page_of_ours_is_private_asked_for_again_and_without_the_origins_validators() -> None:
    fields = headers.for_edited(
        Headers((("ETag", '"x"'), ("Last-Modified", "y"), ("Cache-Control", "public, max-age=60"), ("Vary", "cookie, Accept"),
                 ("Repr-Digest", "z"), ("Content-Length", "5"), ("Accept-Ranges", "bytes"), ("X-Own", "1")))
    )  # fmt: skip
    assert fields.fields == (
        ("X-Own", "1"), ("Cache-Control", "private, no-cache"), ("Vary", "cookie, Accept, Sec-GPC, DNT"),
    )  # fmt: skip


def test_what_was_not_to_be_stored_still_is_not() -> None:
    assert (
        headers.for_edited(Headers.of(Cache_Control="no-store")).get("Cache-Control") == "private, no-store"
    )


@pytest.mark.parametrize(
    ("link", "left"),
    [
        ("<https://tracker.example/x.js>; rel=preload; as=script", ""),
        ('<https://tracker.example>; rel="dns-prefetch preconnect"', ""),
        ("<https://tracker.example/about>; rel=author", "<https://tracker.example/about>; rel=author"),
        ("</a.css>; rel=preload, <//tracker.example>; rel=preconnect", "</a.css>; rel=preload"),
        ('</a.css>; rel=preload; title="a, b"', '</a.css>; rel=preload; title="a, b"'),
    ],
)
def test_links_that_contact_what_is_held_are_taken_out(link: str, left: str) -> None:
    assert headers.without_contacts(Headers.of(Link=link), held).get("Link") == left


def test_headers_that_report_to_others_or_lead_past_us_are_taken_out() -> None:
    given = Headers.of(NEL="{}", Report_To="{}", Reporting_Endpoints="x", Alt_Svc="h3", Server="s")
    assert headers.without_contacts(given, held).fields == (("Server", "s"),)


def test_a_redirect_by_the_origin_to_itself_leads_back_here() -> None:
    def location(value: str) -> str:
        return headers.relocated(Headers.of(Location=value), "http://127.0.0.1:9000").get("Location")

    assert location("http://127.0.0.1:9000/a?b") == "/a?b"
    assert location("http://127.0.0.1:9000") == "/"
    assert location("http://127.0.0.1:90001/a") == "http://127.0.0.1:90001/a"
    assert location("https://www.example.org/") == "https://www.example.org/"


def test_the_nonce_of_the_sites_own_policy_is_found() -> None:
    given = Headers.of(Content_Security_Policy="img-src x; script-src 'self' 'nonce-r4nd0m=='")
    assert headers.nonce_of(given) == "r4nd0m=="
    assert headers.nonce_of(Headers.of(Content_Security_Policy="style-src 'nonce-abc'")) == ""
