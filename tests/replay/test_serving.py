"""A recorded response becomes one of this computer: its addresses, policies, cookies and headers."""

from __future__ import annotations

import base64

import pytest

from consent_gateway.messages import Headers, Request, Response
from consent_gateway.replay.places import Places, Side
from consent_gateway.replay.serving import KEEP, Serving

PLACES = Places(Side.DIRECT, "localhost:1", ("www.shop.example",), 2)
SERVING = Serving(PLACES, {"www.shop.example", "t.example"})
HTML = "text/html; charset=utf-8"


def request(host: str = "localhost:1", **headers: str) -> Request:
    return Request(method="GET", scheme="http", host=host, target="/", headers=Headers.of(**headers))


def served(
    body: str | bytes, *fields: tuple[str, str], kind: str = HTML, asked: Request | None = None
) -> Response:
    data = body.encode() if isinstance(body, str) else body
    headers = Headers((("Content-Type", kind), *fields))
    return SERVING(asked or request(), Response(status=200, headers=headers, body=data))


def test_a_document_begins_with_the_script_that_keeps_it_here() -> None:
    page = served("<!doctype html><html><head><title>T</title></head></html>").body.decode()
    assert f'<head><script src="{KEEP}"></script><title>' in page
    headless = served("<!doctype html><p>text").body.decode()
    assert headless == f'<!doctype html><script src="{KEEP}"></script><p>text'


def test_a_piece_of_a_document_that_a_script_fetches_does_not() -> None:
    piece = served("<p>text</p>", asked=request(Sec_Fetch_Dest="empty"))
    assert piece.body == b"<p>text</p>"


def test_the_script_carries_the_nonce_of_the_sites_own_policy_and_is_let_pass() -> None:
    policy = ("Content-Security-Policy", "script-src 'nonce-abc' 'strict-dynamic'")
    assert b'nonce="abc"></script>' in served("<!doctype html><head></head>", policy).body
    strict = served(
        "<!doctype html><head></head>", ("Content-Security-Policy", "script-src https://t.example")
    )
    own, ours = strict.headers.all("content-security-policy")
    assert "http://localhost:1/.replay/" in own and "t.example.localhost:*" in own
    assert "http://*.localhost:2" in ours


def test_a_picture_stays_as_it_is_and_has_the_policy_all_the_same() -> None:
    png = b"\x89PNG https://t.example/"
    response = served(png, kind="image/png")
    assert response.body == png
    assert "default-src" in response.headers.get("content-security-policy")


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_an_encoding_is_kept(encoding: str) -> None:
    page = '<!doctype html><head></head><p>ü</p><img src="https://t.example/">'
    response = served(page.encode(encoding), kind=f"text/html; charset={encoding}")
    text = response.body.decode(encoding)
    assert "<p>ü</p>" in text and "//t.example.localhost:2/" in text


def test_digests_of_files_that_change_are_taken_out() -> None:
    page = served(
        '<!doctype html><head></head><script integrity="sha384-x" src="/a.js" crossorigin></script>'
    )
    assert b'<script src="/a.js" crossorigin>' in page.body


def test_a_policy_in_the_page_speaks_of_the_addresses_here() -> None:
    for meta in (
        '<meta http-equiv="Content-Security-Policy" content="img-src t.example">',
        "<meta content='img-src t.example' http-equiv=content-security-policy>",
    ):
        assert b"img-src t.example.localhost:*" in served(f"<!doctype html><head>{meta}</head>").body


def test_what_the_gateway_has_put_away_leads_here_when_it_is_released() -> None:
    kept = base64.b64encode(b'<iframe src="https://t.example/embed"></iframe>').decode()
    page = served(
        f'<!doctype html><head></head><span data-original="{kept}" data-service="linkedin"></span>'
    ).body.decode()
    restored = base64.b64decode(page.split('data-original="')[1].split('"')[0])
    assert restored == b'<iframe src="http://t.example.localhost:2/embed"></iframe>'
    assert 'data-service="linkedin"' in page


def test_redirects_and_links_lead_here() -> None:
    response = served(
        "",
        ("Location", "https://www.shop.example/next"),
        ("Link", "<https://t.example/a.css>; rel=preload, <//t.example/b.js>; rel=preload"),
        ("Refresh", "0; url=https://t.example/"),
    )
    assert response.headers.get("location") == "http://localhost:1/next"
    assert response.headers.all("link") == [
        "<http://t.example.localhost:2/a.css>; rel=preload, <//t.example.localhost:2/b.js>; rel=preload"
    ]
    assert response.headers.get("refresh") == "0; url=http://t.example.localhost:2/"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://www.shop.example/next?a=b#c", "http://localhost:1/next?a=b#c"),
        ("/next", "/next"),
        ("next?u=https://t.example/", "next?u=https://t.example/"),
        ("//t.example/a", "http://t.example.localhost:2/a"),
        ("//127.0.0.1:9999/a", "http://127.0.0.1.localhost:2/a"),
        ("https://user:password@t.example/a", "http://t.example.localhost:2/a"),
        ("https://www.shop.example@t.example/a", "http://t.example.localhost:2/a"),
        ("\\\\t.example/a", "http://t.example.localhost:2/a"),
        ("https:\\t.example/a", "http://t.example.localhost:2/a"),
        ("//%74.example/a", "http://t.example.localhost:2/a"),
        ("//ü.example/a", "http://xn--tda.example.localhost:2/a"),
        ("tel:1", "tel:1"),
    ],
)
def test_no_redirect_leads_out_of_this_computer(before: str, after: str) -> None:
    assert served("", ("Location", before)).headers.get("location") == after


def test_what_would_outlive_the_replay_or_report_elsewhere_is_left_out() -> None:
    gone = (
        "Strict-Transport-Security",
        "Report-To",
        "NEL",
        "Reporting-Endpoints",
        "X-Frame-Options",
        "Clear-Site-Data",
        "ETag",
    )
    response = served("", *((name, "x") for name in gone))
    assert not any(response.headers.get(name) for name in gone)
    assert response.headers.get("cache-control") == "no-store"


def test_cookies_are_for_the_names_that_hosts_have_here() -> None:
    first = served("", ("Set-Cookie", "a=1; Domain=.shop.example; Path=/"))
    assert first.headers.all("set-cookie") == ["a=1; Path=/"]
    third = served(
        "",
        ("Set-Cookie", "b=2; domain=example; Secure; SameSite=None"),
        asked=request("x.example.localhost:2"),
    )
    assert third.headers.all("set-cookie") == ["b=2; Domain=example.localhost; Secure; SameSite=None"]


def test_who_could_read_an_answer_can_read_it_here() -> None:
    allowed = ("Access-Control-Allow-Origin", "https://www.shop.example")
    response = served("{}", allowed, kind="application/json", asked=request(Origin="http://localhost:1"))
    assert response.headers.get("access-control-allow-origin") == "http://localhost:1"
    assert not served("{}", kind="application/json").headers.get("access-control-allow-origin")
