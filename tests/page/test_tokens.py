"""The tokenizer sees what a browser's does, whatever the markup looks like."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from consent_gateway.page.tokens import Tag, read, read_xml

ADVERSARIAL: dict[str, str] = json.loads((Path(__file__).parent / "adversarial.json").read_text("utf-8"))


def names(html: str) -> list[str]:
    return [tag.name.decode() for tag in read(html.encode()).tags]


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


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<!-- <img src=x> --><img src=y>", ["img"]),
        ("<!--><img src=y>-->", ["img"]),
        ("<!-- --!><img src=y>", ["img"]),
        ("<!-- unclosed <img src=x>", []),
        ("<![CDATA[<img src=x>]]><img src=y>", ["img"]),
        ("<svg><![CDATA[<img src=x>]]></svg>", ["svg"]),
        ("<title><img src=x></title><img src=y>", ["title", "img"]),
        ("<textarea><img src=x></textarea>", ["textarea"]),
        ("<style><img src=x></style>", ["style"]),
        ("<plaintext><img src=x>", []),
        ("<script>'<img src=x>'</script><img src=y>", ["script", "img"]),
        ("<script><!--<script></script><img src=x>--></script><img src=y>", ["script", "img"]),
        ("<img src=x", []),
        ('<img src="x><img src=y>', []),
        ("</ <img src=x> ><img src=y>", ["img"]),
        ("<? <img src=x><img src=y>", ["img"]),
        ("<div><p class=a><a href=//x>", []),
        ("<div style='x'>", ["div"]),
        ("<p data-lazy-src=x>", ["p"]),
    ],
)
def test_only_markup_is_taken_for_markup(html: str, found: list[str]) -> None:
    assert names(html) == found


def test_noscript_is_read_for_browsers_without_scripting() -> None:
    reading = read(b"<noscript><img src=x></noscript><img src=y>")
    assert [(tag.name, tag.noscript) for tag in reading.tags] == [
        (b"noscript", False), (b"img", True), (b"img", False),
    ]  # fmt: skip
    assert reading.certain


def test_where_browsers_drift_apart_everything_like_a_tag_counts() -> None:
    reading = read(b'<noscript><p title="</noscript><p title="><img src=x>"></p>')
    assert (b"img", True) in [(tag.name, tag.doubtful) for tag in reading.tags]
    assert not reading.certain


def test_raw_text_knows_where_it_ends() -> None:
    data = b"<script>a</script ><iframe>b"
    script, iframe = read(data).tags
    assert (data[script.end : script.body_end], script.closed) == (b"a", True)
    assert data[script.start : script.element_end(data)] == b"<script>a</script >"
    assert (data[iframe.end : iframe.body_end], iframe.closed) == (b"b", False)
    assert iframe.element_end(data) == len(data)


def test_what_is_inside_svg_is_marked_until_html_breaks_out() -> None:
    tags = read(b"<svg><image href=x /><script href=y></script><div style=a></div><img src=z>").tags
    assert [(tag.name, tag.foreign) for tag in tags] == [
        (b"svg", False), (b"image", True), (b"script", True), (b"div", False), (b"img", False),
    ]  # fmt: skip


def test_the_inside_of_a_template_is_marked() -> None:
    tags = read(b"<template><img src=x></template><img src=y>").tags
    assert [(tag.name, tag.template) for tag in tags] == [
        (b"template", False), (b"img", True), (b"/template", False), (b"img", False),
    ]  # fmt: skip


def test_a_document_that_ends_inside_a_comment_does_not_end_in_text() -> None:
    assert read(b"<p>text").finished_in_text
    assert not read(b"<p><!-- text").finished_in_text
    assert not read(b"<p><script>").finished_in_text


def test_xml_has_no_raw_text_and_prefixes_are_dropped() -> None:
    data = b'<html xmlns:h="x"><title/><h:script src="a"/><![CDATA[<img src="b"/>]]><img src="c"/></html>'
    assert [tag.name for tag in read_xml(data).tags] == [b"html", b"title", b"script", b"img"]


FETCHING = {b"script": (b"src", b"href", b"xlink:href"), b"img": (b"src",), b"image": (b"src", b"href", b"xlink:href"),
            b"iframe": (b"src",), b"link": (b"href",)}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ADVERSARIAL))
def test_every_hostile_document_is_read_to_its_end(name: str) -> None:
    data = ADVERSARIAL[name].encode("utf-8", "surrogatepass")
    for tag in read(data).tags:
        assert isinstance(tag, Tag)
        assert data[tag.start : tag.start + 1] == b"<" and data[tag.end - 1 : tag.end] == b">"
        for attribute in tag.every_attribute(data):
            assert tag.start < attribute.name_start <= attribute.value_end < tag.end


@pytest.mark.parametrize(
    "piece",
    ["<!-- ", "<a", "<img src=", '<p title="', "<svg>", "<select>", "<noscript>", "<script><!--<script>", "</", "<![CDATA[",
     "<template>", "<div a=b ", "&", "<style>@import ", "<iframe>", "<select><iframe>"],
)  # fmt: skip
def test_hostile_repetition_is_read_like_anything_else(piece: str) -> None:
    """Were a single expression not linear, half a megabyte of this would take minutes."""
    data = (piece * (500_000 // len(piece))).encode()
    assert all(tag.end <= len(data) for tag in read(data).tags)
