"""Sitemaps and robots.txt, also those that somebody has made to do harm."""

from __future__ import annotations

import gzip
import tracemalloc

from consent_gateway.captures.sitemaps import LARGEST, MOST_ADDRESSES, Robots, read

MAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="x">
<url><loc>https://a.example/1</loc><image:image><image:loc>https://a.example/1.jpg</image:loc></image:image></url>
<url><loc>
  https://a.example/2?a=1&amp;b=2 </loc></url><url><loc><![CDATA[https://a.example/3]]></loc></url></urlset>"""


def test_the_addresses_of_pages_are_read_and_those_of_images_are_not() -> None:
    found = read(MAP.encode())
    assert found.addresses == ("https://a.example/1", "https://a.example/2?a=1&b=2", "https://a.example/3")
    assert not found.is_index


def test_one_that_is_packed_is_unpacked() -> None:
    assert len(read(gzip.compress(MAP.encode())).addresses) == 3


def test_an_index_is_known_as_such() -> None:
    text = (
        '<sitemapindex xmlns="x"><sitemap><loc>https://a.example/map1.xml.gz</loc></sitemap></sitemapindex>'
    )
    assert read(b"\xef\xbb\xbf" + text.encode()) == read(text.encode())
    assert read(text.encode()).is_index


def test_lines_of_text_are_a_sitemap_too() -> None:
    found = read(b"https://a.example/1\r\nhttps://a.example/2\nnonsense\n")
    assert found.addresses == ("https://a.example/1", "https://a.example/2")


def test_what_is_none_has_no_addresses() -> None:
    assert read(b"").addresses == read(b"\x00\x01\xff").addresses == read(b"<html><a href=x>").addresses == ()
    assert read(b"\x1f\x8bnothing").addresses == ()


def test_no_entity_is_expanded() -> None:
    lol = '<!DOCTYPE x [<!ENTITY a "https://evil.example/">]><urlset><url><loc>&a;</loc></url></urlset>'
    assert read(lol.encode()).addresses == ("&a;",)


def test_ten_megabytes_are_read_up_to_the_number_the_protocol_allows() -> None:
    line = b"<url><loc>https://a.example/page/%d</loc></url>"
    body = b"<urlset>" + b"".join(line % number for number in range(220_000)) + b"</urlset>"
    assert len(body) > 10 * 2**20
    assert len(read(body).addresses) == MOST_ADDRESSES


def test_white_space_without_end_ends() -> None:
    assert read(b"<urlset>" + b"<loc>" + b" " * 8 * 2**20).addresses == ()
    assert read(b"<urlset>" + (b"<loc" + b" " * 1000) * 8000).addresses == ()


def test_one_that_unpacks_to_more_than_the_limit_is_not_unpacked() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * (8 * LARGEST))
    tracemalloc.start()
    assert read(bomb).addresses == ()
    assert tracemalloc.get_traced_memory()[1] < 6 * LARGEST
    tracemalloc.stop()


def test_robots_txt_says_where_sitemaps_are_and_what_is_not_for_crawlers() -> None:
    robots = Robots(
        b"User-agent: *\nDisallow: /private\n\nUser-agent: consent-gateway\nDisallow: /shop\n"
        b"Sitemap: https://a.example/one.xml\nSitemap: https://a.example/two.xml\n"
    )
    assert robots.sitemaps == ("https://a.example/one.xml", "https://a.example/two.xml")
    assert not robots.allows("consent-gateway", "https://a.example/shop/1")
    assert robots.allows("consent-gateway", "https://a.example/private")
    assert not robots.allows("another", "https://a.example/private/1")


def test_a_site_without_robots_txt_keeps_nothing_from_anybody() -> None:
    assert Robots().allows("consent-gateway", "https://a.example/")
    assert Robots(b"<!doctype html><title>404").allows("consent-gateway", "https://a.example/")


def test_lines_that_cannot_be_read_take_no_others_along() -> None:
    robots = Robots(
        "User-agent: *\nCrawl-delay: \u00b2\nDisallow: //[\nRequest-rate: \u00b2/1\nDisallow: /closed\n".encode()
    )
    assert not robots.allows("consent-gateway", "https://a.example/closed")
    assert robots.allows("consent-gateway", "https://a.example/open")
    assert robots.allows("consent-gateway", "https://a.example//[%5B")
