"""Every position in which a browser fetches, as a table: held for a tracker, untouched for the site's own.

HTTP-01"""

from __future__ import annotations

import base64
import re
from urllib.parse import quote

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.page.elements import Recognition
from consent_gateway.page.rewriting import Rewriter
from tests.page.test_rewriting import UTF8, VIEW, of_address, rewriter, undone

__all__ = ("rewriter",)

# Markup with {} for an address, by the HTML standard's names. What is held there is renamed and encoded.
ATTRIBUTES = [
    '<script src="{}"></script>',
    '<script type="module" src="{}"></script>',
    '<script async type="text/plain" src="{}"></script>',
    '<script type="3a7f0011223344556677889a-text/javascript" src="{}"></script>',
    '<script type="text/partytown" src="{}"></script>',
    '<script data-nscript="afterInteractive" src="{}"></script>',
    '<script type="rocketlazyloadscript" data-rocket-src="{}"></script>',
    '<link rel="stylesheet" href="{}">',
    '<link rel="alternate stylesheet" href="{}">',
    '<link rel="preload" as="script" href="{}">',
    '<link rel="preload" as="image" imagesrcset="{} 1x, /own.png 2x">',
    '<link rel="modulepreload" href="{}">',
    '<link rel="prefetch" href="{}">',
    '<link rel="prerender" href="{}">',
    '<link rel="preconnect" href="{}">',
    '<link rel="dns-prefetch" href="{}">',
    '<link rel="shortcut icon" href="{}">',
    '<link rel="apple-touch-icon" href="{}">',
    '<link rel="manifest" href="{}">',
    '<link rel="search" href="{}">',
    '<link rel="compression-dictionary" href="{}">',
    '<link rel="stylesheet" data-href="{}">',
    '<img src="{}">',
    "<img src='{}'>",
    "<img src={}>",
    "<IMG\nSRC\n=\n{}>",
    '<img srcset="/own.png 1x, {} 2x">',
    '<img lowsrc="{}">',
    '<img dynsrc="{}">',
    '<img src="/own.png" attributionsrc="/own {}">',
    '<script src="/own.js" attributionsrc="{}"></script>',
    '<a href="/own" attributionsrc="{}">',
    '<a href="/own" ping="/own {}">',
    '<area href="/own" ping="{}">',
    '<picture><source srcset="{} 600w"></picture>',
    '<video src="{}"></video>',
    '<video poster="{}"></video>',
    '<video><source src="{}"></video>',
    '<audio src="{}"></audio>',
    '<video><track src="{}"></video>',
    '<bgsound src="{}">',
    '<iframe src="{}"></iframe>',
    '<iframe loading="lazy" src="{}"></iframe>',
    '<frameset><frame src="{}"></frameset>',
    '<portal src="{}"></portal>',
    '<fencedframe src="{}"></fencedframe>',
    '<object data="{}"></object>',
    '<object codebase="{}"></object>',
    '<object><param name="Movie" value="{}"></object>',
    '<applet archive="own.jar {}"></applet>',
    '<embed src="{}">',
    '<input type="image" src="{}">',
    '<body background="{}">',
    '<table background="{}"><tr background="{}"><td background="{}">',
    '<meta http-equiv="refresh" content="5; url={}">',
    '<html manifest="{}">',
    "<noscript><img src='{}'></noscript>",
    "<template><img src='{}'></template>",
    "<div><template shadowrootmode='open'><img src='{}'></template></div>",
    '<svg><image href="{}"/></svg>',
    '<svg><image xlink:href="{}"/></svg>',
    '<svg><use href="{}#a"/></svg>',
    '<svg><filter><feImage href="{}"/></filter></svg>',
    '<svg><script href="{}"></script></svg>',
    '<svg><image><animate attributeName="href" to="{}"/></image></svg>',
    '<svg><image><set attributeName="xlink:href" to="{}"/></image></svg>',
    '<svg><image><animate attributeName="href" values="/own.png; {}"/></image></svg>',
    '<svg><rect><set attributeName="fill" to="url({})"/></rect></svg>',
    '<img data-src="{}">',
    '<img data-lazy-srcset="{} 1x">',
    '<img data-ezsrc="{}">',
    '<img data-wpfc-original-src="{}">',
    '<img nitro-lazy-src="{}">',
    '<img data-cfsrc="{}">',
    '<iframe data-cmp-src="{}"></iframe>',
    '<iframe data-cookieblock-src="{}"></iframe>',
    '<iframe suppressedsrc="{}"></iframe>',
    '<iframe data-li-src="{}"></iframe>',
    '<div data-bg="{}"></div>',
    '<div data-bg="url({})"></div>',
    '<amp-img src="{}"></amp-img>',
    '<amp-iframe src="{}"></amp-iframe>',
    '<amp-pixel src="{}"></amp-pixel>',
    "<!--[if lt IE 9]><script src='{}'></script><![endif]-->",
    "<!--[if IE]><img src='{}'><p>text</p><![endif]-->",
]  # fmt: skip

