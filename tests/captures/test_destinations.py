"""What a request was made for."""

from __future__ import annotations

import pytest

from consent_gateway.captures.destinations import destination_of
from consent_gateway.messages import Headers, Request, Response


def destination(kind: str = "", told: str = "", **fields: str) -> str:
    request = Request(
        method="GET", scheme="https", host="a.example", target="/", headers=Headers.of(**fields)
    )
    response = Response(status=200, headers=Headers.of(Content_Type=kind)) if kind else None
    return destination_of(request, response, told)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("document", "document"),
        ("Script", "script"),
        ("empty", "empty"),
        ("frame", "iframe"),
        ("fencedframe", "iframe"),
    ],
)
def test_what_the_browser_says_counts_most(said: str, found: str) -> None:
    assert destination("text/css", "image", Sec_Fetch_Dest=said, Accept="text/html") == found


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("stylesheet", "style"),
        ("XHR", "empty"),
        ("ping", "empty"),
        ("media", "video"),
        ("websocket", "websocket"),
    ],
)
def test_then_what_the_har_says(told: str, found: str) -> None:
    assert destination("text/html", told, Accept="image/avif") == found


def test_an_upgrade_opens_a_socket_whatever_it_is_called() -> None:
    assert destination(Upgrade="WebSocket", Sec_Fetch_Dest="empty") == "websocket"


def test_what_is_fetched_in_case_of_a_visit_is_no_page_yet() -> None:
    assert destination(Sec_Fetch_Dest="document", Sec_Purpose="prefetch;prerender") == "empty"
    assert destination(Accept="text/html", Purpose="prefetch") == "empty"


@pytest.mark.parametrize(
    ("fields", "kind", "found"),
    [
        ({"Accept": "text/html,application/xhtml+xml"}, "application/pdf", "document"),
        ({"Accept": "text/css,*/*;q=0.1"}, "", "style"),
        ({"Accept": "image/avif,image/webp,*/*"}, "text/html", "image"),
        ({"Accept": "*/*"}, "text/html; charset=utf-8", "document"),
        ({"Accept": "*/*", "Referer": "https://a.example/"}, "text/html", "empty"),
        ({"X_Requested_With": "XMLHttpRequest"}, "text/html", "empty"),
        ({"Accept": "*/*"}, "text/javascript", "script"),
        ({"Accept": "*/*"}, "font/woff2", "font"),
        ({"Accept": "*/*"}, "application/json", "empty"),
        ({"Accept": "*/*"}, "application/octet-stream", ""),
        ({}, "", ""),
    ],
)
def test_else_what_was_asked_for_and_what_came(fields: dict[str, str], kind: str, found: str) -> None:
    assert destination(kind, **fields) == found
