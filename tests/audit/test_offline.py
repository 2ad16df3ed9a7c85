"""Recorded pages are taken through the gateway in ten states, and what would leave is found on both sides."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from consent_gateway.audit import baseline, gathered, looking
from consent_gateway.audit.assembling import assembled
from consent_gateway.audit.concluding import Occasion
from consent_gateway.audit.findings import Audit, Carrier, Evidence, Severity, Side, Verdict
from consent_gateway.audit.offline import audited
from consent_gateway.audit.reports import json as json_report
from consent_gateway.audit.states import STATES
from consent_gateway.captures.exchange import Exchange
from consent_gateway.messages import Request
from tests.audit.sites import HIT, LEAKY, SITE, Made, asked, capture, exchange, leaky

STRICT = """
[third_parties]
unlisted = "hold"
[services.linkedin]
[services.youtube]
[services.google-analytics]
[cookies.own]
purpose = "necessary"
reason = "remembers the cart"
"""
QUIET = [state.id for state in STATES if not state.agrees]


class Auditing:
    """Audits as the command does, with a site file of the test's own."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.folder = folder
        self.now = now

    def __call__(
        self,
        *exchanges: Exchange,
        site: str = STRICT,
        side: Side = Side.DIRECT,
        made: Made | None = None,
        **more: object,
    ) -> Audit:
        file = self.folder / "site.toml"
        file.write_text(site)
        return audited(
            {"site.har": made or capture(*exchanges)},
            lambda hosts, scheme: assembled(file, hosts, self.now, scheme=scheme),
            Occasion(started=self.now, judged=side),
            clock=lambda: self.now,
            **more,  # type: ignore[arg-type]
        )


@pytest.fixture
def auditing(tmp_path: Path, now: datetime) -> Auditing:
    return Auditing(tmp_path, now)


def hosts(audit: Audit, state: str, side: Side) -> set[str]:
    return {one.host for one in audit.contacts if one.state == state and one.side is side}


def rules(audit: Audit, side: Side = Side.DIRECT) -> set[str]:
    return {one.rule for one in audit.findings if one.side is side}


# ---- a leaky site --------------------------------------------------------------------------------


def test_qa_01_every_leak_is_found_in_every_state_and_by_every_carrier(auditing: Auditing) -> None:
    found = auditing(*leaky())
    assert (found.verdict, found.canary.proves, found.left_out) == (Verdict.LEAKS, True, ())
    for state in STATES:
        here = [one for one in found.contacts if one.state == state.id and one.side is Side.DIRECT]
        assert {one.carrier for one in here} == set(Carrier), state.id
        assert {one.owner for one in here} == {
            "google-analytics", "linkedin", "youtube", "meta-pixel", "hotjar", "google-fonts", "bing-uet",
        }  # fmt: skip
    for state_id in QUIET:
        leaks = {
            one.host for one in found.findings if one.state == state_id and one.severity is Severity.ERROR
        }
        assert leaks >= hosts(found, state_id, Side.DIRECT), state_id


def test_qa_01_behind_the_gateway_nothing_leaves_that_was_not_agreed_to(auditing: Auditing) -> None:
    found = auditing(*leaky(), side=Side.THROUGH)
    assert (found.verdict, rules(found, Side.THROUGH)) == (Verdict.CLEAN, set())
    for state_id in (*QUIET, "analytics"):
        assert hosts(found, state_id, Side.THROUGH) == set(), state_id
    assert hosts(found, "all", Side.THROUGH) == {"platform.linkedin.com", "www.youtube.com"}
    assert all(one.allowed for one in found.contacts if one.side is Side.THROUGH)


