"""What is opened beside the pages of a site, and what is said of each situation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from consent_gateway.audit.findings import Side, Situation
from consent_gateway.audit.sighting import Sighting
from consent_gateway.audit.situations import NO_SUCH_PAGE, Also, beside, covered
from consent_gateway.captures.exchange import Exchange
from tests.audit.sites import SITE, exchange
from tests.audit.test_coverage import page, visited

ENGLISH = visited(page("/", "en"))


def seen(now: datetime, situation: Situation, *exchanges: Exchange, side: Side = Side.THROUGH) -> Sighting:
    return Sighting(
        page=f"{SITE}/", state="fresh", side=side, fields=(), time=now, exchanges=exchanges, situation=situation
    )  # fmt: skip


def of(situation: Situation, *visits: tuple[Sighting, int]) -> tuple[bool, str]:
    [found] = [one for one in covered([ENGLISH], visits) if one.situation is situation]
    return found.tried, found.said


def test_a_page_that_is_not_there_is_opened_and_another_language_where_there_may_be_one() -> None:
    missing = Also(f"{SITE}{NO_SUCH_PAGE}", Situation.NOT_FOUND)
    linked = visited(page("/", "en", head="<link rel=alternate hreflang=de href=/de>"))
    assert beside([linked]) == (missing, Also(f"{SITE}/de", Situation.LANGUAGE))
    assert beside([ENGLISH, visited(page("/de", "de"))]) == (missing,)
    assert beside([ENGLISH]) == (missing, Also(f"{SITE}/", Situation.LANGUAGE, "de-DE"))
    assert beside([visited(page("/", "de"))])[1].locale == "en-GB"


def test_an_answer_counts_as_clicked_once_the_gateway_has_taken_it(now: datetime) -> None:
    posted = exchange(f"{SITE}/.privacy/choice", method="POST", status=303)
    taken = seen(now, Situation.REJECTED, posted, page("/", "en"))
    tried, said = of(Situation.REJECTED, (taken, 0))
    assert tried and said.endswith("nobody else was contacted")
    assert of(Situation.REJECTED, (taken, 2))[1].endswith("2 contacts with others were made")
    refused = seen(now, Situation.REJECTED, replace(posted, response=exchange(SITE, status=403).response))
    assert of(Situation.REJECTED, (refused, 0)) == (False, "the gateway did not take the answer")
    without = replace(seen(now, Situation.REJECTED), failure="there is no “Reject all” in a notice")
    assert of(Situation.REJECTED, (without, 0)) == (False, "there is no “Reject all” in a notice")
    assert of(Situation.REJECTED)[0] is False


def test_a_page_that_is_not_there_has_to_be_answered_on_both_sides(now: datetime) -> None:
    gone = seen(now, Situation.NOT_FOUND, page(NO_SUCH_PAGE, "en", status=404))
    assert of(Situation.NOT_FOUND, (gone, 0)) == (False, "it was not opened")
    direct = replace(gone, side=Side.DIRECT)
    assert of(Situation.NOT_FOUND, (gone, 0), (direct, 0)) == (
        True,
        f"{NO_SUCH_PAGE} was opened, answered with 404",
    )


def test_a_page_in_another_language_has_to_say_so(now: datetime) -> None:
    assert of(Situation.LANGUAGE, (seen(now, Situation.LANGUAGE, page("/", "de")), 0)) == (
        True, f"pages in en ({SITE}/), de ({SITE}/)",
    )  # fmt: skip
    tried, said = of(Situation.LANGUAGE, (seen(now, Situation.LANGUAGE, page("/", "en")), 0))
    assert not tried and said.startswith("no second language found")
