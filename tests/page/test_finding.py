"""Every position in which an address makes a browser fetch is found, and no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consent_gateway.catalogue import Known, Mount, Selector
from consent_gateway.page.charset import Encoding
from consent_gateway.page.elements import Element, Recognition
from consent_gateway.page.finding import Finder
from consent_gateway.page.mounts import Mounts
from consent_gateway.page.positions import Carrier
from consent_gateway.page.reading import read
from consent_gateway.page.xml import read_xml
from consent_gateway.urls import Address

TRACKER = Known("Tracker", "marketing")


def recognise(address: Address, carrier: Carrier) -> Known | None:
    return TRACKER if address.host == "t.co" else None


SHARE = Mount(id="share", selectors=(), size=(102, 28))
MOUNTS = Mounts([(Selector.parse('script[type^="in/" i]'), "plugin", SHARE)])
RECOGNITION = Recognition(
    of_address=recognise,
    mounts=MOUNTS,
    of_code=lambda code: ["one", "two"] if b"boot(" in code else [],
)


def found(html: str, *, url: str = "https://www.example.com/dir/", xml: bool = False) -> list[Element]:
    data = html.encode()
    reading = read_xml(data) if xml else read(data)
    return list(Finder(data, reading, RECOGNITION, Encoding("utf-8"), url))


@pytest.mark.parametrize(
    "html",
    [
        '<script src="//t.co/1"></script>',
        "<SCRIPT SRC=//t.co/1></SCRIPT>",
        '<img src="https://t.co/1">',
        '<img srcset="a 1x, //t.co/1 2x">',
        '<picture><source srcset="//t.co/1"></picture>',
        "<video src=//t.co/1></video>",
        "<video poster=//t.co/1></video>",
        "<audio><source src=//t.co/1></audio>",
        "<track src=//t.co/1>",
        "<iframe src=//t.co/1></iframe>",
        "<frame src=//t.co/1>",
        "<object data=//t.co/1></object>",
        "<embed src=//t.co/1>",
        "<input type=image src=//t.co/1>",
        "<body background=//t.co/1>",
        "<table><td background=//t.co/1>",
        '<a ping="/own //t.co/1" href=x>',
        '<link rel=stylesheet href="//t.co/1">',
        '<link rel="preload" as=image imagesrcset="//t.co/1 1x">',
        "<link rel=dns-prefetch href=//t.co>",
        '<meta http-equiv="Refresh" content="0;url=//t.co/1">',
        '<div style="background:url(//t.co/1)">',
        '<div style="background:url(&quot;//t.co/1&quot;)">',
        "<style>@import '//t.co/1';</style>",
        "<svg><image href=//t.co/1 /></svg>",
        "<svg><use xlink:href=//t.co/1 /></svg>",
        "<svg><script href=//t.co/1></script></svg>",
        "<svg><feImage href=//t.co/1 /></svg>",
        "<svg><style>@import url(&#47;&#47;t.co/1)</style></svg>",
        "<noscript><img src=//t.co/1></noscript>",
        "<template><img src=//t.co/1></template>",
        '<img data-src="//t.co/1">',
        '<img class=lazy data-lazy-srcset="//t.co/1 1x">',
        '<div data-bg="//t.co/1">',
        "<iframe data-li-src=//t.co/1></iframe>",
        '<img src="https:&#47;&#47;t.co/1">',
        '<img src="\\\\t.co\\1">',
        '<img src="//user@T.CO:443/1">',
        '<img src=" ht\ttps:\n//t.co/1">',
    ],
)
def test_a_foreign_address_is_found(html: str) -> None:
    assert [element.owner for element in found(html)] == [TRACKER]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://t.co/1">',
        '<form action="https://t.co/1">',
        '<link rel=canonical href="https://t.co/1">',
        '<link rel="me author" href="https://t.co/1">',
        '<meta property="og:image" content="https://t.co/1">',
        "<!-- <img src=//t.co/1> -->",
        "<textarea><img src=//t.co/1></textarea>",
        '<img src="/t.co/1">',
        '<img src="//t.co.example.net/1">',
        '<img src="//not-t.co/1">',
        '<p title="//t.co/1">',
        '<p data-url="//t.co/1">',
        "<style>a{content:'//t.co/1'}</style>",
        '<script>var a = "https://t.co/1";</script>',
        '<script type="application/ld+json">{"sameAs": "https://t.co/1"}</script>',
        '<img src="https://t.co bad/1">',
        "<script xlink:href=//t.co/1>1</script>",
    ],
)
def test_what_fetches_nothing_is_left_alone(html: str) -> None:
    assert found(html) == []


def test_relative_addresses_are_those_of_the_base() -> None:
    assert len(found('<base href="//t.co/x/"><img src="a.png"><script src="/b.js"></script>')) == 2
    assert found('<base href="/x/"><img src="a.png">') == []


@pytest.mark.parametrize(
    "bases",
    [
        "<noscript><base href='/own/'></noscript><base href='//t.co/'>",
        "<noscript><base href='//t.co/'></noscript><base href='/own/'>",
        "<noscript><base href='//t.co/'></noscript>",
    ],
)
def test_a_base_that_only_some_browsers_see_counts_for_both(bases: str) -> None:
    assert len(found(f"{bases}<img src=a.png>")) == 1


def test_a_base_that_is_no_address_is_the_page_itself() -> None:
    assert found("<base href='http://['><base href='//t.co/'><img src=a.png>") == []


def test_a_zero_byte_is_no_space() -> None:
    assert found("<img src='\0//t.co/1'>") == []


def test_a_plug_in_is_found_by_its_script_type() -> None:
    (element,) = found('<script type=" IN/Share "></script>')
    assert (element.owner, element.mount, element.end) == ("plugin", SHARE, 35)


def test_a_plug_in_that_is_any_element_is_found_in_its_place_among_the_others() -> None:
    html = '<img src="//t.co/1"><div class="like"><i></i></div><img src="//t.co/2">'
    mounts = Mounts([(Selector.parse(".like"), "plugin", SHARE)])
    data = html.encode()
    recognise = replace(RECOGNITION, mounts=mounts)
    elements = list(Finder(data, read(data), recognise, Encoding("utf-8"), "https://www.example.com/"))
    assert [element.owner for element in elements] == [TRACKER, "plugin", TRACKER]
    assert data[elements[1].tag.start : elements[1].end] == b'<div class="like"><i></i></div>'


SERVED = Mount(id="post", size=(0, 0), alone=True, server="src")
QUOTED = Mount(id="post", size=(0, 0), alone=True, server="data-embed-url")
ANYWHERE = Mounts(
    [
        (Selector.parse("iframe.post"), "plugin", SERVED),
        (Selector.parse("blockquote.post"), "plugin", QUOTED),
    ]
)


@pytest.mark.parametrize(
    "plugin",
    [
        '<iframe class="post" src="https://social.example.net/1/embed"></iframe>',
        '<blockquote class="post" data-embed-url="https://social.example.net/1/embed"></blockquote>',
    ],
)
def test_what_comes_from_the_server_of_a_plug_in_belongs_to_its_service(plugin: str) -> None:
    hint = '<link rel="preconnect" href="//social.example.net">'
    script = '<script src="//social.example.net/e.js"></script><img src="//example.net/">'
    data = f"{hint}{plugin}{script}".encode()
    recognise = replace(RECOGNITION, mounts=ANYWHERE)
    elements = list(Finder(data, read(data), recognise, Encoding("utf-8"), "https://www.example.com/"))
    assert {element.owner for element in elements} == {"plugin"}
    assert (elements[0].carrier, elements[-1].carrier) == (Carrier.HINT, Carrier.SCRIPT)


def test_what_looks_like_a_plug_in_and_is_the_sites_own_is_left() -> None:
    data = b'<iframe class="post" src="/1/embed"></iframe><script src="/e.js"></script>'
    recognise = replace(RECOGNITION, mounts=ANYWHERE, is_own=lambda address: True)
    assert list(Finder(data, read(data), recognise, Encoding("utf-8"), "https://www.example.com/")) == []


def test_the_span_of_an_address_in_css_is_exact_even_behind_references() -> None:
    html = '<div style="a:b;c:url(&quot;//t.co/1&quot;)">'
    (element,) = found(html)
    assert element.span is not None
    start, end, _ = element.span
    assert html[start:end] == "//t.co/1"


def test_xml_is_read_by_its_own_rules() -> None:
    root = '<h:html xmlns:h="http://www.w3.org/1999/xhtml">'
    assert len(found(f'{root}<h:title/><h:script src="//t.co/1"/></h:html>', xml=True)) == 1
