"""XML is read by its own rules: no raw text, and only what is XHTML or SVG can fetch."""

from __future__ import annotations

import pytest

from consent_gateway.page.xml import read_xml

XHTML, SVG = "http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"


def names(xml: str) -> list[str]:
    return [tag.name.decode() for tag in read_xml(xml.encode()).tags]


def test_there_is_no_raw_text_and_prefixes_are_dropped() -> None:
    data = f'<html xmlns="{XHTML}" xmlns:h=\'{XHTML}\'><title/><h:script src="a"/><![CDATA[<img src="b"/>]]><img src="c"/></html>'
    assert names(data) == ["html", "title", "script", "img"]


def test_elements_of_other_vocabularies_fetch_nothing() -> None:
    feed = (
        '<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><itunes:image href="//t.co/1"/></rss>'
    )
    assert names(feed) == []
    mixed = (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:h="{XHTML}"><link/><h:img src="//t.co/1"/></feed>'
    )
    assert names(mixed) == ["img"]


@pytest.mark.parametrize(
    "xml",
    [
        f"<!DOCTYPE a [<!ATTLIST a xmlns CDATA #FIXED '{SVG}'>]><a><image href='//t.co/1'/></a>",
        "<!DOCTYPE a [<!ENTITY n 'x'>]><a xmlns='x'><image href='//t.co/1'/></a>",
        "<a xmlns='http&#58;//www.w3.org/2000/svg'><image href='//t.co/1'/></a>",
    ],
)
def test_where_the_vocabulary_is_not_plain_every_element_counts(xml: str) -> None:
    assert "image" in names(xml)


def test_a_text_ends_with_its_own_end_tag() -> None:
    data = f"<h:html xmlns:h='{XHTML}'><h:script>boot()</h:script><h:p/></h:html>".encode()
    script = read_xml(data).tags[1]
    assert data[script.end : script.body_end] == b"boot()"


def test_style_sheets_are_named_before_the_root_and_not_in_comments() -> None:
    xml = "<?xml version='1.0'?><!-- <?xml-stylesheet href='a'?> --><?xml-stylesheet type='text/css' href='b>c'?><x><?xml-stylesheet href='d'?></x>"
    (tag,) = read_xml(xml.encode()).tags
    href = tag.attributes(xml.encode())[b"href"]
    assert xml[href.value_start : href.value_end] == "b>c"
