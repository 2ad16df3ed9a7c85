"""Headers by which a response makes a browser contact others: what is held goes, the rest stays as it came."""

from __future__ import annotations

import pytest

from consent_gateway.contacts import Judge, leads_away, without_contacts
from consent_gateway.messages import Headers, Request

JUDGE = Judge(
    held=lambda address: "tracker" in address,
    unreportable=lambda address: not address.startswith("/"),
)


def left(name: str, value: str, judge: Judge = JUDGE) -> list[str]:
    return without_contacts(Headers(((name, value),)), judge).all(name)


STYLE = "</a.css>; rel=preload; as=style"
# header, value, what is left of it; None stands for the value as it came
CASES: list[tuple[str, str, list[str] | None]] = [
    ("Link", "<https://tracker.example/x.js>; rel=preload; as=script", []),
    ("Link", '<https://tracker.example>; rel="dns-prefetch preconnect"', []),
    ("Link", "<//tracker.example/x.mjs>;rel=modulepreload", []),
    ("Link", "< https://tracker.example/x.css > ; REL = StyleSheet", []),
    ("Link", "<https://tracker.example/d>; rel=compression-dictionary", []),
    ("Link", "<https://tracker.example/x>; rel=preload; rel=author", []),
    ("Link", f"{STYLE}, <https://tracker.example/?a,b>; rel=prefetch,</b.js>;rel=modulepreload", [f"{STYLE}, </b.js>;rel=modulepreload"]),
    ("Link", '</a.png>; rel=preload; as=image; imagesrcset="/a.png 1x, https://tracker.example/a.png 2x"', []),
    ("Link", "<https://tracker.example/x.js; rel=preload", []),
    ("Link", "<https://tracker.example/about>; rel=author", None),
    ("Link", "<https://tracker.example/x>; rel=author; rel=preload", None),
    ("Link", '<https://tracker.example/x>; title="; rel=preload"; rel=canonical', None),
    ("Link", '</a.css>;rel=preload ;title="a, <https://tracker.example>; rel=preload" ,</b.css>; rel=preload', None),
    ("Link", "<https://cdn.example/x.js>;   rel=preload", None),
    ("Refresh", "0; url=https://tracker.example/", []),
    ("Refresh", "5, 'https://tracker.example/'", []),
    ("Refresh", "30", None),
    ("Refresh", "0;URL=/next", None),
    ("SourceMap", "https://tracker.example/x.map", []),
    ("X-SourceMap", "/x.js.map", None),
    ("Speculation-Rules", '"https://tracker.example/rules.json"', []),
    ("Speculation-Rules", '"/rules.json", "https://tracker.example/r.json"', ['"/rules.json"']),
    ("Speculation-Rules", '"/rules.json" ,"/more.json"', None),
    ("Reporting-Endpoints", 'default="https://tracker.example/r", own="/r"', ['own="/r"']),
    ("Reporting-Endpoints", 'a="https://unlisted.example/r"', []),
    ("Reporting-Endpoints", 'a="/r",  b="/s"', None),
    ("Report-To", '{"group":"a","max_age":1,"endpoints":[{"url":"/r"},{"url":"https://unlisted.example/r"}]}, {"group":"b","endpoints":[{"url":"/r"}]}',
     ['{"group":"b","endpoints":[{"url":"/r"}]}']),
    ("Report-To", '{"group":"a", "endpoints":[{"url":"/r"}]}', None),
    ("Report-To", "{broken", []),
    ("NEL", '{"report_to":"a","max_age":1}', []),
    ("Alt-Svc", 'h3=":443"', []),
    ("Attribution-Reporting-Register-Source", "{}", []),
    ("Observe-Browsing-Topics", "?1", []),
    ("Content-Location", "https://tracker.example/x", None),
    ("Accept-CH", "Sec-CH-UA-Model", None),
    ("Content-Security-Policy", "default-src 'self'; report-uri https://tracker.example/r", ["default-src 'self'"]),
    ("Content-Security-Policy", "report-uri https://unlisted.example/r /own;  img-src *", ["report-uri /own;  img-src *"]),
    ("Content-Security-Policy", "report-uri https://unlisted.example/r; img-src *", ["img-src *"]),
    ("Content-Security-Policy", "img-src a; REPORT-URI\thttps://u.example/r;font-src b, script-src c", ["img-src a;font-src b, script-src c"]),
    ("Content-Security-Policy", "img-src https://tracker.example;report-uri  /own ; report-to x", None),
    ("Content-Security-Policy-Report-Only", "report-uri https://tracker.example/r", []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "remains"), CASES)
def test_only_what_is_held_goes(name: str, value: str, remains: list[str] | None) -> None:
    """HTTP-02"""
    assert left(name, value) == ([value] if remains is None else remains)


def test_the_order_of_headers_stays() -> None:
    fields = (
        ("Server", "s"),
        ("Link", STYLE),
        ("X-Own", "1"),
        ("Content-Security-Policy", "img-src *"),
        ("Link", "</b>; rel=next"),
    )
    assert without_contacts(Headers(fields), JUDGE).fields == fields


def test_network_errors_are_logged_where_the_site_itself_reads_them() -> None:
    group = ("Report-To", '{"group":"own","max_age":1,"endpoints":[{"url":"/r"}]}')
    own = ("NEL", '{"report_to":"own","max_age":1}')
    assert without_contacts(Headers((group, own)), JUDGE).fields == (group, own)
    foreign = (group[0], group[1].replace("/r", "https://x.example/r"))
    assert without_contacts(Headers((foreign, own)), JUDGE).fields == ()


def test_what_advertisers_read_later_may_be_kept_once_that_is_granted() -> None:
    judge = Judge(held=JUDGE.held, unreportable=JUDGE.unreportable, advertising=True)
    assert left("Observe-Browsing-Topics", "?1", judge) == ["?1"]


def redirected(status: int = 302, location: str = "https://tracker.example/i", **headers: str) -> bool:
    fields = Headers.of(**headers)
    request = Request(method="GET", scheme="https", host="www.example.com", target="/go", headers=fields)
    return leads_away(request, status, Headers.of(Location=location), JUDGE.held)


@pytest.mark.parametrize("destination", ["image", "script", "style", "iframe", "empty", "font", "embed"])
def test_no_part_of_a_page_is_led_to_what_is_held(destination: str) -> None:
    assert redirected(Sec_Fetch_Dest=destination)
    assert redirected(308, Sec_Fetch_Dest=destination)
    assert not redirected(location="https://www.example.com/x", Sec_Fetch_Dest=destination)
    assert not redirected(status=201, Sec_Fetch_Dest=destination)


def test_visitors_follow_a_link_wherever_it_leads_and_nobody_follows_it_for_them() -> None:
    assert not redirected(Sec_Fetch_Dest="document")
    assert redirected(Sec_Fetch_Dest="document", Sec_Purpose="prefetch;prerender")
    assert redirected(Sec_Fetch_Dest="document", Purpose="prefetch")


def test_where_browsers_do_not_say_what_they_fetch_for_it_is_told_by_what_they_accept() -> None:
    assert not redirected(Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert redirected(Accept="image/avif,image/webp,*/*;q=0.8")
    assert redirected(Accept="*/*")