def test_what_was_recorded_is_told_from_what_the_page_would_fetch(auditing: Auditing) -> None:
    found = auditing(*leaky())
    fresh = [one for one in found.contacts if (one.state, one.side) == ("fresh", Side.DIRECT)]
    known = {(one.host, one.path): (one.carrier, one.evidence) for one in fresh}
    assert known["platform.linkedin.com", "/in.js"] == (Carrier.SCRIPT, Evidence.RECORDED)
    assert known["bat.bing.com", "/p"] == (Carrier.REDIRECT, Evidence.RECORDED)
    assert known["connect.facebook.net", "/en_US/fbevents.js"] == (Carrier.RUN_TIME, Evidence.RECORDED)
    assert known["static.hotjar.com", "/b.png"] == (Carrier.CSS, Evidence.IN_THE_PAGE)
    assert known["static.hotjar.com", "/x.js"] == (Carrier.HEADER, Evidence.IN_THE_PAGE)


def test_a_decision_has_its_reason_and_its_article(auditing: Auditing) -> None:
    found = auditing(*leaky())
    said = {
        (one.state, one.decision, one.reason, one.article)
        for one in found.contacts
        if one.owner == "linkedin"
    }
    assert ("fresh", "hold", "nothing was decided", "TDDDG § 25(1)") in said
    assert ("blocked", "hold", "the visitor has blocked processing", "GDPR Art. 18(2)") in said
    assert ("all", "load", "the visitor has granted its purpose", "GDPR Art. 6(1)(a)") in said


def test_qa_05_both_directions_declared_and_seen(auditing: Auditing) -> None:
    found = auditing(*leaky(), site=f"{STRICT}[services.zoom]\n")
    undeclared = {one.host for one in found.findings if one.rule == "seen-not-declared"}
    assert undeclared == {
        "static.hotjar.com", "www.facebook.com", "connect.facebook.net", "fonts.googleapis.com", "bat.bing.com",
    }  # fmt: skip
    unseen = [one for one in found.findings if one.rule == "declared-never-seen"]
    assert [(one.severity, "zoom" in one.message) for one in unseen] == [(Severity.WARNING, True)]


def test_ana_a_hit_is_told_field_by_field_and_never_by_value(auditing: Auditing) -> None:
    found = auditing(*leaky())
    sent = {one.state: one.sent_on for one in found.forwarded}
    assert sent == {state.id: state.agrees for state in STATES}
    [hit] = [one for one in found.forwarded if one.state == "analytics"]
    became = {field.name: field.what for field in hit.fields}
    assert (became["tid"], became["cid"], became["dl"], became["uid"]) == (
        "passed",
        "changed",
        "changed",
        "dropped",
    )
    assert hit.event == "page_view" and "123.456" not in repr(found)


def test_qa_05_no_query_and_no_value_is_in_the_audit(auditing: Auditing) -> None:
    assert not re.search(r"secret|fb\.1\.2|GA1\.1|mail|\?", json_report.report(auditing(*leaky())))


def test_cookies_are_told_by_whom_and_whether_they_reach_the_browser(auditing: Auditing) -> None:
    found = auditing(*leaky())
    kept = {
        (one.name, one.side.value, one.party, one.by_script, one.owner): one.kept
        for one in found.cookies
        if one.state == "fresh"
    }
    assert kept == {
        ("_fbp", "direct", "first", False, "meta-pixel"): True,
        ("_fbp", "through", "first", False, "meta-pixel"): False,
        ("bcookie", "direct", "third", False, "linkedin"): True,
        ("bcookie", "through", "third", False, "linkedin"): False,
        ("_ga", "direct", "first", True, "google-analytics"): True,
        ("_ga", "through", "first", True, "google-analytics"): False,
        ("own", "direct", "first", True, ""): True,
        ("own", "through", "first", True, ""): True,
    }
    assert "cookie-before-consent" in rules(found) and "cookie-before-consent" not in rules(
        found, Side.THROUGH
    )


# ---- other sites ---------------------------------------------------------------------------------


def test_a_page_without_third_parties_is_clean(auditing: Auditing) -> None:
    page = '<!doctype html><img src="/logo.png"><a href="https://www.linkedin.com/company/x">LinkedIn</a>'
    found = auditing(exchange(f"{SITE}/", page), site="")
    assert (found.verdict, found.contacts, found.findings) == (Verdict.CLEAN, (), ())


