"""The three insertions go where nothing of the page is read differently for them."""

from __future__ import annotations

import pytest

from consent_gateway.page.insertions import places
from consent_gateway.page.reading import read


def marked(html: str) -> str:
    data = html.encode()
    where = places(data, read(data))
    marks = sorted(
        [(where.guard, "G")]
        + ([(where.notice, "N")] if where.notice is not None else [])
        + ([(where.settings, "S")] if where.settings is not None else []),
        key=lambda mark: (mark[0], "GNS".index(mark[1])),
        reverse=True,
    )
    for at, letter in marks:
        html = html[:at] + letter + html[at:]
    return html


@pytest.mark.parametrize(
    "html",
    [
        "<!doctype html><html><head>G<title>x</title></head><body class=a>N<p>x</p>S</body></html>",
        "<!-- c --><!DOCTYPE html>\n<html lang=de>\n<!-- c --><HEAD>G</HEAD>\n<BODY>Nx S</BODY>\n</HTML>",
        "<!doctype html>G<title>x</title>N<p>no head, no body</p>S",
        "GNjust textS",
        "<html>G<script>if (a<b) {}</script>N<div></div>S</html>",
        "<head>G<style>p{}</style><noscript><img src=x></noscript></head><body>NxS",
        "<head>G<template><p>x</p></template><meta charset=utf-8>N<p>S",
        "<head>G</head><frameset><frame src=a></frameset>",
        "<head>G</head><body>N<p>x<script>'</body>'</script>S</body>x",
        "<head>G</head><body>NS<p>x<!-- </body>",
        "<?xml version='1.0'?>GNxS",
        "<head>G</head><body>N<svg></body></svg>S",
        "<head>G<meta charset=utf-8></meta><link rel=x></link></script></head><body>NxS",
        "<head>G<title>x</title>N</br>S",
        "<head>G<template><script>'</template>'</script><!-- </template> --></template></head><body>NxS",
        "<!x>G<meta charset=utf-8><!DOCTYPE html><?x><html>N<p>S",
        "<head>G<template><p>",
        "<head>GNS<title>x",
        "GNS<script></script/",
        "<head>G</head><t><frameset><frame src=a></frameset>",
        "<head>G</head><i><title>x</title><frameset><frame src=a></frameset>",
        "<head>G</head>N<p>x</p><frameset>S",
        "GNS",
    ],
)
def test_each_insertion_has_its_place(html: str) -> None:
    bare = html.replace("G", "", 1).replace("N", "", 1).replace("S", "", 1)
    assert marked(bare) == html


def test_nothing_goes_before_a_byte_order_mark() -> None:
    data = b"\xef\xbb\xbftext"
    assert places(data, read(data)).guard == 3
