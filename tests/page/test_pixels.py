"""An image that nobody sees is a tracking pixel; a picture that waits for its place is none."""

from __future__ import annotations

import pytest

from consent_gateway.page.pixels import is_pixel
from consent_gateway.urls import Address

HIT = "/c?id=4711"


def judged(rest: str, **attributes: str) -> bool:
    return is_pixel(lambda name: attributes.get(name, ""), Address("https", "pixel.example", "", rest))


@pytest.mark.parametrize(
    "attributes",
    [
        {"width": "1", "height": "1"},
        {"width": "0", "height": " 1px "},
        {"style": "display:none"},
        {"style": "border: 0; VISIBILITY : HIDDEN !important"},
        {"style": "height:0px; width:1px"},
    ],
)
def test_an_image_is_a_pixel_by_what_it_is_declared_to_look_like(attributes: dict[str, str]) -> None:
    assert judged(HIT, **attributes)
    assert judged("/o.gif?id=4711", **attributes) and judged("/", **attributes)
    assert not judged(HIT)


@pytest.mark.parametrize(
    "attributes",
    [
        {"width": "1"}, {"width": "100%", "height": "1"}, {"width": "1em", "height": "1em"}, {"style": "width:1px"},
        {"style": "max-width:1px; max-height:1px"}, {"style": "background:url(display:none)"}, {"style": "width:10px;height:0"},
    ],
)  # fmt: skip
def test_an_image_that_can_be_seen_is_none(attributes: dict[str, str]) -> None:
    assert not judged(HIT, **attributes)


@pytest.mark.parametrize(
    "rest", ["/dish.jpg?quality=75", "/a.WEBP", "/logo.svg", "/spacer.gif", "/badge.png"]
)
def test_a_picture_that_is_shown_later_and_a_spacer_of_old_are_none(rest: str) -> None:
    assert not judged(rest, width="1", height="1") and not judged(rest, style="display:none")