def test_qa_03_without_a_canary_nothing_is_proven(auditing: Auditing) -> None:
    for exchanges in ([exchange(f"{SITE}/", "<p>")], leaky()):
        assert auditing(*exchanges, planted=False).verdict is Verdict.NOT_PROVEN


def test_qa_03_without_a_page_nothing_is_proven(auditing: Auditing) -> None:
    assert auditing(asked("https://platform.linkedin.com/in.js", "script")).verdict is Verdict.NOT_PROVEN
    assert auditing().verdict is Verdict.NOT_PROVEN


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"status": 304, "body": ""}, "had it in its cache"),
        ({"status": 500, "body": "<!doctype html><p>An error"}, "the site answered with an error (500)"),
        ({"status": 404, "body": "<!doctype html><p>Nothing here"}, "the site answered with an error (404)"),
        ({"status": 204, "body": ""}, ""),
        ({"kind": "application/pdf", "body": "%PDF-1.7"}, ""),
        ({"kind": "application/json", "body": "{}"}, ""),
    ],
)
def test_qa_03_what_is_no_page_proves_nothing(auditing: Auditing, more: dict[str, object], said: str) -> None:
    found = auditing(exchange(f"{SITE}/", **more), site='[site]\nhosts = ["www.example.com"]\n')  # type: ignore[arg-type]
    assert (found.verdict, found.pages) == (Verdict.NOT_PROVEN, ())
    assert [one for one in found.left_out if said in one] or not said


def test_a_style_sheet_from_the_browsers_cache_could_not_be_read(auditing: Auditing) -> None:
    sheet = exchange(f"{SITE}/a.css", status=304, destination="style", kind="text/css", page=f"{SITE}/")
    found = auditing(exchange(f"{SITE}/", "<!doctype html><p>Hello"), sheet)
    assert [one for one in found.left_out if one.startswith(f"{SITE}/a.css: the browser had it in its cache")]


def test_who_lets_the_unlisted_load_is_told_that_it_does(auditing: Auditing) -> None:
    page = exchange(f"{SITE}/", '<img src="https://cdn.unknown.example/a.png">')
    loose = auditing(page, site="", side=Side.THROUGH)
    assert (loose.verdict, rules(loose, Side.THROUGH)) == (
        Verdict.LEAKS,
        {"unlisted-before-consent", "contact-not-agreed", "seen-not-declared"},
    )
    assert auditing(page, side=Side.THROUGH).verdict is Verdict.CLEAN


@pytest.mark.parametrize(("site", "leaves"), [("", {"x.unknown.example"}), (STRICT, set())])
def test_what_code_asks_for_is_stopped_by_guard_or_policy_or_leaves(
    auditing: Auditing, site: str, leaves: set[str]
) -> None:
    """The guard script knows services, the policy of a strict site stops the rest."""
    found = auditing(
        exchange(f"{SITE}/", "<script src=/app.js></script>"),
        asked("https://x.unknown.example/api"),
        asked("https://connect.facebook.net/en_US/fbevents.js", "script"),
        site=site,
    )
    assert hosts(found, "fresh", Side.THROUGH) == leaves
    assert hosts(found, "fresh", Side.DIRECT) == {"x.unknown.example", "connect.facebook.net"}


def test_a_redirect_to_a_page_does_not_count_for_the_page(auditing: Auditing) -> None:
    """The page has the guard script, whatever was answered under its address later."""
    found = auditing(
        exchange(f"{SITE}/", "<!doctype html><p>Hello"),
        asked("https://px.ads.linkedin.com/collect", "empty"),
        exchange(
            f"{SITE}/",
            method="POST",
            status=303,
            kind="text/plain",
            headers=(("Location", "/"), ("Set-Cookie", "own=1")),
        ),
        site="",
        side=Side.THROUGH,
    )
    assert "px.ads.linkedin.com" not in hosts(found, "fresh", Side.THROUGH)


