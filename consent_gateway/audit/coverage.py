"""Which situations an audit has tried, beside every page in every state, and which not, with the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from consent_gateway.audit.findings import Covered, Situation
from consent_gateway.captures.visited import Visited
from consent_gateway.page.documents import language_of
from consent_gateway.page.reading import read_every
from consent_gateway.urls import attribute_text, resolve

_NOBODY_CLICKS = (
    "nobody clicks in a capture: each page is looked at as it comes for a visitor in the state {}, and an audit of "
    "the address clicks"
)


def of_captures(
    pages: Collection[str], languages: Mapping[str, str], missing: Collection[str]
) -> tuple[Covered, ...]:
    """What captures hold: the addresses of pages, languages with the first page of each, and pages that were not
    there."""
    return (
        Covered(Situation.REJECTED, False, _NOBODY_CLICKS.format("refused")),
        Covered(Situation.WITHDRAWN, False, _NOBODY_CLICKS.format("withdrawn")),
        of_entries(pages),
        Covered(Situation.NOT_FOUND, True, f"recorded: {_first(missing)}")
        if missing
        else Covered(Situation.NOT_FOUND, False, "the capture has no page that was answered with 404"),
        Covered(Situation.LANGUAGE, True, f"pages in {_listed(languages)}")
        if len(languages) > 1
        else Covered(
            Situation.LANGUAGE, False, f"the capture has no second language; its pages say {_said(languages)}"
        ),
    )


def of_entries(pages: Collection[str]) -> Covered:
    """Every page is looked at as the first that a visitor opens: pages below the front page are deep entries."""
    deep = [page for page in pages if urlsplit(page).path not in ("", "/")]
    if deep:
        return Covered(
            Situation.DEEP, True, f"{len(deep)} of {len(pages)} pages are not the front page: {_first(deep)}"
        )
    return Covered(Situation.DEEP, False, "no page but the front page was found")


def languages_of(found: Iterable[Visited]) -> dict[str, str]:
    """The languages that pages say they are in, each with the first page."""
    languages: dict[str, str] = {}
    for one in found:
        answer = one.document.response if one.document else None
        if answer and (language := language_of(answer.body)):
            languages.setdefault(language, one.page)
    return languages


def alternate(found: Iterable[Visited]) -> tuple[str, str] | None:
    """A page in another language that a page names by hreflang (RFC 8288 3.4.1), on its own host: language and
    address."""
    for one in found:
        answer = one.document.response if one.document else None
        own = language_of(answer.body) if answer else ""
        for language, address in _alternates(answer.body, one.page) if answer and own else ():
            if language != own and urlsplit(address).netloc == urlsplit(one.page).netloc:
                return language, address
    return None


def _alternates(body: bytes, url: str) -> Iterator[tuple[str, str]]:
    for tag in read_every(body):
        if tag.name not in (b"link", b"a"):
            continue
        fields = tag.attributes(body)
        said = {
            name: attribute_text(body[found.value_start : found.value_end].decode("utf-8", "replace")).strip()
            for name in (b"hreflang", b"href")
            if (found := fields.get(name))
        }
        language = said.get(b"hreflang", "").partition("-")[0].lower()
        href = said.get(b"href", "")
        address = resolve(href, url) if href and language.isalpha() and language != "x" else None
        if address:
            yield language, address.url.partition("#")[0]


def _first(pages: Collection[str]) -> str:
    first = next(iter(pages))
    return first if len(pages) == 1 else f"{first} and {len(pages) - 1} more"


def _listed(languages: Mapping[str, str]) -> str:
    return ", ".join(f"{language} ({page})" for language, page in languages.items())


def _said(languages: Mapping[str, str]) -> str:
    return ", ".join(languages) or "no language"
