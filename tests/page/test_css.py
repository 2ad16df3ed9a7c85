"""Addresses in CSS are found where a browser finds them, and nowhere else."""

from __future__ import annotations

import pytest

from consent_gateway.page.css import NO_STYLES, NOTHING, addresses


@pytest.mark.parametrize(
    ("css", "found"),
    [
        ("a{background:url(//t.co/1)}", ["//t.co/1"]),
        ("a{background:URL( '//t.co/1' ), url(\"//t.co/2\")}", ["//t.co/1", "//t.co/2"]),
        ("@import '//t.co/1'; @IMPORT url(//t.co/2) screen;", ["//t.co/1", "//t.co/2"]),
        ('a{b:image-set("//t.co/1" 1x, "//t.co/2" 2x)}', ["//t.co/1", "//t.co/2"]),
        ("a{b:-webkit-image-set(url(//t.co/1) 1x)}", ["//t.co/1"]),
        ("@font-face{src:url(//t.co/1)format('woff'), local('A')}", ["//t.co/1"]),
        ("a{b:u\\72 l(//t.co/1)}", ["//t.co/1"]),
        ("@\\69mport '//t.co/1'", ["//t.co/1"]),
        ("@im\\70ort '//t.co/1'; @impor\\74  url(//t.co/2)", ["//t.co/1", "//t.co/2"]),
        ("a{b:ur\\6c(//t.co/1);c:url\\28(//t.co/2)}", ["//t.co/1"]),
        ("@media (a){b{c:url(//t.co/1)}} @supports (d:image-set('//t.co/2')){}", ["//t.co/1", "//t.co/2"]),
        ("a{b:url(//t\\2e co/1)}", ["//t.co/1"]),
        ("a{b:url(\n//t.co/1\n)}", ["//t.co/1"]),
        ("/* url(//t.co/1) */ a{content:'url(//t.co/2)'}", []),
        ("a{content:'//t.co/1';b:var(--x)}", []),
        ("@charset 'utf-8'; @namespace '//t.co/1';", []),
        ("a{b:url(", []),
        ("a{b:url('//t.co/1", ["//t.co/1"]),
        ("@import url(//t.co/1) layer(a) supports(display: grid) screen;", ["//t.co/1"]),
        ("@import '//t.co/1' layer supports(not (a: url(//t.co/2))) print", ["//t.co/1", "//t.co/2"]),
        ("@import/**/'//t.co/1';", ["//t.co/1"]),
        ("a{b:url(x'y)} c{d:url(//t.co/1)}", ["//t.co/1"]),
        ("a{b:url(x y\\) 'z)} c{d:url(//t.co/1)} e{f:'g'}", ["//t.co/1"]),
        ("a{b:src('//t.co/1')}", ["//t.co/1"]),
        ("a{b:image-set(linear-gradient(red, blue) 1x, '//t.co/1' type('image/avif'))}", ["//t.co/1"]),
        ("a{b:cross-fade(url(//t.co/1), url('//t.co/2'))}", ["//t.co/1", "//t.co/2"]),
        ("a{--x:url(//t.co/1)} b{c:var(--x)}", ["//t.co/1"]),
        ("@property --x{syntax:'<url>';inherits:false;initial-value:url(//t.co/1)}", ["//t.co/1"]),
        ("a{&:hover{@media print{cursor:url(//t.co/1),auto}}}", ["//t.co/1"]),
        ("a{behavior:url(//t.co/1);-moz-binding:url(//t.co/2);content:url(//t.co/3)}",
         ["//t.co/1", "//t.co/2", "//t.co/3"]),
        ("a{b:'unfinished\n} c{d:url(//t.co/1)}", ["//t.co/1"]),
        ("a{b:url('//t.\\\r\nco/1')}", ["//t.co/1"]),
        ("a{b:url('//t.\\\nco/1')}", ["//t.co/1"]),
        ("<!-- a{b:url(//t.co/1)} -->", ["//t.co/1"]),
        ("a{b:url(//t.co/1", ["//t.co/1"]),
        ("@namespace svg url(//t.co/1); a{b:url(//t.co/2)}", ["//t.co/2"]),
        ("@namespace url('//t.co/1');", []),
        ("@-moz-document url(//t.co/1) {a{b:url(//t.co/2)}}", ["//t.co/2"]),
        ("a{b:curl(//t.co/1);c:1url(//t.co/2)}", []),
    ],
)  # fmt: skip
def test_addresses_are_found(css: str, found: list[str]) -> None:
    assert [address.value.decode() for address in addresses(css.encode())] == found


def test_the_span_is_that_of_the_text_between_the_quotes() -> None:
    css = b"a{b:url( '//t.co/1' )}"
    (address,) = addresses(css)
    assert css[address.start : address.end] == b"//t.co/1"


def test_an_import_is_replaced_by_an_empty_style_sheet_and_a_picture_by_nothing() -> None:
    found = addresses(b"@import '//t.co/1'; @import url(//t.co/2); a{b:url(//t.co/3)}")
    assert [address.nothing for address in found] == [NO_STYLES, NO_STYLES, NOTHING]
