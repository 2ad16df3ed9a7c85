"""A tag tells its attributes as a browser reads them."""

from __future__ import annotations

import pytest

from consent_gateway.page.reading import read


def attributes(html: str) -> dict[str, str]:
    data = html.encode()
    (tag,) = read(data).tags
    return {
        name.decode(): data[found.value_start : found.value_end].decode()
        for name, found in tag.attributes(data).items()
    }


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<img src=\"a\" alt=b  data-x='c'>", {"src": "a", "alt": "b", "data-x": "c"}),
        ("<IMG SRC=a/b.png ALT>", {"src": "a/b.png", "alt": ""}),
        ('<img\n\tsrc = "a>b"\n/>', {"src": "a>b"}),
        ("<img src='a'alt=b>", {"src": "a", "alt": "b"}),
        ("<img src=a src=b>", {"src": "a"}),
        ("<img/src=a/alt=b>", {"src": "a/alt=b"}),
        ("<img =x src=a>", {"=x": "", "src": "a"}),
        ("<img src=>", {"src": ""}),
    ],
)
def test_attributes_are_read_in_every_spelling(html: str, found: dict[str, str]) -> None:
    assert attributes(html) == found


def test_every_duplicate_of_an_attribute_is_seen() -> None:
    data = b"<img src=a SRC=b>"
    (tag,) = read(data).tags
    assert [data[a.value_start : a.value_end] for a in tag.every_attribute(data)] == [b"a", b"b"]


def test_an_end_tag_ends_where_its_quotes_say() -> None:
    data = b"<iframe>a</iframe x='>'>b"
    (tag,) = read(data).tags
    assert data[tag.element_end(data) :] == b"b"


def test_raw_text_knows_where_it_ends() -> None:
    data = b"<script>a</script ><iframe>b"
    script, iframe = read(data).tags
    assert (data[script.end : script.body_end], script.closed) == (b"a", True)
    assert data[script.start : script.element_end(data)] == b"<script>a</script >"
    assert (data[iframe.end : iframe.body_end], iframe.closed) == (b"b", False)
    assert iframe.element_end(data) == len(data)