# CSS: a held address becomes one that leads nowhere, everything else stays.
STYLES = [
    '<div style="background:url({})">',
    "<div style='background:url(&quot;{}&quot;)'>",
    '<math style="background:url({})">',
    "<style>a{{background:url({})}}</style>",
    "<style>a{{background:image-set('{}' 1x)}}</style>",
    "<style>@font-face{{font-family:a;src:url({})}}</style>",
    "<style media=print>a{{cursor:url({}),auto}}</style>",
    "<svg><style>a{{fill:url({})}}</style></svg>",
    '<svg><rect fill="url({}#a)"/></svg>',
    "<svg><g><path STROKE = ' URL( {}#a )'/></g></svg>",
    '<svg><path filter="blur(1px) url({}#f)" mask="none"/></svg>',
    '<svg><path mask="url({}#f)"/></svg>',
    '<svg><path clip-path="url({}#f)"/></svg>',
    '<svg><path marker-end="url({}#f)"/></svg>',
    '<svg><path cursor="url({}), auto"/></svg>',
]


@pytest.mark.parametrize("markup", ATTRIBUTES)
def test_an_attribute_that_fetches_is_held_for_a_tracker_and_for_nobody_else(
    rewriter: Rewriter, markup: str
) -> None:
    page = markup.replace("{}", "//t.co/1").encode()
    held = rewriter.page(page, encoding=UTF8, view=VIEW).body
    assert b"t.co" not in re.sub(rb"data-privacy-kept-[^>]*", b"", held) and b"data-privacy-" in held
    assert undone(held) == page
    own = markup.replace("{}", "/own/t.co").encode()
    assert rewriter.page(own, encoding=UTF8, view=VIEW).body == own


@pytest.mark.parametrize("markup", STYLES)
def test_an_address_in_css_is_held_for_a_tracker_and_for_nobody_else(rewriter: Rewriter, markup: str) -> None:
    page = markup.replace("{{", "{").replace("}}", "}")
    foreign, own = page.replace("{}", "//t.co/1"), page.replace("{}", "/own/1")
    held = rewriter.page(foreign.encode(), encoding=UTF8, view=VIEW).body.decode()
    assert held == page.replace("{}#a", "data:,").replace("{}#f", "data:,").replace("{}", "data:,")
    assert rewriter.page(own.encode(), encoding=UTF8, view=VIEW).body.decode() == own


@pytest.mark.parametrize(
    "address",
    [
        "https://t.co/1", "HTTPS://T.CO/1", "//t.co/1", "\\\\t.co\\1", "/\\t.co/1", "http:/t.co/1", "http:t.co/1",
        "http:\\t.co/1", " https://t.co/1", "ht\ttps://t.co/1", "https:\n//t.co/1", "/\t/t.co/1", "https://user:pass@t.co/1",
        "https://own.example@t.co/1", "https://t.co:8443/1", "https://t.co./1", "https://%74.co/1", "https://ｔ.ｃｏ/1",
        "https://t。co/1", "https://t&period;co/1", "&#104;ttps&colon;&sol;&sol;t.co/1", "https&#58;//t.co/1", "https&#x3A;//t.co/1",
        "wss://t.co/1", "https://t\u00ad.co/1",
    ],
)  # fmt: skip
def test_however_an_address_is_spelt_it_is_the_one_a_browser_reads(rewriter: Rewriter, address: str) -> None:
    page = f'<img src="{address}">'.encode()
    assert rewriter.page(page, encoding=UTF8, view=VIEW).body.startswith(b"<img data-privacy-src=")


