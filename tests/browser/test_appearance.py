"""What is inserted looks as it has to, whatever the page, the width and the language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import OpenSite

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 375, 390, 768, 1280)


def size(element: Locator) -> tuple[float, float]:
    box = element.bounding_box()
    assert box is not None
    return box["width"], box["height"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_agreeing_is_never_larger_than_refusing(visit: OpenSite, language: str) -> None:
    site = visit(headers={"Accept-Language": language})
    for path in ("/plain-without-language.html", "/.privacy/preferences"):
        for width in WIDTHS:
            site.page.set_viewport_size({"width": width, "height": 800})
            site.open(path)
            reject, accept = (
                site.page.locator(f'button[name=decision][value="{decision}_all"]')
                for decision in ("reject", "accept")
            )
            assert size(reject) == size(accept), (path, width)
            assert size(reject)[1] >= 44