def test_without_the_guard_script_nothing_keeps_code_from_asking(auditing: Auditing) -> None:
    drawing = "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>"
    for body, kind, leaves in (("<!doctype html><p>", "text/html", False), (drawing, "image/svg+xml", True)):
        found = auditing(
            exchange(f"{SITE}/", body, kind=kind),
            asked("https://px.ads.linkedin.com/collect", "empty"),
            site="",
            side=Side.THROUGH,
        )
        assert ("px.ads.linkedin.com" in hosts(found, "fresh", Side.THROUGH)) is leaves


def test_what_a_held_frame_or_tracker_asks_for_goes_with_it(auditing: Auditing) -> None:
    found = auditing(
        exchange(f"{SITE}/", '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'),
        asked("https://www.youtube.com/embed/abcdefghijk", "iframe"),
        asked("https://cdn.unknown.example/player.js", "script", initiator="https://www.youtube.com/"),
        asked("https://px.ads.linkedin.com/collect", "image", status=302, headers=(("Location", "https://y.unknown.example/sync"),)),
        asked("https://y.unknown.example/sync", "image"),
        site="[services.youtube]\n",
    )  # fmt: skip
    assert hosts(found, "fresh", Side.THROUGH) == set()
    agreed = {one.host: one for one in found.contacts if (one.state, one.side) == ("all", Side.THROUGH)}
    assert agreed.keys() == {"www.youtube.com", "cdn.unknown.example"}
    within = agreed["cdn.unknown.example"]
    assert within.allowed and within.reason.startswith("in a frame of www.youtube.com: ")


PIXEL = "!function(f,b,e,v){n.src=v}(window,document,'script','https://connect.facebook.net/en_US/fbevents.js');fbq('init','1')"


@pytest.mark.parametrize("unlisted", ["hold", "load"])
def test_a_script_of_the_sites_own_that_loads_a_service_is_found_though_nobody_ran_it(
    auditing: Auditing, unlisted: str
) -> None:
    page = exchange(f"{SITE}/", '<!doctype html><title>x</title><script src="/own.js"></script>')
    code = exchange(
        f"{SITE}/own.js", PIXEL, destination="script", kind="text/javascript", page=page.request.url
    )
    found = auditing(page, code, site=f'[third_parties]\nunlisted = "{unlisted}"\n[services.youtube]\n')
    direct = [one for one in found.contacts if (one.side, one.state) == (Side.DIRECT, "fresh")]
    assert {(one.owner, one.carrier, one.evidence) for one in direct} == {
        ("meta-pixel", Carrier.RUN_TIME, Evidence.IN_THE_PAGE)
    }
    assert found.verdict is Verdict.LEAKS
    # Behind the gateway the code stays as it is, and the guard script and the policy of the page stop what it asks for.
    assert [one for one in found.contacts if one.side is Side.THROUGH] == []


def test_a_script_of_the_sites_own_loads_what_was_agreed_to(auditing: Auditing) -> None:
    page = exchange(f"{SITE}/", '<!doctype html><title>x</title><script src="/own.js"></script>')
    code = exchange(
        f"{SITE}/own.js", PIXEL, destination="script", kind="text/javascript", page=page.request.url
    )
    found = auditing(page, code, site='[third_parties]\nunlisted = "load"\n[services.meta-pixel]\n')
    through = {one.state for one in found.contacts if one.side is Side.THROUGH}
    assert through == {"all"}
    assert all(one.allowed for one in found.contacts if one.side is Side.THROUGH)


def test_qa_08_a_consent_tool_on_the_page_is_named(auditing: Auditing) -> None:
    page = '<script>window.__tcfapi = function () {};</script><div id="usercentrics-root"></div>'
    found = auditing(exchange(f"{SITE}/", page))
    told = [one for one in found.findings if one.rule == "second-consent-tool"]
    assert ["Usercentrics" in one.message or "IAB TCF" in one.message for one in told] == [True, True]
    assert found.verdict is Verdict.CLEAN