@pytest.mark.parametrize(
    "address",
    [
        "/t.co/1", "t.co/1", "./t.co", "https:t.co/1", "https:/t.co/1", "https:\\t.co/1", "https://t.co.example/1", "https://nt.co/1", "https://example.com/?//t.co/1",
        "https://example.com/#//t.co/", "https://t.co@example.com/1", "https://t. co/1", "https://t.co:99999/1", "https://[t.co]/1",
        "data:image/gif;base64,//t.co/1", "blob:https://t.co/1", "mailto:a@t.co", "javascript://t.co/1", "about:blank",
    ],
)  # fmt: skip
def test_what_only_looks_like_the_trackers_address_stays(rewriter: Rewriter, address: str) -> None:
    page = f'<img src="{address}">'.encode()
    assert rewriter.page(page, encoding=UTF8, view=VIEW).body == page


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://t.co/1">', '<form action="https://t.co/1"><button formaction="//t.co/2">', '<blockquote cite="//t.co/1">',
        '<img longdesc="//t.co/1" usemap="#a">', '<link rel=canonical href="//t.co/1">', '<meta property="og:image" content="//t.co/1">',
        '<meta http-equiv="Content-Security-Policy" content="report-uri //t.co/1">', '<meta http-equiv="x-dns-prefetch-control" content="on">',
        '<svg><a href="//t.co/1"><text>x</text></a><linearGradient href="//t.co/1#a"/></svg>', '<math href="//t.co/1"><mi>x</mi></math>',
        '<param name="title" value="//t.co/1">', "<!-- <img src=//t.co/1> -->", "<![if !IE]><p>//t.co</p><![endif]>",
        "<script>'<!--[if IE]><img src=//t.co/1><![endif]-->'</script>", '<p title="<!--[if IE]><img src=//t.co/1><![endif]-->">',
        '<script type="application/ld+json">{"image":"https://t.co/1"}</script>', "<style>@namespace url(//t.co/1);</style>",
        '<script type="application/json">{"src":"https://t.co/1"}</script>', '<div data-props="{&quot;src&quot;:&quot;https://t.co/1&quot;}">',
        '<button onclick="location=\'//t.co/1\'">', '<img alt="//t.co/1" data-id="//t.co/1">', '<x-card title="//t.co/1">',
        '<svg><path fill="url(#t.co)" stroke="red"/></svg>', '<img src="data:image/svg+xml,<svg><image href=\'//t.co/1\'/></svg>">',
    ],
)  # fmt: skip
def test_what_fetches_nothing_stays_byte_for_byte(rewriter: Rewriter, html: str) -> None:
    assert rewriter.page(html.encode(), encoding=UTF8, view=VIEW).body.decode() == html


def test_where_only_some_browsers_find_a_base_both_readings_count(rewriter: Rewriter) -> None:
    for base in (
        "<base href=//t.co/>",
        "<noscript><base href=//t.co/></noscript>",
        "<svg><base href=//t.co/></svg>",
    ):
        held = rewriter.page(f"<head>{base}<img src=a.png>".encode(), encoding=UTF8, view=VIEW).body
        assert b"data-privacy-src" in held
    for base in ("<template><base href=//t.co/></template>", "<base href=/x/><base href=//t.co/>", "<base href='data:,'><base href=//t.co/>"):  # fmt: skip
        page = f"<head>{base}<img src=a.png>".encode()
        assert rewriter.page(page, encoding=UTF8, view=VIEW).body == page


@pytest.fixture(scope="module")
def coded(catalogue: Catalogue) -> Rewriter:
    """With a service besides that code loads by boot(), or by the address of its script."""
    return Rewriter(
        catalogue,
        Recognition(
            of_address=of_address,
            of_code=lambda code: ["hotjar"] if b"boot(" in code or b"//static.hotjar.com/" in code else [],
        ),
    )


CODE = [
    "boot()", "s.src='https:\\/\\/static.hotjar.com\\/c'", "s.src='https:\\x2f\\x2fstatic.hotjar.com\\x2fc'",
    "s.src='\\u002f\\u002fstatic.hotjar.com/c'", "s.src='https:'+'//static'+\".hotjar.com/c\"",
    "s.src=atob('aHR0cHM6Ly9zdGF0aWMuaG90amFyLmNvbS9jLmpz')", "eval(String.fromCharCode(98,111,111,116,40,41))",
    "import('https://t.co/1.js')", "import(/* webpackIgnore: true */ `//t.co/1.js`)",
    "document.write('<scr'+'ipt src=\"//t.co/1.js\"></scr'+'ipt>')", "document.write(unescape(\"%3Cscript src='//t.co/1.js'%3E%3C/script%3E\"))",
]  # fmt: skip


@pytest.mark.parametrize("code", CODE)
def test_code_that_no_guard_script_could_stop_is_held(coded: Rewriter, code: str) -> None:
    page = f"<script>{code}</script><p>"
    held = coded.page(page.encode(), encoding=UTF8, view=VIEW).body.decode()
    kept = base64.b64encode(code.encode()).decode()
    assert f'data-privacy-text="{kept}"></script><p>' in held and code not in held
    for source in (quote(code), ";base64," + kept):
        address = source if source[0] == ";" else "," + source
        page = f'<script src="data:text/javascript{address}"></script>'
        assert b" data-privacy-src=" in coded.page(page.encode(), encoding=UTF8, view=VIEW).body


@pytest.mark.parametrize(
    "code",
    [
        "var a='https://t.co/1'", "new Image().src='//t.co/1'", "document.write('<a href=\"//t.co/1\">x</a>')", "import('/own.js')",
        "const important='//t.co/1'", "'a' + b + 'c'", "from = '//t.co/1'",
    ],
)  # fmt: skip
def test_other_code_is_left_to_the_guard_script(coded: Rewriter, code: str) -> None:
    page = f"<script>{code}</script>".encode()
    assert coded.page(page, encoding=UTF8, view=VIEW).body == page


