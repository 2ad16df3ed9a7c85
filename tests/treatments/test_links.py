"""Plain links instead of plug-ins, and above all instead of share buttons."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest

from consent_gateway.catalogue import Catalogue
from tests.treatments.test_placeholder import Page

HERE = "https%3A%2F%2Fwww.example.com%2Fpage%3Fa%3D1"
LINKEDIN = "https://www.linkedin.com/sharing/share-offsite/?url="
FACEBOOK = "https://www.facebook.com/sharer/sharer.php?u="


@pytest.fixture
def page(catalogue: Catalogue) -> Page:
    return Page(catalogue)


def shares(page: Page, html: str) -> list[str]:
    page.held(html)
    return [link for _, link in page.plugins[0].shares]


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ("<script type=IN/Share data-url='https://a.b/?c=d'></script>", f"{LINKEDIN}https%3A%2F%2Fa.b%2F%3Fc%3Dd"),
        ("<script type=IN/Share data-url=/news></script>", f"{LINKEDIN}https%3A%2F%2Fwww.example.com%2Fnews"),
        ("<script type=IN/Share></script>", LINKEDIN + HERE),
        ("<iframe src='https://www.facebook.com/v19.0/plugins/like.php?href=https%3A%2F%2Fa.b%2F%3Fc'></iframe>", f"{FACEBOOK}https%3A%2F%2Fa.b%2F%3Fc"),
        ("<iframe src=https://www.facebook.com/plugins/share_button.php></iframe>", FACEBOOK + HERE),
        ("<script async data-telegram-share-url=https://a.b/ data-comment='Look here' src=https://telegram.org/js/telegram-widget.js></script>", "https://t.me/share/url?url=https%3A%2F%2Fa.b%2F&text=Look%20here"),
        ("<iframe src='https://platform.twitter.com/widgets/tweet_button.html?url=https%3A%2F%2Fa.b%2F&text=a%26b'></iframe>", "https://x.com/intent/post?url=https%3A%2F%2Fa.b%2F&text=a%26b"),
    ],
)  # fmt: skip
def test_a_share_button_becomes_a_link_of_its_network_with_what_it_shares(
    page: Page, html: str, link: str
) -> None:
    """PLH-07"""
    assert shares(page, f"<body>{html}") == [link]
    assert page.plugins[0].alternative == ""


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "&quot;&gt;&lt;script&gt;", "//[x", "\n javascript:alert(1)", "https://a.b/&quot; onclick=&quot;x"],
)  # fmt: skip
def test_whatever_a_page_gives_to_share_the_link_stays_one_of_the_network(page: Page, address: str) -> None:
    """PLH-07"""
    for link in shares(page, f'<body><script type="IN/Share" data-url="{address}"></script>'):
        parts = urlsplit(link)
        assert (parts.scheme, parts.hostname) == ("https", "www.linkedin.com")
        assert parts.query.startswith("url=https%3A%2F%2F") and not set(link) & set("\"'<> \n")


def test_a_page_is_shared_under_the_address_and_title_it_gives_itself(page: Page) -> None:
    head = "<head><title>A &amp; B</title><link rel='canonical' href='/news'></head>"
    button = "<body><iframe src=https://platform.twitter.com/widgets/tweet_button.html></iframe>"
    link = "https://x.com/intent/post?url=https%3A%2F%2Fwww.example.com%2Fnews&text=A%20%26%20B"
    assert shares(page, head + button) == [link]


TWEET = "<body><iframe src=https://platform.twitter.com/widgets/tweet_button.html></iframe>"


def test_what_only_looks_like_the_head_of_the_page_is_not_shared(page: Page) -> None:
    """PLH-07"""
    posted = "<p>A comment</p><link rel=canonical href=https://elsewhere.example/><title>B</title>"
    for head in ("", "<!-- <link rel=canonical href=https://elsewhere.example/> <title>B</title> -->"):
        assert shares(page, head + TWEET + posted) == [f"https://x.com/intent/post?url={HERE}"]


@pytest.mark.parametrize("canonical", ["javascript:alert(1)", "data:text/html,x", "wss://a.b/", "https://", "mailto:a@b.c"])  # fmt: skip
def test_a_page_that_gives_itself_no_address_of_the_web_is_shared_as_it_was_asked_for(
    page: Page, canonical: str
) -> None:
    """PLH-07"""
    head = f"<head><link rel=canonical href='{canonical}'></head>"
    assert shares(page, head + TWEET) == [f"https://x.com/intent/post?url={HERE}"]


@pytest.mark.parametrize(
    ("given", "shared"),
    [
        ("https://a.b/c?d=e#part", "https://a.b/c?d=e#part"),
        ("/news?gclid=1&b=2#part", "https://www.example.com/news?b=2#part"),
        ("#part", "https://www.example.com/page?a=1#part"),
        ("ws://a.b/", "https://www.example.com/page?a=1"),
    ],
)
def test_an_address_is_shared_with_its_fragment_and_without_click_identifiers(
    page: Page, given: str, shared: str
) -> None:
    """PLH-07"""
    link = LINKEDIN + quote(shared, safe="")
    assert shares(page, f"<body><script type=IN/Share data-url='{given}'></script>") == [link]
    head = f"<head><link rel=canonical href='{given}'></head>"
    assert shares(page, f"{head}<body><script type=IN/Share></script>") == [link]


def test_who_shares_a_page_reached_from_an_advertisement_does_not_share_whose_click_it_was(
    page: Page,
) -> None:
    """PLH-07"""
    page.held(
        "<body><script type=IN/Share></script>", url="https://www.example.com/page?fbclid=x&a=1&gclid=y"
    )
    assert page.plugins[0].shares == (("linkedin", LINKEDIN + HERE),)


BAR = "<body><div class=a2a_kit>{}</div><script async src=https://static.addtoany.com/menu/page.js></script>"


def test_a_bar_of_buttons_becomes_the_links_it_names_else_the_usual_ones(page: Page) -> None:
    """PLH-07"""
    page.held(
        BAR.format(
            "<a class=a2a_button_reddit></a><a class=a2a_button_xing></a><a class=a2a_button_none></a>"
        )
    )
    assert [service for service, _ in page.plugins[0].shares] == ["reddit", "xing"]
    page.held(BAR.format("<a class=a2a_dd href=https://www.addtoany.com/share></a>"))
    assert [service for service, _ in page.plugins[0].shares] == ["facebook", "linkedin", "whatsapp", "x"]


def test_a_frame_of_which_nothing_else_is_known_leads_to_its_own_document(page: Page) -> None:
    """PLH-07"""
    page.held("<body><iframe src=https://www.linkedin.com/autofill/?x=1></iframe>")
    assert page.plugins[0].alternative == "https://www.linkedin.com/autofill/?x=1"


def test_what_is_no_share_button_shares_nothing(page: Page) -> None:
    assert shares(page, "<body><script type=IN/FollowCompany data-id=1></script>") == []


def test_links_that_share_already_are_left_alone(page: Page) -> None:
    html = (
        '<body><a class="twitter-share-button" href="https://twitter.com/share">Tweet</a>'
        '<a href="https://www.pinterest.com/pin/create/button/" data-pin-do="buttonPin">Pin</a>'
    )
    assert page.held(html) == html
