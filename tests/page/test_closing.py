"""What stands at the end of a page, before the settings link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.page.charset import Encoding
from consent_gateway.page.rewriting import Insertions, Rewriter
from consent_gateway.page.view import Plugin
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site
from tests.page.test_rewriting import VIEW

CHAT = '<script src="https://client.crisp.chat/l.js"></script>'
TOOL = '<script src="https://cdn.userway.org/widget.js"></script>'
FRAME = '<iframe src="https://go.crisp.chat/chat/embed/"></iframe>'
Ending = Callable[..., str]


def placeholder(plugin: Plugin, *, first: bool) -> bytes:
    words = (*plugin.kinds, plugin.service, str(plugin.instance), *["first"] * first)
    return f"[{' '.join(words)}]".encode()


def undo(service: str, *, first: bool, place: str) -> bytes:
    return f"[undo {service} {place}]".encode()


def forms(services: list[str]) -> bytes:
    return f"[forms {' '.join(services)}]".encode()


@pytest.fixture
def ending(catalogue: Catalogue) -> Ending:
    """What stands in a page from the mark END on; the forms of these owners stand at its start."""
    rewriter = Rewriter(catalogue, Recogniser(Site(), catalogue, ()).on("www.example.com"))

    def ending(html: str, *, owners: str = "", **view: object) -> str:
        shown = {"placeholder": placeholder, "undo": undo, "forms": forms} | view
        body = rewriter.page(
            f"<body>{html}<p>END</body>".encode(),
            encoding=Encoding("utf-8"),
            view=replace(VIEW, **shown),  # type: ignore[arg-type]
            insert=lambda services: Insertions(settings=b"[settings]"),
        ).body.decode()
        assert body.startswith(f"<body>[forms {owners}]") if owners else "[forms" not in body
        return body.partition("END")[2]

    return ending


def test_each_service_has_one_bar_before_the_settings_link_whatever_loads_it(
    ending: Ending,
) -> None:
    boot = "<script>s.src = 'https://client.crisp.chat/l.js'</script>"
    end = ending(TOOL + CHAT + boot + CHAT, owners="crisp userway")
    assert end == "[chat crisp 1 first][tool userway 2][settings]</body>"


def test_a_frame_of_the_service_has_its_place_and_is_enough(ending: Ending) -> None:
    end = ending(FRAME + CHAT + TOOL, owners="crisp userway")
    assert end == "[tool userway 2][settings]</body>"


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="preconnect" href="https://client.crisp.chat">',
        '<img src="https://image.crisp.chat/avatar.png">',
        f"<template>{CHAT}</template>",
        f"<noscript>{CHAT}</noscript>",
        '<script src="https://www.googletagmanager.com/gtm.js?id=GTM-X"></script>',
    ],
)
def test_what_draws_nothing_above_the_page_has_none(ending: Ending, html: str) -> None:
    assert ending(html) == "[settings]</body>"


def test_what_loads_once_or_always_has_none(ending: Ending) -> None:
    assert ending(CHAT, once=frozenset({("crisp", 1)})) == "[settings]</body>"
    always = ending(CHAT + TOOL, owners="crisp userway", loads=lambda service: service == "crisp")
    assert always == "[tool userway 1 first][undo crisp apart][settings]</body>"


def test_where_none_is_wanted_the_next_has_the_first_place(ending: Ending) -> None:
    def only_tools(plugin: Plugin, *, first: bool) -> bytes:
        return b"" if "chat" in plugin.kinds else placeholder(plugin, first=first)

    end = ending(CHAT + TOOL, owners="userway", placeholder=only_tools)
    assert end == "[tool userway 2 first][settings]</body>"


def test_what_code_of_the_page_loads_is_switched_off_before_the_settings_link(ending: Ending) -> None:
    films = "<script>films('https://www.youtube.com/embed/abcdefghijk')</script>"
    end = ending(films, owners="youtube", loads=lambda service: service == "youtube")
    assert end == "[undo youtube apart][settings]</body>"


def test_where_no_settings_link_stands_nothing_does(catalogue: Catalogue) -> None:
    rewriter = Rewriter(catalogue, Recogniser(Site(), catalogue, ()).on("www.example.com"))
    view = replace(VIEW, placeholder=placeholder)
    framed = rewriter.page(f"<body>{CHAT}".encode(), encoding=Encoding("utf-8"), view=view).body
    assert b"[chat" not in framed
