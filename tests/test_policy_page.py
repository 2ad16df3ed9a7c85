"""The privacy policy as a page."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from consent_gateway import policy_page
from consent_gateway.catalogue import Catalogue
from consent_gateway.policy_page import SECTIONS, Version
from tests.policies import EXAMPLE, in_force, rows, sections, without, words

# The thirteen sections of the document, and what GDPR Art. 13 asks for beside them.
REQUIRED = (
    "why", "recipients", "countries", "sources", "tracking", "plug-ins", "webinars", "protection", "retention",
    "change", "objection", "access", "contact", "who", "cookies", "rights", "revocation", "automated",
)  # fmt: skip


def page(text: str, catalogue: Catalogue, language: str = "en", scheme: str = "https") -> str:
    current = in_force(text, catalogue)
    return policy_page.text(current.policy, current.rendering, language, scheme=scheme)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_section_is_there_and_none_is_empty(catalogue: Catalogue, language: str) -> None:
    """POL-01"""
    shown = page(EXAMPLE, catalogue, language)
    found = sections(shown)
    assert list(found) == [id for id, _ in SECTIONS]
    assert set(found) == set(REQUIRED)
    assert [id for id, text in found.items() if len(text.split()) < 5] == []
    assert re.findall(r'<li><a href="#([a-z-]+)">', shown) == list(found)
    assert 'data-part="missing"' not in shown


def test_without_a_site_file_every_section_says_something_and_what_is_missing(catalogue: Catalogue) -> None:
    shown = page("", catalogue)
    assert [id for id, text in sections(shown).items() if not text] == []
    assert shown.count('data-part="missing"') >= 6
    found = sections(shown)
    assert "nobody but" not in found["recipients"] and "No." not in found["countries"]
    assert "not held back" in found["plug-ins"] and "nobody" not in found["why"]


@pytest.mark.parametrize(
    ("text", "section", "says"),
    [
        (EXAMPLE, "webinars", "Their registration forms"),
        ('[services.linkedin]\n[third_parties]\nunlisted = "hold"\n', "tracking", "We do not track"),
        ("[services.linkedin]\n", "tracking", "is not held back"),
        ('[services.google-analytics]\n[third_parties]\nunlisted = "hold"\n', "plug-ins", "has no such content"),
        ('[services.matomo]\n[third_parties]\nunlisted = "hold"\n', "tracking", "Matomo is operated by"),
        (without("controller"), "who", "The operator of this website is responsible"),
        (without("recipients.webinars", "transfer"), "countries", "the safeguard for the transfer"),
    ],
)  # fmt: skip
def test_a_section_says_what_is_so_on_this_site(
    catalogue: Catalogue, text: str, section: str, says: str
) -> None:
    assert says in sections(page(text, catalogue))[section]


def test_third_countries_are_told_once_for_all_that_have_the_same_ground(catalogue: Catalogue) -> None:
    told = sections(page(EXAMPLE, catalogue))["countries"]
    assert told.count("United States.") == 1
    assert (
        "Zoom Communications, Inc., Google Analytics, YouTube, LinkedIn, Zoom and LinkedIn Insight Tag"
        in told
    )


def test_hostile_words_of_the_operator_stay_words(catalogue: Catalogue) -> None:
    """SEC-03"""
    hostile = "<&>\"'{name}"
    text = EXAMPLE.replace("Morgenrot Solar GmbH", "<&>\\\"'{name}").replace("Beispielbank eG", "<b>&{0}")
    shown = page(text, catalogue)
    assert "<&>" not in shown and "<b>&{0}" not in shown
    assert f"{hostile} is responsible for this website." in sections(shown)["who"]
    assert "<b>&{0}: credit institutions" in sections(shown)["recipients"]


def test_what_is_said_in_another_language_only_is_marked_as_that(catalogue: Catalogue) -> None:
    text = EXAMPLE.replace('{ en = "questions that follow", de = "Rückfragen" }', '{ en = "questions" }')
    assert '<span lang="en" dir="auto">questions</span>' in page(text, catalogue, "de")


def test_a_table_named_like_a_sentence_of_the_wording_is_the_operators(catalogue: Catalogue) -> None:
    text = EXAMPLE.replace("[retention.logs]", "[retention.from_day]").replace('"logs"', '"from_day"')
    assert ["Keeping our systems secure and running", "14 days after collection"] in [
        row[:2] for row in rows(page(text, catalogue), "retention")
    ]


def test_what_is_statutory_is_blocked_and_not_erased_before(catalogue: Catalogue) -> None:
    """POL-05"""
    (books,) = [row for row in rows(page(EXAMPLE, catalogue), "retention") if "§ 257" in row[2]]
    assert books[1] == "8 years after the end of the calendar year in which they came about"
    assert "they are blocked" in books[2]


def test_no_cell_of_its_tables_is_empty(catalogue: Catalogue) -> None:
    """POL-04"""
    shown = page(EXAMPLE, catalogue)
    cookies, kept = rows(shown, "cookies"), rows(shown, "retention")
    assert len(cookies) > 20 and {len(row) for row in cookies} == {5}
    assert len(kept) == 7 and {len(row) for row in kept} == {3}
    assert all(all(row) for row in cookies + kept)
    assert cookies[3][0] == "privacy-place in the session storage of the browser"


def test_nothing_in_it_is_fetched_from_anywhere(catalogue: Catalogue) -> None:
    """POL-06"""
    shown = page(EXAMPLE, catalogue)
    assert not re.search(
        r"<(script|img|iframe|link|object|embed|video|audio|form)\b|style=|\bsrc=|on\w+=", shown
    )


def test_roles_are_told(catalogue: Catalogue) -> None:
    """POL-08"""
    found = sections(page(EXAMPLE, catalogue))
    assert "Google Analytics (Google Ireland Limited, on our behalf and on our instructions)" in found["why"]
    assert "YouTube (Google Ireland Limited, independently responsible)" in found["why"]
    assert "jointly responsible" not in words(page(EXAMPLE, catalogue))
    text = EXAMPLE.replace("[services.youtube]", '[services.facebook]\narrangement = "We share the work."')
    found = sections(page(text, catalogue))
    assert "Facebook (Meta Platforms Ireland Limited, jointly responsible with us)" in found["why"]
    assert (
        "For collecting data by way of Facebook and transmitting them, the provider and we"
        in found["plug-ins"]
    )
    assert "We share the work." in found["plug-ins"]


def test_a_version_is_shown_in_another_language_where_it_was_not_shown_in_this_one() -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    version = Version.of(1, "h", since, {"en": "<p>English", "de": "<p>Deutsch"})
    assert version.text("de") == ("<p>Deutsch", "de")
    assert version.text("fr") == ("<p>Deutsch", "de")
    assert words(version.text("en")[0]) == "English"


BESIDE = """
[policy]
own_page = { en = "/privacy", de = "/datenschutz" }
[site]
languages = ["en", "de"]
[third_parties]
unlisted = "hold"
[services.google-analytics]
"""


@pytest.mark.parametrize(("language", "path"), [("en", "/privacy"), ("de", "/datenschutz")])
def test_where_the_site_has_a_policy_of_its_own_it_is_linked_in_the_place_of_what_is_missing(
    catalogue: Catalogue, language: str, path: str
) -> None:
    shown = page(BESIDE, catalogue, language)
    assert 'data-part="missing"' not in shown
    assert set(re.findall(r'data-part="elsewhere">[^<]*<a href="([^"]+)"', shown)) == {path}
    for section in (
        "who",
        "why",
        "recipients",
        "countries",
        "sources",
        "retention",
        "rights",
        "automated",
        "contact",
    ):
        part = shown.partition(f'<h2 id="{section}">')[2].partition("<h2 ")[0]
        assert 'data-part="elsewhere"' in part, section


def test_a_policy_beside_another_claims_nothing_about_what_it_does_not_know(catalogue: Catalogue) -> None:
    text = BESIDE.replace("[services.google-analytics]", "[services.openstreetmap]")
    found = sections(page(text, catalogue))
    assert "All data stay" not in found["countries"]
    assert "We pass on personal data to nobody" not in found["recipients"]
    assert "We do not track" not in found["tracking"]
    assert "A consent that you gave us elsewhere" in found["revocation"]
    assert "This page says which data we process" not in page(text, catalogue)
    assert "For everything else see “The website's own privacy policy”" in words(page(text, catalogue))


def test_a_complete_policy_leaves_nothing_to_the_page_of_the_site_and_still_names_it(
    catalogue: Catalogue,
) -> None:
    text = EXAMPLE.replace("[policy]\n", '[policy]\nown_page = "/privacy"\n')
    shown = page(text, catalogue)
    assert shown.count('href="/privacy"') == 1 and 'data-part="elsewhere"' not in shown
    assert "See also “The website's own privacy policy”." in words(shown)
    assert "See also" not in words(page(EXAMPLE, catalogue)) + words(page(BESIDE, catalogue))


@pytest.mark.parametrize("text", ["", "[services.linkedin]\n", '[policy]\nown_page = "/privacy"\n'])
def test_of_webinars_nothing_is_said_where_nobody_has_said_that_there_are_any(
    catalogue: Catalogue, text: str
) -> None:
    shown = page(text, catalogue)
    assert "webinars" not in sections(shown) and 'href="#webinars"' not in shown


def test_the_page_of_the_site_is_found_from_a_policy_that_stands_alone(catalogue: Catalogue) -> None:
    current = in_force(BESIDE, catalogue)
    root = "https://www.shop.test"
    shown = policy_page.text(current.policy, current.rendering, "de", scheme="https", root=root)
    assert f'href="{root}/datenschutz"' in shown
    elsewhere = BESIDE.replace('"/datenschutz"', '"https://group.shop.test/ds?a=1&b=2"')
    assert 'href="https://group.shop.test/ds?a=1&amp;b=2"' in page(elsewhere, catalogue, "de")


def test_a_reason_of_the_gateways_is_said_in_the_visitors_language(catalogue: Catalogue) -> None:
    text = f'{BESIDE}[cookies.sid]\npurpose = "necessary"\nreason = "login"\nduration = "session"\n'
    told = [row[1] for row in rows(page(text, catalogue, "de"), "cookies") if row[0] == "sid"]
    assert told == ["notwendig: hält Sie angemeldet"]
