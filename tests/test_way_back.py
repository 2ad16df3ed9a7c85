"""A part that is rendered once says the same as one that is rendered for each page."""

from __future__ import annotations

from pathlib import Path

import pytest

from consent_gateway import way_back
from consent_gateway.rendering import Rendering, templates_folder

WAYS = (
    "/",
    "/shop?page=2&sort=price#top",
    "/\"><script>alert('1')</script>",
    "/%3Eway-back",
    "/größe?q=ä ö+ü&amp;",
    "/a'b~c:d;e,f@g!h$i(j)*k=[l]",
)
TEMPLATE = '<input value="{{ return_to }}" /><a href="/x?return={{ return_to | urlencode }}">back</a>'


def rendering(folder: Path, template: str) -> Rendering:
    (folder / "part.html").write_text(template)
    return Rendering(templates_folder(), ("en",), own=folder, prefix="/.privacy")


@pytest.mark.parametrize("way", WAYS)
def test_the_way_back_is_filled_in_as_the_template_would_write_it(tmp_path: Path, way: str) -> None:
    made = rendering(tmp_path, TEMPLATE)
    blank = way_back.blank(lambda way: made.inserted("part.html", "en", return_to=way))
    assert blank is not None
    assert way_back.filled(blank, way) == made.inserted("part.html", "en", return_to=way)


@pytest.mark.parametrize(
    "made_of_it", ["title", "upper", "truncate(20)", "replace('/', '-')", "length", "safe"]
)
def test_a_template_that_makes_something_else_of_it_is_not_filled_in(tmp_path: Path, made_of_it: str) -> None:
    made = rendering(tmp_path, TEMPLATE + f"<p>{{{{ return_to | {made_of_it} }}}}</p>")
    assert way_back.blank(lambda way: made.inserted("part.html", "en", return_to=way)) is None
