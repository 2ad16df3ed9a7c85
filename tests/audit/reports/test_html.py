"""The audit as one page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from playwright.sync_api import sync_playwright

from consent_gateway.audit.findings import Audit
from consent_gateway.audit.reports import html
from tests import chromium
from tests.audit import audits

Make = Callable[[], Audit]
every_audit = pytest.mark.parametrize("make", audits.ALL.values(), ids=audits.ALL)


class Page(HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.text += " " if tag in ("td", "th", "dt", "dd", "li", "p") else ""

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}


def said(audit: Audit) -> str:
    return " ".join(Page(html.report(audit).partition("</style>")[2]).text.split())


def section(audit: Audit, id: str) -> str:
    """The text below one heading."""
    part = html.report(audit).partition(f'<h2 id="{id}">')[2].partition("</section>")[0]
    return " ".join(Page(part).text.split())


@every_audit
def test_nothing_in_it_runs_and_nothing_is_fetched(make: Make) -> None:
    """QA-02"""
    page = Page(html.report(make()))
    assert page.tags.isdisjoint(
        {"script", "img", "iframe", "link", "object", "embed", "form", "base", "svg", "video"}
    )
    names = {name for _, attributes in page.elements for name in attributes}
    assert (
        not {name for name in names if name.startswith("on")} | {"src", "style", "srcdoc", "action"} & names
    )
    assert all(str(one["href"]).startswith("#") for _, one in page.elements if "href" in one)


@every_audit
def test_hostile_names_make_no_element(make: Make) -> None:
    assert Page(html.report(make())).tags <= Page(html.report(audits.leaky())).tags
    assert "x" not in Page(html.report(make())).tags


def test_its_own_policy_allows_its_style_and_nothing_else() -> None:
    report = html.report(audits.leaky())
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', report)
    style = report.partition("<style>")[2].partition("</style>")[0]
    assert (
        policy
        == f"default-src 'none'; style-src '{html._digest(style)}'; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style and "@import" not in style


def test_every_link_leads_somewhere_in_it() -> None:
    page = Page(html.report(audits.leaky()))
    ids = [one["id"] for _, one in page.elements if "id" in one]
    assert len(set(ids)) == len(ids)
    assert {str(one["href"])[1:] for _, one in page.elements if "href" in one} <= set(ids)


def test_the_verdict_and_what_it_rests_on_stand_first() -> None:
    """QA-01"""
    text = said(audits.leaky())
    assert text.index("Leaks Without the gateway, 7 third parties") < text.index("States side by side")
    assert "With the gateway, 1 third party (1 host) is contacted without consent, in 1 of 10 states." in text
    assert (
        "This rests on 5 pages of www.morgenrot-solar.example, each for a visitor in 10 states. 1 page or file could not be looked at. 11 leaks were planted in this run, and every one was found"
        in text
    )
    assert "Not proven Not every planted leak was found; missed: script, iframe." in said(audits.not_proven())


def test_states_stand_side_by_side() -> None:
    text = section(audits.leaky(), "states")
    assert (
        "has decided nothing state fresh Not agreed to: Google Analytics, YouTube, LinkedIn, Google Fonts, Zoom, Criteo, cdn.kachel-server.example (10 hosts) Cookies not agreed to: _ga, YSC Not agreed to: Google Fonts (1 host)"
        in text
    )
    assert "has blocked processing state blocked Not agreed to:" in text and "Nothing has objected" in text
    assert (
        "Agreed to: YouTube, LinkedIn, Google Fonts, Zoom By way of the gateway: Google Analytics, "
        "5 hits sent on under a pseudonym" in text
    )


def test_a_third_party_has_service_purpose_carrier_and_decision_with_reason_and_article() -> None:
    text = section(audits.leaky(), "parties")
    assert (
        "YouTube of Google Ireland Limited What it is a service of the catalogue, for media Hosts www.youtube.com, i.ytimg.com Carried by iframe, pixel"
        in text
    )
    assert (
        "refused, withdrawn hold the visitor has refused its purpose GDPR Art. 7(3) contacted on 1 page not contacted"
        in text
    )
    assert (
        "all load the visitor has granted its purpose GDPR Art. 6(1)(a) contacted on 1 page contacted on 1 page"
        in text
    )
    assert "Criteo What it is a known tracker, for marketing" in text


def test_a_finding_has_remedy_article_states_and_pages() -> None:
    text = section(audits.leaky(), "findings")
    assert "Without the gateway: 245 findings" in text and "With the gateway: 2 findings" in text
    assert "error Cookie before consent × 17 TDDDG § 25(1) Remedy: Declare it under [cookies]" in text
    assert "(blocked; GDPR Art. 18(2))" in text and "/aktuelles/video" in text
    assert "new" not in text
    assert "10 of them new" in section(audits.compared(), "findings")


def test_cookies_have_an_owner_and_no_value() -> None:
    text = section(audits.leaky(), "cookies")
    assert (
        "_ga www.morgenrot-solar.example (first party), by a script Google Analytics, analytics all 10 states not set fresh, refused"
        in text
    )
    assert (
        "PHPSESSID www.morgenrot-solar.example (first party), in a header nobody known, necessary all 10 states all 10 states nowhere"
        in text
    )


def test_what_went_on_to_google_is_said_field_by_field() -> None:
    text = section(audits.leaky(), "google")
    assert "10 hits page_view sent on To region1.google-analytics.com In the states analytics, all" in text
    assert (
        f"Passed on as they are {' '.join(audits.PASSED)} Changed first {' '.join(audits.CHANGED)} Dropped {' '.join(audits.DROPPED)}"
        in text
    )
    assert "1 × bestellung_intern region1.google-analytics.com all no event of the site file's" in text


def test_declared_and_seen_are_compared_in_both_directions() -> None:
    """QA-05"""
    text = section(audits.leaky(), "declared")
    assert "cdn.kachel-server.example (an unknown third party)" in text
    assert "Criteo (a known tracker): dis.eu.criteo.com" in text
    assert "contacted by none of these pages: Vimeo (vimeo)" in text


def test_what_was_not_measured_is_said() -> None:
    """QA-04"""
    text = section(audits.leaky(), "limits")
    assert "the capture holds one visit." in text and "No browser ran." in text
    assert "alt/impressum: the body could not be decoded (br)" in text
    assert "No browser ran." not in section(audits.clean(), "limits")


def test_the_evidence_has_hashes_versions_times_and_the_command() -> None:
    """QA-04"""
    text = section(audits.leaky(), "evidence")
    for one in (
        audits.HASH,
        audits.HASH[::-1],
        "2026-11-24 10:30:00 UTC",
        "mitmproxy 11.0.2",
        "site.toml",
        "--format html",
    ):
        assert one in text
    assert "vorher.json" in section(audits.compared(), "evidence")


def test_pages_beyond_the_first_are_counted_and_not_all_named() -> None:
    report = html.report(audits.large(300))
    assert f"and {300 - html.MOST_PAGES} more: they are in the JSON report" in report
    assert len(report) < 400_000


def test_findings_of_one_host_that_all_say_something_else_are_counted_beyond_the_first() -> None:
    audit = audits.leaky()
    many = tuple(replace(audit.findings[0], message=f"is contacted at /{number}") for number in range(50))
    text = section(replace(audit, findings=many), "findings")
    assert "× 50" in text and "and 42 more of the kind: they are in the JSON report" in text


def test_what_nobody_has_is_said_in_words() -> None:
    audit = replace(audits.leaky(), contacts=(), cookies=(), forwarded=(), findings=(), declared=())
    text = said(audit)
    for one in (
        "No page contacts anybody else.",
        "No cookie was set.",
        "no measurement that would go to Google",
        "declares no service by name",
    ):
        assert one in text


def test_what_only_the_side_that_is_not_judged_does_is_labelled_folded_away_and_not_red() -> None:
    """QA-01"""
    report = html.report(audits.clean())
    states = report[report.index('id="states"') : report.index('id="findings"')]
    assert "Not agreed to:" in states and 'class="bad"' not in states
    assert "With the gateway: nobody." in said(audits.clean())
    assert "Without the gateway, which is not judged: contacted even for a visitor" in said(audits.clean())
    assert '<details class="folded"><summary>' in report
    assert 'class="bad"' not in report
    leaky = html.report(audits.leaky())
    assert 'class="bad"' in leaky[leaky.index('id="states"') : leaky.index('id="findings"')]


def test_what_a_page_is_counted_in_is_said_once() -> None:
    assert said(audits.leaky()).count("One finding is one page in one state") == 1


@pytest.mark.browser
def test_what_is_folded_away_is_printed() -> None:
    with sync_playwright() as playwright, chromium.launched(playwright) as browser:
        page = browser.new_page()
        page.set_content(html.report(audits.clean()))
        folded = "document.querySelector('.folded').getBoundingClientRect().height"
        on_screen = page.evaluate(folded)
        page.emulate_media(media="print")
        assert page.evaluate(folded) > 10 * on_screen
