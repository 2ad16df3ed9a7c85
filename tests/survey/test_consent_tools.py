"""Consent tools that a site has already."""

from __future__ import annotations

from consent_gateway.survey.consent_tools import MARKS, tools_in


def test_each_is_known_by_what_stands_in_the_page_and_a_text_about_it_is_none() -> None:
    assert tools_in(b'<script id="Cookiebot" src="https://consent.cookiebot.com/uc.js"></script>') == {
        "Cookiebot"
    }
    assert tools_in(b"<p>We compare Cookiebot, OneTrust and Usercentrics.</p>") == frozenset()


def test_marks_are_in_lower_case_as_pages_are_compared() -> None:
    assert all(mark == mark.lower() and tools_in(mark.upper()) >= {name} for mark, name in MARKS)