def test_what_could_not_be_read_is_said(auditing: Auditing) -> None:
    found = auditing(
        exchange(f"{SITE}/", "<p>"),
        exchange(f"{SITE}/a?token=secret", unreadable="the HAR has no bodies"),
        exchange(f"{SITE}/b", answered=False),
        exchange(f"{SITE}/c", b"\xff" * 20, kind="text/html; charset=utf-7"),
    )
    assert (
        f"{SITE}/a: the HAR has no bodies" in found.left_out
        and f"{SITE}/b: nothing came back" in found.left_out
    )
    assert {one.page for one in found.findings if one.rule == "not-read"} >= {f"{SITE}/a", f"{SITE}/b"}
    assert found.pages == (f"{SITE}/", f"{SITE}/c") and "secret" not in repr(found)


def test_what_a_capture_skipped_is_said(auditing: Auditing) -> None:
    made = replace(capture(exchange(f"{SITE}/", "<p>")), skipped=("entry 7: no request",))
    assert "site.har: entry 7: no request" in auditing(made=made).left_out


def test_only_so_many_pages_are_looked_at(auditing: Auditing) -> None:
    pages = [exchange(f"{SITE}/{number}", LEAKY) for number in range(5)]
    found = auditing(*pages, asked("https://bat.bing.com/x", page=f"{SITE}/4"), most=2)
    assert found.pages == (f"{SITE}/0", f"{SITE}/1")
    assert any("3 further pages" in sentence for sentence in found.not_measured)
    assert "bat.bing.com" not in hosts(found, "fresh", Side.DIRECT)


def test_the_hosts_of_the_recording_are_the_sites_own(auditing: Auditing) -> None:
    found = auditing(
        exchange(
            f"{SITE}/",
            '<img src="https://static.example.com/a.png"><img src="https://cdn.example.net/b.png">',
        ),
        exchange(
            "https://static.example.com/a.png", b"x", destination="image", kind="image/png", page=f"{SITE}/"
        ),
        site='[third_parties]\nfirst_party = ["cdn.example.net"]\n',
    )
    assert found.contacts == ()


def test_another_website_that_the_visitor_went_on_to_is_not_the_sites_doing(auditing: Auditing) -> None:
    away = "https://www.linkedin.com/company/x"
    found = auditing(
        exchange(f"{SITE}/", f'<a href="{away}">LinkedIn</a>'),
        exchange(away, "<p>"),
        asked("https://static.licdn.com/app.js", "script", page=away),
        asked("https://px.ads.linkedin.com/collect", "image", page=away),
        exchange(f"{SITE}/b", "<p>"),
    )
    assert (found.contacts, found.verdict) == ((), Verdict.CLEAN)
    assert any("other websites were not looked at (www.linkedin.com)" in one for one in found.not_measured)


def test_a_website_that_was_visited_more_is_not_the_one_that_the_site_file_names(auditing: Auditing) -> None:
    found = auditing(
        exchange(f"{SITE}/", '<img src="https://www.linkedin.com/p.gif">'),
        *[exchange(f"https://www.linkedin.com/{number}", "<p>") for number in range(5)],
        site=f'[site]\nhosts = ["www.example.com"]\n{STRICT}',
        named=("www.example.com",),
    )
    assert (found.verdict, found.pages) == (Verdict.LEAKS, (f"{SITE}/",))
    assert "www.linkedin.com" in hosts(found, "fresh", Side.DIRECT)


