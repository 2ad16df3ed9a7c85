"""Addresses in state and code make a service known, and change no byte."""

from __future__ import annotations

import json

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.page.charset import Encoding
from consent_gateway.page.mentions import mentions
from consent_gateway.page.reading import read
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site
from tests.page.test_rewriting import VIEW

FILM = "https://www.youtube.com/embed/abc?rel=0"


def places(html: str) -> list[tuple[str, str]]:
    data = html.encode()
    return list(mentions(data, read(data), lambda host: host == "www.youtube.com"))


@pytest.mark.parametrize(
    "html",
    [
        f'<script id="__NEXT_DATA__" type="application/json">{{"src":"{FILM}"}}</script>',
        f"<script>window.__NUXT__={json.dumps({'src': FILM}).replace('/', chr(92) + 'u002F')}</script>",
        f"<script>self.__next_f.push([1,{json.dumps(json.dumps({'src': FILM}))}])</script>",
        '<script type=application/json>{{"src":"{}"}}</script>'.format(FILM.replace("/", "\\/")),
        f'<astro-island props="{{&quot;src&quot;:[0,&quot;{FILM}&quot;]}}"></astro-island>',
        f'<div data-page=\'{{"src":"{FILM}"}}\'></div>',
        f"<script>frame.src = '{FILM}'</script>",
    ],
)
def test_an_address_is_found_however_it_is_written(html: str, catalogue: Catalogue) -> None:
    assert places(html) == [("www.youtube.com", "/embed/abc?rel=0")]
    recognition = Recogniser(Site(), catalogue, ()).on("www.example.com")
    result = Rewriter(catalogue, recognition).page(html.encode(), encoding=Encoding("utf-8"), view=VIEW)
    assert result.services == {"youtube"} and result.body == html.encode()


@pytest.mark.parametrize(
    "html",
    [
        '<script type="application/ld+json">{"video":"https://www.youtube.com/embed/abc"}</script>',
        "<a href=https://www.youtube.com/embed/abc>",
        '<script type="application/json">{"about":"https://www.youtube.com/@somebody"}</script>',
        '<script type="application/json">{"about":"https://www.linkedin.com/company/x"}</script>',
        '<script type="application/json">{"src":"https://www.example.net/embed/abc"}</script>',
    ],
)
def test_links_and_information_make_nobody_known(html: str, catalogue: Catalogue) -> None:
    recognition = Recogniser(Site(), catalogue, ()).on("www.example.com")
    result = Rewriter(catalogue, recognition).page(html.encode(), encoding=Encoding("utf-8"), view=VIEW)
    assert result.services == frozenset() and not result.ours
