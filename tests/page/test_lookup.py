"""Whose an address is, by what the page is based on and which servers its plug-ins run on."""

from __future__ import annotations

from consent_gateway.catalogue import Known
from consent_gateway.page.charset import UTF8
from consent_gateway.page.elements import Owner, Recognition, Unlisted
from consent_gateway.page.lookup import Lookup
from consent_gateway.page.positions import Carrier
from consent_gateway.page.reading import read
from consent_gateway.urls import Address

TRACKER = Known("Tracker", "marketing")
URL = "https://www.example.com/dir/page"


def recognise(address: Address, carrier: Carrier) -> Owner | None:
    if address.host == "www.example.com":
        return None
    return TRACKER if address.host == "t.co" else Unlisted(address.host)


RECOGNITION = Recognition(
    of_address=recognise, of_code=lambda code: [], is_own=lambda address: address.host == "www.example.com"
)


def lookup(html: bytes = b"") -> Lookup:
    return Lookup(html, read(html), RECOGNITION, UTF8, URL)


def test_an_address_is_the_pages_own_a_trackers_or_unlisted() -> None:
    owned = lookup().by(Carrier.IMAGE)
    assert owned("a.png") is None
    assert owned("//t.co/1") == (TRACKER, Address("https", "t.co", "", "/1"))
    assert owned("//b.example/") == (Unlisted("b.example"), Address("https", "b.example", "", "/"))
    assert owned("https://[") is None


def test_a_relative_one_belongs_to_whom_the_page_is_based_on() -> None:
    assert lookup(b'<base href="//t.co/x/">').owned("a.png", Carrier.IMAGE) == (
        TRACKER,
        Address("https", "t.co", "", "/x/a.png"),
    )


def test_where_a_base_is_not_certain_a_document_within_is_based_on_what_is_held() -> None:
    uncertain = lookup(b'<noscript><base href="//t.co/x/"></noscript>')
    assert uncertain.base == "https://t.co/x/"
    assert lookup().base == URL


def test_what_a_plug_ins_server_serves_is_its_services_and_a_trackers_stays_its_own() -> None:
    page = lookup()
    assert page.learn_server("//b.example/post", "mastodon")
    assert page.learn_server("//t.co/post", "mastodon")
    assert not page.learn_server("/own", "mastodon")
    assert not page.learn_server("https://[", "mastodon")
    served = page.owned("//b.example/e.js", Carrier.SCRIPT)
    assert served is not None and served[0] == "mastodon"
    assert page.owned("//t.co/e.js", Carrier.SCRIPT) == (TRACKER, Address("https", "t.co", "", "/e.js"))