def test_of_a_page_that_nobody_can_look_at_nothing_is_proven(
    auditing: Auditing, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewritten = looking.Looking.rewritten

    def fails(self: looking.Looking, request: Request, *more: Any) -> Any:
        if request.path == "/deep":
            raise RecursionError("too deep")
        return rewritten(self, request, *more)

    monkeypatch.setattr(looking.Looking, "rewritten", fails)
    page = exchange(f"{SITE}/deep", "<p>")
    found = auditing(page, page)
    assert (found.pages, found.left_out) == ((), (f"{SITE}/deep: RecursionError: too deep",))
    assert found.verdict is Verdict.NOT_PROVEN and found.canary.proves


# ---- baseline ------------------------------------------------------------------------------------


def test_qa_05_what_is_new_against_a_baseline_is_an_error(auditing: Auditing, now: datetime) -> None:
    before = auditing(*leaky())
    known = baseline.of(json_report.read(json_report.report(before)))
    again = baseline.against(before, known, "before.json")
    assert not any(one.is_new for one in again.findings) and len(again.findings) == len(before.findings)
    more = auditing(
        *leaky(),
        asked("https://new.unknown.example/x", "image"),
        exchange(
            f"{SITE}/x", b"", destination="image", page=f"{SITE}/", headers=(("Set-Cookie", "fresh=1"),)
        ),
    )
    new = [one for one in baseline.against(more, known, "before.json").findings if one.is_new]
    direct = {(one.rule, one.host) for one in new if one.side is Side.DIRECT and one.rule.startswith("new-")}
    assert direct == {("new-host", "new.unknown.example"), ("new-cookie", "www.example.com")}


# ---- hostile and large ---------------------------------------------------------------------------


def test_a_hostile_capture_is_got_over_with(auditing: Auditing) -> None:
    names = ["a..b", "x" * 300, "[::1", "-", "ex ample", "evil.example:99999", "<script>", "xn--\udcff"]
    found = auditing(
        exchange(f"{SITE}/", "<div>" * 20_000 + "<img src=https://bat.bing.com/a>"),
        *(asked(f"https://{name}/p") for name in names if "[" not in name),
        exchange(f"{SITE}/b", "".join(f"<img src=//h{number}.example/{number}>" for number in range(2_500))),
        asked(f"https://region1.google-analytics.com/g/collect?{HIT}{'&a=1' * 5_000}"),
        asked("https://region1.google-analytics.com/g/collect?" + HIT, method="POST", page="no address"),
        exchange(
            f"{SITE}/c", "<p>", headers=(("Link", "<" * 5_000), ("Set-Cookie", "=;=;="), ("Report-To", "{"))
        ),
        exchange(f"{SITE}/\x00\udcff", "<p>"),
    )
    assert found.verdict is Verdict.LEAKS and f"{SITE}/" in found.pages
    assert any("more than 2000 contacts" in sentence for sentence in found.not_measured)
    json_report.report(found)


def test_captures_are_read_twice_and_never_kept(auditing: Auditing) -> None:
    """However many pages a capture has, hardly one answer of it is in memory at a time."""
    alive: list[int] = []

    def pages() -> Iterator[Exchange]:
        for number in range(40):
            if number % 10 == 9:
                gc.collect()
                alive.append(sum(isinstance(one, Exchange) for one in gc.get_objects()))
            yield exchange(
                f"{SITE}/{number}", f"<title>{number}</title><img src=https://www.facebook.com/tr?n={number}>"
            )

    made = Made(pages)
    found = auditing(made=made)
    assert (len(found.pages), found.verdict, made.readings) == (40, Verdict.LEAKS, 2)
    assert {one.page for one in found.findings} == {*found.pages, ""}
    assert max(alive) <= min(alive) + 2


def test_what_a_site_repeats_without_end_is_counted(
    auditing: Auditing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathered, "MOST_CONTACTS", 50)
    monkeypatch.setattr(gathered, "FIRST", 1)
    pages = [exchange(f"{SITE}/{number}", LEAKY) for number in range(3)]
    found = auditing(*pages)
    assert hosts(found, "objected", Side.DIRECT) >= {"www.youtube.com", "platform.linkedin.com"}
    assert len(found.contacts) < 3 * 10 * 10
    assert any("further contacts are not listed one by one" in sentence for sentence in found.not_measured)
