"""What a page is dressed with for one visitor."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from consent_gateway.messages import Headers, Response
from tests.asking import Asking, consented
from tests.conftest import MakeGateway

HOLD = '[third_parties]\nunlisted = "hold"\n'
LISTED = HOLD + "[services.youtube]\n[services.google-analytics]\n"
FILM = '<head></head><body><iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe></body>'


def test_the_policy_is_enforced_where_the_unlisted_is_held_and_reports_elsewhere(
    make_gateway: MakeGateway, now: datetime
) -> None:
    holding = Asking(make_gateway(LISTED), now).page(FILM).headers
    loading = Asking(make_gateway(), now).page(FILM).headers
    assert holding.all("content-security-policy") and not holding.all("content-security-policy-report-only")
    assert loading.all("content-security-policy-report-only") and not loading.all("content-security-policy")


def test_the_policy_names_a_plug_ins_hosts_once_it_is_released(
    make_gateway: MakeGateway, now: datetime
) -> None:
    gateway = make_gateway(LISTED)
    fresh = Asking(gateway, now)
    assert "youtube" not in fresh.page(FILM).headers.get("content-security-policy", "")
    fresh.cookie = consented(gateway, now, service=["youtube"])
    assert "*.youtube.com" in fresh.page(FILM).headers.get("content-security-policy", "")


def test_a_service_the_site_does_not_list_has_no_button(make_gateway: MakeGateway, now: datetime) -> None:
    html = Asking(make_gateway(HOLD + "[services.zoom]"), now).page(FILM).body
    assert b'data-privacy="placeholder"' in html and b'data-privacy="activate"' not in html


def test_of_what_would_draw_itself_above_the_page_nothing_is_said_where_the_site_does_not_list_it(
    make_gateway: MakeGateway, now: datetime
) -> None:
    chats = "".join(
        f'<script src="https://{host}"></script>' for host in ("client.crisp.chat", "js.driftt.com")
    )
    body = Asking(make_gateway("[services.drift]"), now).page(f"<body>{chats}").body.decode()
    assert body.count('data-privacy="placeholder"') == 1
    (bar,) = re.findall(r'<span data-privacy="placeholder" [^>]*>', body)
    assert 'data-service="drift"' in bar and ' data-apart=""' in bar and 'aria-label="Drift: chat"' in bar
    assert "/static/placeholder." in body


def test_the_guard_is_told_what_is_released_and_nothing_else(
    make_gateway: MakeGateway, now: datetime
) -> None:
    gateway = make_gateway(LISTED)
    asking = Asking(gateway, now)
    assert b"data-load" not in asking.page(FILM).body
    asking.cookie = consented(gateway, now, purpose=["analytics"])
    assert b'data-load="google-analytics"' in asking.page(FILM).body


def test_the_guard_is_told_whose_globals_are_missing_in_this_page(
    make_gateway: MakeGateway, now: datetime
) -> None:
    gateway = make_gateway(LISTED)
    asking = Asking(gateway, now)
    assert b' data-held="youtube"' in asking.page(FILM).body
    assert b"data-held" not in asking.page("<body><p>nobody's").body
    asking.cookie = consented(gateway, now, service=["youtube"])
    assert b"data-held" not in asking.page(FILM).body


def test_the_guard_carries_the_nonce_of_the_sites_own_policy(
    make_gateway: MakeGateway, now: datetime
) -> None:
    gateway = make_gateway()
    request = Asking(gateway, now).request("GET", "/", Sec_Fetch_Dest="document")
    fields = (("Content-Type", "text/html"), ("Content-Security-Policy", "script-src 'nonce-abc123'"))
    answer = Response(status=200, headers=Headers(fields), body=b"<head></head><body>")
    page, _ = gateway.rewrite(request, answer, now)
    assert b'data-privacy="guard" nonce="abc123"' in page.body


def test_whoever_has_decided_is_not_asked_again(make_gateway: MakeGateway, now: datetime) -> None:
    gateway = make_gateway(LISTED)
    asking = Asking(gateway, now)
    assert b'data-privacy="notice"' in asking.page(FILM).body
    asking.cookie = consented(gateway, now)
    html = asking.page(FILM).body
    assert b'data-privacy="notice"' not in html and b'data-privacy="settings"' in html


@pytest.mark.parametrize("target", ["/", "/a?b=1&c=%22%3E%3Cscript%3E"])
def test_forms_lead_back_to_the_page(make_gateway: MakeGateway, now: datetime, target: str) -> None:
    html = Asking(make_gateway(LISTED), now).page(FILM, target).body.decode()
    escaped = target.replace("&", "&amp;")
    assert f'name="return" value="{escaped}"' in html
    assert "<script>" not in html
