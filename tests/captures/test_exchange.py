"""An exchange as a plain value."""

from __future__ import annotations

from consent_gateway.captures.exchange import Exchange
from consent_gateway.messages import Request


def test_a_page_is_what_a_visitor_went_to_and_not_what_a_frame_shows() -> None:
    request = Request(method="GET", scheme="https", host="www.example.com", target="/")
    pages = [
        Exchange(request=request, response=None, destination=one).is_page
        for one in ("document", "iframe", "")
    ]
    assert pages == [True, False, False]
