"""What is inside svg and math is known, and where it ends."""

from __future__ import annotations

from consent_gateway.page.reading import read


def test_what_is_inside_svg_is_marked_until_html_breaks_out() -> None:
    tags = read(b"<svg><image href=x /><script href=y></script><div style=a></div><img src=z>").tags
    assert [(tag.name, tag.foreign) for tag in tags] == [
        (b"svg", False), (b"image", True), (b"script", True), (b"div", False), (b"img", False),
    ]  # fmt: skip
