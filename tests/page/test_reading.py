"""A whole document is read for every browser that may see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from consent_gateway.page.reading import read
from consent_gateway.page.tags import Tag

ADVERSARIAL: dict[str, str] = json.loads((Path(__file__).parent / "adversarial.json").read_text("utf-8"))


def test_where_browsers_drift_apart_everything_like_a_tag_counts() -> None:
    reading = read(b'<noscript><p title="</noscript><p title="><img src=x>"></p>')
    assert (b"img", True) in [(tag.name, tag.doubtful) for tag in reading.tags]
    assert not reading.certain


@pytest.mark.parametrize(
    ("html", "doubtful"),
    [
        (b"<svg><title>x</title><image href=a /></svg>", False),
        (b"<svg><title><!--</title><img src=y>--></svg>", True),
        (b"<svg><script/><!--</script><img src=y>--></svg>", True),
        (b"<svg><style>a{}</style><![CDATA[x]]></svg>", False),
        (b"<svg><style><!--</style><img src=y>--></style></svg>", True),
    ],
)
def test_the_reading_ahead_is_looked_at_where_svg_holds_more_than_text(html: bytes, doubtful: bool) -> None:
    assert any(tag.doubtful for tag in read(html).tags) == doubtful


def test_in_a_frameset_a_script_is_no_script() -> None:
    reading = read(b"<frameset><script><frame src=x></script>")
    assert not reading.certain and b"frame" in [tag.name for tag in reading.tags]
    assert read(b"<frameset><frame src=x><noframes>x</noframes></frameset>").certain


def test_a_document_that_ends_inside_a_comment_does_not_end_in_text() -> None:
    assert read(b"<p>text").finished_in_text
    assert not read(b"<p><!-- text").finished_in_text
    assert not read(b"<p><script>").finished_in_text


@pytest.mark.parametrize("name", sorted(ADVERSARIAL))
def test_every_hostile_document_is_read_to_its_end(name: str) -> None:
    data = ADVERSARIAL[name].encode("utf-8", "surrogatepass")
    for tag in read(data).tags:
        assert isinstance(tag, Tag)
        assert data[tag.start : tag.start + 1] == b"<" and (
            data[tag.end - 1 : tag.end] == b">" or tag.doubtful
        )
        for attribute in tag.every_attribute(data):
            assert tag.start < attribute.name_start <= attribute.value_end <= tag.end


@pytest.mark.parametrize(
    "piece",
    ["<!-- ", "<a", "<img src=", '<p title="', "<svg>", "<select>", "<noscript>", "<script><!--<script>", "</", "<![CDATA[",
     "<template>", "<div a=b ", "&", "<style>@import ", "<iframe>", "<select><iframe>", "<svg><style>", "<svg><script>x", "<svg><title>"],
)  # fmt: skip
def test_hostile_repetition_is_read_like_anything_else(piece: str) -> None:
    """Were a single expression not linear, half a megabyte of this would take minutes."""
    data = (piece * (500_000 // len(piece))).encode()
    assert all(tag.end <= len(data) for tag in read(data).tags)