@pytest.mark.parametrize(
    "markup",
    [
        "<script type=module>import a from 'https://t.co/1.js'</script>", "<script type=module>export*from'//t.co/1.js'</script>",
        "<script type='litespeed/javascript'>boot()</script>", "<script type='text/partytown'>boot()</script>",
        "<svg><script>&#98;oot()</script></svg>", "<iframe src=\"javascript:document.write('<img src=//t.co/1>')\"></iframe>",
        "<iframe src='JavaScript:boot()'></iframe>", "<img src=x onerror=\"boot('//a')\">", "<body onload='boot(\"//a\")'>",
        "<p onclick='boot(\"https:&#x2F;&#x2F;a\")'>", "<!--[if IE]><script>boot()</script><![endif]-->",
    ],
)  # fmt: skip
def test_wherever_code_stands_it_is_read(coded: Rewriter, markup: str) -> None:
    held = coded.page(markup.encode(), encoding=UTF8, view=VIEW).body
    stays = b"text/plain" in held and (b"<svg" in held or b"<!--" in held)  # where it is markup as well
    assert b"data-privacy-" in held and (stays or (b"oot(" not in held and b"t.co" not in held))
    assert held.count(b"-->") == markup.count("-->")


def test_a_handler_without_an_address_is_left_to_the_guard_script(coded: Rewriter) -> None:
    page = b"<button onclick=\"boot('click'); openMenu()\">"
    assert coded.page(page, encoding=UTF8, view=VIEW).body == page


def test_an_import_map_and_speculation_rules_lose_what_is_held_and_nothing_else(rewriter: Rewriter) -> None:
    text = '{ "imports": {"a": "https:\\/\\/t.co/a.js", "b": "/b.js", "https://t.co/c": "/c.js"}}'
    held = rewriter.page(f"<script type=importmap>{text}</script>".encode(), encoding=UTF8, view=VIEW).body
    assert text.replace("https:\\/\\/t.co/a.js", "data:text/javascript,") in held.decode()
    text = '{"prefetch":[{"urls":["/a","//t.co/1"]}]}'
    held = rewriter.page(
        f"<script type=speculationrules>{text}</script>".encode(), encoding=UTF8, view=VIEW
    ).body
    assert text.replace("//t.co/1", "data:,") in held.decode()


@pytest.mark.parametrize(
    ("where", "held"),
    [
        ('{"href_matches":"/*"}', False), ('{"and":[{"href_matches":"/*"},{"not":{"selector_matches":".x"}}]}', False),
        ('{"selector_matches":"a"}', True), ('{"not":{"href_matches":"/x"}}', True), ('{"href_matches":"https://*/*"}', True),
    ],
)  # fmt: skip
def test_rules_for_any_link_are_held_where_one_leads_to_a_tracker(
    rewriter: Rewriter, where: str, held: bool
) -> None:
    rules = f'<script type=speculationrules>{{"prefetch":[{{"where":{where}}}]}}</script>'
    for link, expected in (("<a href=//t.co/1>", held), ("<a href=/own>", False)):
        page = f"{rules}{link}".encode()
        assert (b"data-privacy-text" in rewriter.page(page, encoding=UTF8, view=VIEW).body) is expected


def test_style_sheets_in_addresses_are_read_as_well(rewriter: Rewriter) -> None:
    sheet = "a{b:url(//t.co/1)}"
    page = f'<link rel=stylesheet href="data:text/css,{sheet}">'
    held = rewriter.page(page.encode(), encoding=UTF8, view=VIEW).body.decode()
    inner = base64.b64decode(held.partition("base64,")[2].partition('"')[0]).decode()
    assert inner == sheet.replace("//t.co/1", "data:,")
    page = f"<style>@import url('data:text/css,{sheet}'); p{{}}</style>"
    held = rewriter.page(page.encode(), encoding=UTF8, view=VIEW).body.decode()
    assert held == "<style>@import url('data:text/css,'); p{}</style>"


def test_in_xml_a_style_sheet_is_named_before_the_root(rewriter: Rewriter) -> None:
    page = b'<?xml version="1.0"?><?xml-stylesheet type="text/css" href="//t.co/1"?><a/>'
    held = rewriter.page(page, encoding=UTF8, view=VIEW, xml=True).body
    assert b"t.co" not in held and undone(held) == page
    feed = b'<rss xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd"><i:image href="//t.co/1"/></rss>'
    assert rewriter.page(feed, encoding=UTF8, view=VIEW, xml=True).body == feed
