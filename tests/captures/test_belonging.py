"""Which page an exchange belongs to."""

from __future__ import annotations

import pytest

from consent_gateway.captures import belonging
from consent_gateway.captures.belonging import Pages, Place
from consent_gateway.messages import Headers, Request

HOME, SHOP = "https://www.example.com/", "https://www.example.com/shop?id=1"


def request(url: str, **fields: str) -> Request:
    scheme, _, rest = url.partition("://")
    host, slash, target = rest.partition("/")
    return Request(
        method="GET", scheme=scheme, host=host, target=slash + target, headers=Headers.of(**fields)
    )


def seen(*urls: str) -> Pages:
    pages = Pages()
    for url in urls:
        pages.place(request(url), "document")
    return pages


def test_a_document_is_its_own_page() -> None:
    place = Pages().place(request(SHOP, Referer=HOME), "document")
    assert place == Place("document", SHOP, "")


def test_a_referer_in_full_names_the_page_whatever_came_after() -> None:
    pages = seen(SHOP, "https://www.example.com/later")
    place = pages.place(request("https://cdn.example.org/a.png", Referer=SHOP), "image")
    assert place == Place("image", SHOP, SHOP)


def test_of_a_referer_that_is_an_origin_the_latest_page_counts() -> None:
    """Browsers tell other sites no more by default, and the home page was long ago."""
    pages = seen(HOME, SHOP, "https://other.example/")
    place = pages.place(request("https://cdn.example.org/a.png", Referer=HOME), "image")
    assert place == Place("image", SHOP, SHOP)


def test_the_origin_of_a_request_tells_the_same() -> None:
    place = seen(SHOP).place(request("https://api.example.org/", Origin="https://www.example.com"), "empty")
    assert place.page == SHOP


@pytest.mark.parametrize("referer", ["", "null", "about:blank", "nonsense", "https://nobody.example/x"])
def test_what_nothing_tells_stays_empty(referer: str) -> None:
    assert seen(HOME).place(request("https://cdn.example.org/a.png", Referer=referer), "image").page == ""


def test_what_a_frame_a_style_sheet_and_a_script_ask_for_belongs_to_their_page() -> None:
    pages = seen(SHOP)
    for url, destination in (
        ("https://player.example.net/embed", "iframe"),
        ("https://cdn.example.net/own.css", "style"),
        ("https://cdn.example.net/module.js", "script"),
    ):
        pages.place(request(url, Referer=SHOP), destination)
        place = pages.place(request("https://cdn.example.net/more", Referer=url), "font")
        assert place == Place("font", SHOP, url)
    of_frame = pages.place(
        request("https://cdn.example.org/", Referer="https://player.example.net/"), "image"
    )
    assert of_frame == Place("image", SHOP, "https://player.example.net/embed")


def test_behind_a_reverse_proxy_the_browser_names_another_host() -> None:
    pages = seen("http://127.0.0.1:9000/a")
    place = pages.place(
        request(
            "http://127.0.0.1:9000/x.js", Referer="http://localhost:8080/a", Sec_Fetch_Site="same-origin"
        ),
        "script",
    )
    assert place.page == "http://127.0.0.1:9000/a"


def test_what_the_capture_names_counts_more_than_the_latest_page_and_less_than_a_referer() -> None:
    pages = seen(SHOP, HOME)
    picture = "https://cdn.example.org/a.png"
    assert pages.place(request(picture, Referer=HOME), "image", "https://told.example/").page.endswith(
        "told.example/"
    )
    assert pages.place(request(picture, Referer=SHOP), "image", "https://told.example/").page == SHOP
    assert pages.place(request(picture), "image", "https://told.example/").page == "https://told.example/"


def test_on_plain_http_a_document_of_another_site_is_a_frame_of_the_page_that_asked() -> None:
    home = "http://www.example.com/"
    pages = seen(home)
    framed = request("http://video.example.org/embed", Referer=home)
    assert pages.place(framed, "document") == Place("iframe", home, home)
    assert pages.place(framed, "document", is_certain=True).destination == "document"
    own = request("http://shop.example.com/", Referer=home)
    assert pages.place(own, "document").destination == "document"
    from_search = request(home, Referer="http://search.example.net/")
    assert pages.place(from_search, "document").destination == "document"
    said = request("https://video.example.org/embed", Referer=home, Sec_Fetch_Dest="document")
    assert pages.place(said, "document").destination == "document"


def test_no_more_is_remembered_than_memory_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(belonging, "REMEMBERED", 3)
    pages = seen(*(f"https://www.example.com/{number}" for number in range(5)))
    places = [
        pages.place(request("https://x.example.org/", Referer=f"https://www.example.com/{number}"), "image")
        for number in range(5)
    ]
    assert [one.page[-1] for one in places] == ["4", "4", "2", "3", "4"]  # the others: the latest
