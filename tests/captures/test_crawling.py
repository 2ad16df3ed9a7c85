"""Few pages of a site and as many kinds as there are; hostile structures of links come to an end."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from consent_gateway.captures.crawling import MOST_SITEMAPS, BadAddress, Crawl, pages_of, start_of
from consent_gateway.captures.exchange import DOCUMENT, Exchange
from consent_gateway.captures.links import links_of
from consent_gateway.captures.visited import Visited
from consent_gateway.messages import Headers, Request, Response
from consent_gateway.urls import resolve

START = "https://www.example.com/"


class Site:
    """A site of plain values: what it answers to an address, and what it was asked for."""

    def __init__(self, answer: Callable[[str], str | bytes | Response]) -> None:
        self._answer = answer
        self.asked: list[str] = []

    async def look(self, address: str) -> Visited:
        exchanges = []
        where = address
        for _ in range(10):
            self.asked.append(where)
            answer = self._answer(where)
            if not isinstance(answer, Response):
                body = answer if isinstance(answer, bytes) else answer.encode()
                answer = Response(status=200, headers=Headers.of(Content_Type="text/html"), body=body)
            found = resolve(where, where)
            assert found is not None
            request = Request(method="GET", scheme=found.scheme, host=found.host, target=found.rest)
            exchanges.append(Exchange(request=request, response=answer, destination=DOCUMENT))
            if answer.status != 302:
                return Visited(address=address, exchanges=tuple(exchanges), links=links_of(answer, where))
            where = answer.headers.get("location")
        raise AssertionError("a loop of redirects")

    async def pages(self, start: str = START, most: int = 20) -> list[str]:
        return [one.page async for one in pages_of(start, self.look, most=most)]


def of_pages(pages: dict[str, str | bytes | Response]) -> Site:
    """By path; anything else is not there."""
    gone = Response(status=404, headers=Headers.of(Content_Type="text/html"), body=b"gone")
    return Site(lambda address: pages.get(address.removeprefix("https://www.example.com"), gone))


def links(*targets: str) -> str:
    return "".join(f'<a href="{target}">x</a>' for target in targets)


def paths(pages: list[str]) -> list[str]:
    return [page.removeprefix("https://www.example.com") for page in pages]


async def test_pages_are_found_by_links_and_sitemap() -> None:
    site = of_pages(
        {
            "/": links("/about", "/blog/1"),
            "/about": "",
            "/blog/1": links("/deep/in/it"),
            "/deep/in/it": "",
            "/hidden": "",
            "/sitemap.xml": "<urlset><url><loc>https://www.example.com/hidden</loc></url></urlset>",
        }
    )
    assert set(paths(await site.pages())) == {"/", "/about", "/blog/1", "/deep/in/it", "/hidden"}


async def test_twenty_pages_show_every_kind_there_is() -> None:
    kinds = ("blog", "shop", "jobs", "events", "people", "press")
    site = Site(
        lambda address: (
            links(
                *(f"/{kind}/item-{number}" for kind in kinds for number in range(300)), "/imprint", "/contact"
            )
            if address == START
            else ""
        )
    )
    pages = paths(await site.pages(most=9))
    assert len(pages) == 9
    assert {page.split("/")[1] for page in pages} == {"", *kinds, "imprint", "contact"}


async def test_an_endless_calendar_leaves_room_for_the_rest() -> None:
    def answer(address: str) -> str:
        if "/calendar" in address:
            number = int(address.rpartition("=")[2])
            return links(f"/calendar?month={number + 1}", f"/calendar?month={number - 1}", "/about")
        return links("/calendar?month=1")

    pages = await Site(answer).pages(most=10)
    assert len(pages) == 10
    assert f"{START}about" in pages[:4]


async def test_loops_end() -> None:
    circle = of_pages({"/": links("/a"), "/a": links("/b"), "/b": links("/", "/a#b", "/a?utm_source=x")})
    assert paths(await circle.pages()) == ["/", "/a", "/b"]
    deeper = Site(lambda address: links("x/", "y/z/"))
    assert len(await deeper.pages(most=300)) < 100


async def test_a_maze_of_words_is_left_after_as_many_pages_as_were_asked_for() -> None:
    words = iter(range(10**6))
    maze = Site(
        lambda address: links(*(f"/{'abcdefghij'[next(words) % 10]}{chr(97 + n)}" * 2 for n in range(26)))
    )
    assert len(await maze.pages(most=15)) == 15
    assert len(maze.asked) <= 15 + 2


async def test_thousands_of_links_on_every_page_are_no_trouble() -> None:
    crowd = Site(lambda address: links(*(f"/w{number}/{number}" for number in range(3000))))
    assert len(await crowd.pages(most=10)) == 10


async def test_other_hosts_are_never_asked() -> None:
    elsewhere = (
        "https://other.example/",
        "https://www.example.com.evil.example/",
        "https://user@evil.example/",
        "//cdn.example.com/a",
    )
    site = of_pages(
        {"/": links(*elsewhere, "https://example.com/also"), "/sitemap.xml": "\n".join(elsewhere)}
    )
    await site.pages()
    assert {resolve(address, START).host for address in site.asked} == {"www.example.com", "example.com"}  # type: ignore[union-attr]


async def test_a_page_that_leads_elsewhere_is_none_of_the_site() -> None:
    away = Response(status=302, headers=Headers.of(Location="https://other.example/"))
    site = of_pages({"/": links("/away", "/here"), "/away": away, "/here": ""})
    assert paths(await site.pages()) == ["/", "/here"]


async def test_where_the_start_page_leads_is_where_the_site_is() -> None:
    def answer(address: str) -> str | Response:
        if "old.example" in address:
            return Response(status=302, headers=Headers.of(Location="https://new.example/"))
        return links("/a", "https://new.example/b")

    pages = await Site(answer).pages("http://old.example/")
    assert pages == ["https://new.example/", "https://new.example/a", "https://new.example/b"]


async def test_links_that_do_something_or_are_downloads_are_not_followed() -> None:
    site = of_pages(
        {"/": links("/logout", "/account/delete", "/a.pdf", "/cart?add-to-cart=1", "/fine"), "/fine": ""}
    )
    await site.pages()
    assert paths(site.asked) == ["/", "/robots.txt", "/sitemap.xml", "/fine"]


async def test_robots_txt_is_heeded_and_what_it_costs_is_said() -> None:
    site = of_pages(
        {
            "/": links("/open", "/closed"),
            "/open": "",
            "/closed": "",
            "/robots.txt": "User-agent: *\nDisallow: /closed\nDisallow: /start",
        }
    )
    said: list[str] = []
    pages = [one.page async for one in pages_of(START, site.look, most=5, told=said.append)]
    assert paths(pages) == ["/", "/open"]
    assert len(said) == 1
    assert "1 of the addresses" in said[0]


async def test_sitemaps_are_found_by_robots_txt_and_by_an_index_packed_or_not() -> None:
    def listing(*targets: str) -> str:
        return "".join(f"<loc>https://www.example.com{target}</loc>" for target in targets)

    site = of_pages(
        {
            "/": "",
            "/robots.txt": "Sitemap: https://www.example.com/index.xml\nSitemap: https://evil.example/map.xml",
            "/index.xml": f"<sitemapindex>{listing('/one.xml.gz', '/index.xml')}</sitemapindex>",
            "/one.xml.gz": gzip.compress(f"<urlset>{listing('/by-map', '/x/y')}</urlset>".encode()),
            "/by-map": "",
            "/x/y": "",
        }
    )
    assert set(paths(await site.pages())) == {"/", "/by-map", "/x/y"}
    assert not [address for address in site.asked if "evil" in address]


async def test_sitemaps_without_end_end() -> None:
    numbers = iter(range(10**6))

    def answer(address: str) -> str:
        if address.endswith(".xml"):
            more = "".join(f"<loc>{START}{next(numbers)}.xml</loc>" for _ in range(100))
            return f"<sitemapindex>{more}</sitemapindex>"
        return ""

    site = Site(answer)
    await site.pages()
    assert len([address for address in site.asked if address.endswith(".xml")]) <= MOST_SITEMAPS


async def test_a_site_that_answers_everything_with_errors_is_left_soon() -> None:
    broken = Response(status=500, headers=Headers.of(Content_Type="text/html"))
    site = Site(lambda address: links(*(f"/{n}/x" for n in range(900))) if address == START else broken)
    assert await site.pages(most=10) == [START]
    assert len(site.asked) < 40


async def test_the_start_page_is_yielded_whatever_came_of_it() -> None:
    nothing = Site(lambda address: Response(status=503, headers=Headers()))
    assert await nothing.pages() == [START]
    assert await nothing.pages(most=1) == [START]


@pytest.mark.parametrize(
    "url", ["", "example.com", "ftp://example.com/", "file:///etc/passwd", "https://", "javascript:1"]
)
def test_what_is_no_address_of_the_web_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(BadAddress, match=r"no address of a website.*https://www\.example\.com/"):
        Crawl(url, most=1)


def test_the_start_is_written_as_browsers_write_it() -> None:
    assert start_of(" HTTPS://Example.COM:443/a b#c ") == "https://example.com/a%20b"
