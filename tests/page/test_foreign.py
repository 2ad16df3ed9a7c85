"""What is inside svg and math is known, and where it ends."""

from __future__ import annotations

from consent_gateway.page.reading import read


def certain(html: bytes) -> bool:
    return read(html).certain


def test_an_end_tag_across_open_html_elements_is_read_in_both_ways() -> None:
    """Most parsers ignore it: what follows is html, where the text of a script ends elsewhere."""
    page = b"<svg><desc><t></desc><script><!--</script><img src=x>--></svg>"
    assert not certain(page)
    assert b"img" in [tag.name for tag in read(page).tags]


def test_html_inside_svg_that_is_closed_as_it_was_opened_is_certain() -> None:
    assert certain(b"<svg><foreignObject><div><p>a<p>b<br><b>c</b></p></div></foreignObject><g></g></svg>")
    assert certain(b"<svg><desc>x</desc><title>y</title><script>1</script></svg>")
    assert not certain(b"<svg><foreignObject><b><div></b></foreignObject></svg>")
    assert not certain(b"<div><svg></div><xmp><p>")


def test_the_text_of_a_style_in_svg_ends_where_html_begins() -> None:
    page = b"<svg><style>a{}<g>b{}</g></style><style>c{}<p>d{}</style>"
    styles = [tag for tag in read(page).tags if tag.name == b"style" and tag.foreign]
    assert [page[tag.end : tag.body_end] for tag in styles] == [b"a{}<g>b{}</g>", b"c{}"]


def test_what_is_inside_svg_is_marked_until_html_breaks_out() -> None:
    tags = read(b"<svg><image href=x /><script href=y></script><div style=a></div><img src=z>").tags
    assert [(tag.name, tag.foreign) for tag in tags] == [
        (b"svg", False), (b"image", True), (b"script", True), (b"div", False), (b"img", False),
    ]  # fmt: skip
