"""Rewritten pages against another parser: nothing held is fetched, nothing else is lost or changed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from consent_gateway.page.charset import Encoding
from tests import fuzz
from tests.differential import Before, before_consent, faults, same_but_for_edits
from tests.seeds import own_pages

SEED = 1
PAGES = 120


@pytest.mark.parametrize("unlisted", ["load", "hold"])
def test_the_pages_of_the_project_are_rewritten_without_a_fault(unlisted: str) -> None:
    before = before_consent(unlisted)
    assert [(page, found) for page in own_pages() if (found := faults(page.encode(), before))] == []


# What fuzzing has found, each page as small as it can be.
@pytest.mark.parametrize(
    "html",
    [
        "<head><meta charset=utf-8></meta><meta name=x></meta><title>x</title><body>x",
        "<link rel=preload as=image href=//t.co/1 imagesrcset='//t.co/2 1x'>",
        "<svg><style><script><!--fbq('init')</script><img src=//t.co>--></svg>",
        '<svg><script href="//o/<script xlink:href=//g>',
        "<script xlink:href=//t.co>1</script>",
        "<svg><script xlink:href=//t.co>1</script></svg>",
        "<svg><desc><t></desc><script></svg>",
        "<svg><desc><t></desc><script><!--</script><img src=//t.co/1>--></svg>",
        "<svg><script>fb&#113;('init')</script></svg>",
        "<t><frameset><frame src=x></frameset>",
        "<!><head></head><meta charset=utf-8><!DOCTYPE html><frameset><frame src=x>",
        "<title>",
        "<script></script/",
        "<template></",
        "<iframe src='data:text/html,<img src=https:t.co/1>'></iframe>",
        '<e C="<frame srcdoc="><svg><script src=//t.co/1><!--"><img src=e>',
        "<svg><style>@import'//&#<meta http-equiv=refresh content=';url=https://t.co/1'>",
        "<select><xmp></xmp><img <script src=//t.co>",
        "<svg><t<img <script src=//t.co/1>",
        "<noscript><script src='//t.co/<img srcset='//t.co/1'>",
        "<noscript><base href='/own/'></noscript><base href='//t.co/'><img src=x>",
        "<img src='\0//t.co/1'>",
        "<meta charset=idna><img src=//t.co/\u00e9>",
        "<meta charset=cp037><img src=//t.co/1>",
        "<meta charset=sjis><svg><style>@import'//&#116;.co/&#584;1'",
        "<iframe srcdoc=\"<noscript><script><img src=//t.co>\">",
        "<select><script type=IN/Share>",
        "<noscript><img src=//t.co/1 alt=\"</noscript>",
        "<noscript><img alt='' src=\"//t.co/1 </noscript>",
        "<base href=http:t.co><iframe srcdoc='<img src=1>'>",
        "<img src=y><noscript><base href=//t.co>",
        "<i><title>C</title><frameset>",
        "<frameset><script><frame src=//t.co>",
        "<svg><style>@import'//t.co<e",
        "<svg><style>@import'http:<script></script>youtube.com",
        "<svg><script></svg><e c=\"</script></html><img src=//t.co/1>",
        "<link rel=stylesheet href='url(//t.co/1)'>",
        "<img srcset='a 1x,//t.co/1'>",
        "<svg><desc><![CDATA[ > <title> ]]><img src=//t.co/1></title>",
        "<svg><desc><b><![CDATA[ ><img src=//t.co/1>]]></b></desc></svg>",
        "<img src='//t&#5;.co/1'>",
        "<iframe src=//www.figma.com/embed?url=%2F%2F[></iframe>",
        "<ins><svg></ins><script><!--</script><script>fbq('init')",
        "<svg><script>fb</>q('init')</script></svg>",
        "<svg><script src>fbq('init')</script></svg>",
        "<style>a{b:url('\0//t.co/1')}</style>",
        "<plaintext style='background:url(//t.co/1)'>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("unlisted", ["load", "hold"])
def test_what_was_once_rewritten_wrongly_is_not_any_more(html: str, unlisted: str) -> None:
    assert faults(html.encode(), before_consent(unlisted)) == []


def test_japanese_letters_that_end_in_a_backslash_hide_no_address() -> None:
    page = '<meta charset=shift_jis><style>a{content:"予";b:url(//t.co/1)}</style>'.encode("cp932")
    assert faults(page, before_consent("load")) == []


def test_mutated_pages_are_rewritten_without_a_fault() -> None:
    """A small part of what `make fuzz` does, always the same."""
    assert fuzz.run(SEED, PAGES, own_pages(), growth=False).findings == []


@dataclass(frozen=True, slots=True)
class Careless(Before):
    """A gateway that does to a page what it is told."""

    old: bytes = b""
    new: bytes = b""

    def rewritten(self, data: bytes, encoding: Encoding) -> bytes:
        return data.replace(self.old, self.new)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"", b"", "survives"),
        (b"//t.co/1", b"data:,", "is lost"),
        (b"/own", b"/other", "is new"),
        (b"Hello", b"Hallo", "the text differs"),
        (b"<b>", b"<b><i>", "the elements differ"),
        (b"Hello", b"Hallo", "bytes outside"),
    ],
)
def test_a_fault_would_be_seen(old: bytes, new: bytes, fault: str) -> None:
    careless = Careless(before_consent("load").catalogue, before_consent("load").recognition, old, new)
    page = b"<img src=//t.co/1><p><b>Hello</b><img src=/own><noscript><iframe src='//t.co/2'></iframe></noscript>"
    if fault == "is lost":
        page, careless = (
            b"<img src=/a><p>",
            Careless(careless.catalogue, careless.recognition, b"src=/a", b""),
        )
    assert any(fault in found for found in faults(page, careless))


def test_bytes_are_compared_with_what_an_edit_has_kept() -> None:
    assert same_but_for_edits(b"<img src=//t.co>", b"<img data-privacy-src=Ly90LmNv>")
    assert not same_but_for_edits(b"<img src=//t.de>", b"<img data-privacy-src=Ly90LmNv>")
    assert not same_but_for_edits(b"<img src=//t.co>x", b"<img data-privacy-src=Ly90LmNv>")
