"""What is opened beside a site's pages: one that is not there, one in another language, and pages after an answer is
taken back; each in the states that differ most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from consent_gateway.audit.coverage import alternate, languages_of, of_entries
from consent_gateway.audit.findings import Covered, Side, Situation
from consent_gateway.audit.recorded import label_of
from consent_gateway.audit.sighting import Sighting
from consent_gateway.captures.tab import Click
from consent_gateway.captures.visited import Visited
from consent_gateway.page.documents import language_of

BRIEFLY = ("fresh", "refused", "all")  # the states in which they are opened
NO_SUCH_PAGE = "/consent-gateway-audit-of-a-page-that-is-not-there"


@dataclass(frozen=True, slots=True)
class Also:
    """A page that is opened beside those of the site, with a `locale` of its own where it has one."""

    page: str
    situation: Situation
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Journey:
    """What somebody clicks through the gateway, and the state that he is in once he has."""

    situation: Situation
    state: str
    clicks: tuple[Click, ...]
    words: str


_REJECT = Click("[data-privacy=notice] button[value=reject_all]", "“Reject all” in a notice")
_ACCEPT = Click("[data-privacy=notice] button[value=accept_all]", "“Accept all” in a notice")
_SETTINGS = Click("a[data-privacy=settings]", "link to the privacy settings")
_WITHDRAW = Click("main button[value=reject_all]", "“Withdraw all” in the privacy settings")
JOURNEYS = (
    Journey(Situation.REJECTED, "refused", (_REJECT,), "“Reject all” was clicked in the notice"),
    Journey(
        Situation.WITHDRAWN,
        "withdrawn",
        (_ACCEPT, _SETTINGS, _WITHDRAW),
        "“Accept all” was clicked in the notice, and “Withdraw all” in the settings",
    ),
)


def beside(found: Sequence[Visited]) -> tuple[Also, ...]:
    """What is opened beside the pages of a site. A second language that is among them already is not; where no page
    names one, the first page is asked for in one."""
    first = found[0].page
    missing = Also(f"{urlsplit(first).scheme}://{urlsplit(first).netloc}{NO_SUCH_PAGE}", Situation.NOT_FOUND)
    languages = languages_of(found)
    if len(languages) > 1:
        return (missing,)
    if other := alternate(found):
        return (missing, Also(other[1], Situation.LANGUAGE))
    locale = "en-GB" if "de" in languages else "de-DE"
    return (missing, Also(first, Situation.LANGUAGE, locale))


def covered(found: Sequence[Visited], seen: Sequence[tuple[Sighting, int]]) -> tuple[Covered, ...]:
    """What was done about each situation at one site: of the pages, and of visits with how many contacts each has made
    with others."""
    sightings = [one for one, _ in seen]
    journeys = {one.situation: (one, number) for one, number in seen}
    return (
        *(_of_journey(journey, journeys.get(journey.situation)) for journey in JOURNEYS),
        of_entries([label_of(one.page) for one in found]),
        _of_missing([one for one in sightings if one.situation is Situation.NOT_FOUND]),
        _of_language(found, [one for one in sightings if one.situation is Situation.LANGUAGE]),
    )


def _of_journey(journey: Journey, seen: tuple[Sighting, int] | None) -> Covered:
    if seen is None:
        return Covered(journey.situation, False, "the gateway was not opened")
    sighting, number = seen
    if not _is_taken(sighting):
        return Covered(journey.situation, False, sighting.failure or "the gateway did not take the answer")
    parties = "nobody else was contacted" if not number else f"{number} contacts with others were made"
    page = label_of(sighting.page)
    return Covered(
        journey.situation, True, f"{journey.words} on {page}, then the page was opened again: {parties}"
    )


def _is_taken(sighting: Sighting) -> bool:
    """Whether the answer that was clicked came to the gateway, and was no error to it."""
    posted = [one for one in sighting.exchanges if one.request.method == "POST"]
    return not sighting.failure and any(
        one.response is not None and one.response.status < 400 and one.request.path.endswith("/choice")
        for one in posted
    )


def _of_missing(seen: Sequence[Sighting]) -> Covered:
    statuses = {one.side: one.document.status for one in seen if one.document}
    if statuses.keys() != set(Side):
        reason = next((one.failure for one in seen if one.failure), "it was not opened")
        return Covered(Situation.NOT_FOUND, False, reason)
    said = " and ".join(dict.fromkeys(str(status) for status in statuses.values()))
    return Covered(Situation.NOT_FOUND, True, f"{NO_SUCH_PAGE} was opened, answered with {said}")


def _of_language(found: Sequence[Visited], seen: Sequence[Sighting]) -> Covered:
    languages = languages_of(found)
    shown = {
        language_of(one.document.body): label_of(one.page) for one in seen if one.document and one.is_shown
    }
    both = languages | {language: page for language, page in shown.items() if language not in languages}
    both.pop("", None)
    if len(both) > 1:
        listed = ", ".join(f"{language} ({label_of(page)})" for language, page in both.items())
        return Covered(Situation.LANGUAGE, True, f"pages in {listed}")
    own = ", ".join(both) or "no language"
    return Covered(
        Situation.LANGUAGE,
        False,
        f"no second language found: no page names one (hreflang), and asked in another its pages say {own}",
    )
