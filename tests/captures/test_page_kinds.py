"""Which links lead to pages, and which pages are of one kind."""

from __future__ import annotations

import pytest

from consent_gateway.captures.page_kinds import is_page, kind_of, plain_form
from consent_gateway.urls import Address, resolve


def at(target: str) -> Address:
    address = resolve(target, "https://www.example.com/")
    assert address is not None
    return address


@pytest.mark.parametrize(
    "target",
    ["/", "/about", "/kontakt.html", "/index.php?id=3", "/blog/how-to-delete-cookies", "/news/2026/11/29/", "/release/1.2",
     "/annual-report", "/checkout", "/entfernungsrechner", "/s%C3%A4gen", "/reports", "/canceled-flights-your-rights-here"],
)  # fmt: skip
def test_pages_are_looked_at(target: str) -> None:
    assert is_page(at(target))


@pytest.mark.parametrize(
    "target",
    ["/logout", "/user/logout.php", "/sign-out", "/Sign%20Out", "/abmelden", "/konto/l%C3%B6schen", "/d%C3%A9connexion",
     "/cart?add-to-cart=55", "/index.php?action=logout", "/item/5/delete", "/delete-account", "/list?do=remove",
     "/wp-login.php", "/wp-admin/", "/newsletter/unsubscribe?id=5", "/cerrar-sesion", "/cart/add/5", "/admin?delete_item=3"],
)  # fmt: skip
def test_links_that_do_something_are_not(target: str) -> None:
    assert not is_page(at(target))


@pytest.mark.parametrize(
    "target", ["/a.pdf", "/a/b.ZIP", "/photo.jpeg?x=1", "/feed.xml", "/a.mp4", "/app.js", "/setup.exe"]
)
def test_downloads_are_not(target: str) -> None:
    assert not is_page(at(target))


def test_loops_and_endless_addresses_are_not() -> None:
    assert not is_page(at("/a/b/a/b/a/b"))
    assert not is_page(at("/" + "x/" * 3))
    assert not is_page(at("/1/2/3/4/5/6/7/8/9"))
    assert not is_page(at("/?q=" + "x" * 2000))


def test_sessions_and_campaigns_make_no_other_page() -> None:
    assert plain_form(at("/a?utm_source=x&id=3&PHPSESSID=9f")) == "https://www.example.com/a?id=3"
    assert plain_form(at("/a;jsessionid=9F?b=1")) == "https://www.example.com/a?b=1"
    assert plain_form(at("/a?")) == "https://www.example.com/a"


@pytest.mark.parametrize(
    ("one", "other"),
    [("/blog/first-post", "/blog/another"), ("/product/1", "/product/2"), ("/2026/11/29", "/2025/01/01"),
     ("/de/about", "/en/about"), ("/calendar?month=1&year=2", "/calendar?year=9&month=7"),
     ("/a-long-title-of-an-article", "/quite-another-title-than-that"), ("/p1", "/p2")],
)  # fmt: skip
def test_pages_of_one_template_are_of_one_kind(one: str, other: str) -> None:
    assert kind_of(at(one)) == kind_of(at(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("/about", "/contact"), ("/blog/x", "/shop/x"), ("/blog", "/blog/x"), ("/a", "/a?page=2"), ("/", "/a")],
)
def test_others_are_not(one: str, other: str) -> None:
    assert kind_of(at(one)) != kind_of(at(other))
