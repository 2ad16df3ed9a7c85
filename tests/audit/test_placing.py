"""The page that an exchange of a capture belongs to."""

from __future__ import annotations

from consent_gateway.audit import placing
from consent_gateway.audit.placing import Placing
from consent_gateway.audit.recorded import Recorded
from consent_gateway.captures.exchange import DOCUMENT, Exchange
from consent_gateway.messages import Request
from consent_gateway.urls import resolve
from tests.conftest import MakeGateway

SITE = "https://www.example.com"


def made(url: str, destination: str = "image", page: str = "") -> Exchange:
    address = resolve(url, "about:blank")
    assert address is not None
    request = Request(method="GET", scheme=address.scheme, host=address.host, target=address.rest)
    return Exchange(request=request, response=None, destination=destination, page=page)


def placer(make_gateway: MakeGateway, pages: dict[str, None], most: int = 0) -> Placing:
    gateway = make_gateway('[site]\nhosts = ["www.example.com"]\n')
    return Placing(gateway.recogniser, Recorded(), pages, most)


def labels(places: Placing, *exchanges: Exchange) -> list[str]:
    return [page.label if (page := places.page(one)) else "" for one in exchanges]


def test_it_is_the_one_named_else_the_latest(make_gateway: MakeGateway) -> None:
    places = placer(make_gateway, {})
    assert labels(
        places,
        made("https://t.example/early"),
        made(f"{SITE}/a?x=1", DOCUMENT),
        made("https://t.example/1"),
        made("https://t.example/2", page=f"{SITE}/b"),
        made("https://t.example/3", page="https://frame.example/in-it"),
    ) == ["", f"{SITE}/a", f"{SITE}/a", f"{SITE}/b", f"{SITE}/a"]
    assert list(places.left_alone) == []


def test_what_another_website_s_page_asks_for_is_none_of_it(make_gateway: MakeGateway) -> None:
    places = placer(make_gateway, {})
    other = "https://news.example/story"
    found = labels(
        places, made(f"{SITE}/", DOCUMENT), made(other, DOCUMENT), made("https://t.example/1", page=other)
    )
    assert found == [f"{SITE}/", "", ""]
    [said] = places.left_alone
    assert "pages of other websites were not looked at (news.example)" in said


def test_beyond_so_many_pages_none_is_looked_at_and_that_is_said(make_gateway: MakeGateway) -> None:
    pages: dict[str, None] = {}
    places = placer(make_gateway, pages, most=1)
    assert labels(places, made(f"{SITE}/", DOCUMENT)) == [f"{SITE}/"]
    pages[f"{SITE}/"] = None
    found = labels(places, made(f"{SITE}/b", DOCUMENT), made("https://t.example/1", page=f"{SITE}/b"))
    assert found == ["", ""]
    assert list(places.left_alone) == ["1 further page of the captures was not looked at (--pages 1)"]


def test_many_other_websites_are_not_all_named(make_gateway: MakeGateway) -> None:
    places = placer(make_gateway, {})
    for number in range(placing.NAMED + 1):
        places.page(made(f"https://w{number}.example/", DOCUMENT))
    assert ", …)" in " ".join(places.left_alone)
