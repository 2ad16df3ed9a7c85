"""What stands in for any company."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.demo.general_stand_in import NOTHING, GeneralStandIn, destination


@pytest.fixture
def stand_in(catalogue: Catalogue) -> GeneralStandIn:
    return GeneralStandIn(catalogue)


def test_a_frame_says_whose_place_it_is(stand_in: GeneralStandIn) -> None:
    frame = stand_in.answer("www.youtube.com", "/embed/x", "iframe")
    assert frame.media_type == "text/html"
    assert "This is where YouTube would be." in frame.text and "Google Ireland Limited" in frame.text


def test_a_script_draws_into_the_elements_of_its_service(stand_in: GeneralStandIn) -> None:
    script = stand_in.answer("connect.facebook.net", "/en_US/sdk.js", "script")
    assert script.media_type == "text/javascript"
    assert '".fb-like"' in script.text and '"fb\\\\:like"' in script.text


def test_a_chat_is_drawn_above_the_page(stand_in: GeneralStandIn) -> None:
    assert '"floats": "chat"' in stand_in.answer("client.crisp.chat", "/l.js", "script").text


def test_who_is_nobody_is_called_by_the_host_and_cannot_write_markup(stand_in: GeneralStandIn) -> None:
    assert "where cdn.example.org would be" in stand_in.answer("cdn.example.org", "/x", "iframe").text
    assert "<b>" not in stand_in.answer("<b>", "/", "image").text
    assert "<b>" not in stand_in.answer("<b>", "/", "script").text.partition("told = ")[2].partition("\n")[0]


def test_what_nobody_sees_is_answered_with_nothing(stand_in: GeneralStandIn) -> None:
    assert stand_in.answer("www.youtube.com", "/log", "empty") is NOTHING


@pytest.mark.parametrize(
    ("headers", "path", "kind"),
    [
        ({"sec-fetch-dest": "image"}, "/x.js", "image"),
        ({}, "/en/sdk.js", "script"),
        ({}, "/w.css?a=b.js", "style"),
        ({"accept": "text/html,*/*"}, "/embed/x", "document"),
        ({"accept": "*/*"}, "/gtag/js", "script"),
    ],
)
def test_what_a_request_is_for_is_told_by_its_headers_or_its_looks(
    headers: dict[str, str], path: str, kind: str
) -> None:
    assert destination(headers, path) == kind
