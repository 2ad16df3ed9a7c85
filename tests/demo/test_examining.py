"""A look at a document: a fragment counts in its own lines, and nothing is left over."""

from __future__ import annotations

from datetime import datetime

import pytest

from consent_gateway.demo.embeds import document
from consent_gateway.demo.examining import HOST, left_over, recognised, strict_gateway
from consent_gateway.gateway import Gateway
from consent_gateway.page.rewriting import Rewriter
from tests.services_pages import SERVICES

FRAME = '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'


@pytest.fixture(scope="module")
def strict() -> Gateway:
    return strict_gateway()


@pytest.mark.parametrize("markup", [FRAME, f"<!doctype html><html><body>\n{FRAME}</body></html>"])
def test_places_are_those_in_what_was_written(strict: Gateway, now: datetime, markup: str) -> None:
    written = document(markup.encode(), "x.html")
    [one] = recognised(strict, written, HOST, now)
    line = markup.splitlines()[one.place.line - 1]
    assert line[one.place.column - 1 :].startswith("src=")


def test_a_file_in_another_encoding_is_read_as_browsers_do(strict: Gateway, now: datetime) -> None:
    page = f"<!doctype html><body>\nÜber {FRAME}"
    for codec in ("utf-8", "utf-16", "cp1252"):
        [one] = recognised(strict, document(page.encode(codec), "x.html"), HOST, now)
        assert str(one.place) == "2:14", codec


@pytest.mark.parametrize("id", ["facebook", "google-analytics", "google-fonts", "linkedin", "x", "zoom"])
def test_nothing_is_left_over_of_what_is_held(strict: Gateway, now: datetime, id: str) -> None:
    page = document((SERVICES / id / "page.html").read_bytes(), "page.html")
    assert recognised(strict, page, HOST, now)
    assert left_over(strict, page, HOST, now) == []


def test_what_a_gateway_would_let_through_is_found(
    strict: Gateway, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rewriter, "treat", lambda self, element, page: [])
    [one] = left_over(strict, document(FRAME.encode(), "x.html"), HOST, now)
    assert (one.service, one.is_held) == ("youtube", False)
