"""Which situations captures hold, and which pages name another language."""

from __future__ import annotations

from pathlib import Path

import pytest

from consent_gateway.audit.coverage import alternate, languages_of
from consent_gateway.audit.findings import Audit, Situation
from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.visited import Visited
from tests.audit.sites import SITE, exchange
from tests.audit.test_offline import Auditing, auditing

__all__ = ["auditing"]


def said(audit: Audit) -> dict[Situation, tuple[bool, str]]:
    return {one.situation: (one.tried, one.said) for one in audit.coverage}


def page(path: str, language: str, *, status: int = 200, head: str = "") -> Exchange:
    return exchange(f"{SITE}{path}", f"<!doctype html><html lang={language}>{head}<p>x", status=status)


def visited(one: Exchange) -> Visited:
    return Visited(address=one.request.url, exchanges=(one,))


def test_qa_01_a_capture_says_what_of_each_situation_is_in_it(auditing: Auditing) -> None:
    found = auditing(page("/", "en"), page("/de/kontakt", "de-AT"), page("/old", "en", status=404))
    assert said(found)[Situation.DEEP] == (
        True, f"1 of 2 pages are not the front page: {SITE}/de/kontakt",
    )  # fmt: skip
    assert said(found)[Situation.NOT_FOUND] == (True, f"recorded: {SITE}/old")
    assert found.left_out == (), "what is covered is not left out"
    assert said(found)[Situation.LANGUAGE] == (True, f"pages in en ({SITE}/), de ({SITE}/de/kontakt)")
    for situation in (Situation.REJECTED, Situation.WITHDRAWN):
        tried, why = said(found)[situation]
        assert not tried and "nobody clicks in a capture" in why


def test_qa_01_what_a_capture_does_not_hold_is_said_to_be_not_measured(auditing: Auditing) -> None:
    found = auditing(page("/", "en"))
    assert not [one for one in found.coverage if one.tried]
    for one in found.coverage:
        assert f"{one.situation} was not tried: {one.said}" in found.not_measured
    assert said(found)[Situation.LANGUAGE][1].endswith("its pages say en")


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ('<link rel=alternate hreflang=de-AT href="/de/#top">', ("de", f"{SITE}/de/")),
        ('<a hreflang="fr" href="../fr?a=1&amp;b=2">fran\u00e7ais</a>', ("fr", f"{SITE}/fr?a=1&b=2")),
        ('<link rel=alternate hreflang=en-GB href="/gb/">', None),
        ('<link rel=alternate hreflang=x-default href="/x/">', None),
        ('<link rel=alternate hreflang=de href="https://www.example.de/">', None),
        ("<link rel=alternate hreflang=de>", None),
        ("", None),
    ],
)
def test_another_language_is_what_a_page_links_to_on_its_own_host(
    head: str, found: tuple[str, str] | None
) -> None:
    assert alternate([visited(page("/", "en", head=head))]) == found


def test_languages_are_those_that_pages_say(tmp_path: Path) -> None:
    pages = [visited(page(path, language)) for path, language in (("/", "en"), ("/b", "en"), ("/c", "pt-BR"))]
    assert languages_of(pages) == {"en": f"{SITE}/", "pt": f"{SITE}/c"}
    assert languages_of([Visited(address=f"{SITE}/gone", failure="no answer")]) == {}
