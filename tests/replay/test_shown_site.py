"""What the site file says is kept for a replay, but for what would lead out of this computer."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.datafile import parse
from consent_gateway.recognition import Recogniser
from consent_gateway.replay.places import Places, Side
from consent_gateway.replay.shown_site import NotTheSite, own_hosts, shown
from consent_gateway.site import Site
from consent_gateway.urls import Address

PLACES = Places(Side.THROUGH, "127.0.0.1:8080", ("www.shop.example", "cdn.shop.example"), 2)
FILE = """
[site]
hosts = ["www.shop.example"]
scheme = "https"
trusted_proxies = ["10.0.0.1"]
[third_parties]
unlisted = "hold"
first_party = ["*.static.example"]
[services.youtube]
[notify]
smtp = "smtp://mail.example:25"
to = "privacy@shop.example"
"""


def site(text: str = FILE) -> Site:
    return parse(text, Site, file="site.toml")


def test_nothing_in_it_leads_out_of_this_computer() -> None:
    made = shown(site(), PLACES)
    assert made.analytics.script_url == made.analytics.collect_url == "http://127.0.0.1:2"
    assert not made.notify.routes
    assert made.site.scheme is None and made.site.trusted_proxies == ()


def test_what_may_load_is_as_the_file_says() -> None:
    made = shown(site(), PLACES)
    assert made.third_parties.unlisted == "hold" and made.third_parties.local_stand_ins
    assert made.lists("youtube") and not made.lists("linkedin")


def test_the_sites_hosts_are_its_own_under_either_name(catalogue: Catalogue) -> None:
    recogniser = Recogniser(shown(site(), PLACES), catalogue, ("127.0.0.1",))
    for host in (
        "127.0.0.1", "www.shop.example", "cdn.shop.example.localhost", "a.static.example", "a.static.example.localhost",
    ):  # fmt: skip
        assert recogniser.owner(Address("http", host, "", "/"), "127.0.0.1") is None, host
    assert (
        recogniser.owner(Address("http", "www.youtube.com.localhost", "", "/embed/a"), "127.0.0.1")
        == "youtube"
    )


def test_the_hosts_are_those_of_the_file_that_were_recorded() -> None:
    two = site('[site]\nhosts = ["shop.example", "www.shop.example"]')
    recorded = ["www.shop.example", "shop.example", "t.example"]
    assert own_hosts(two, ("www.shop.example",), recorded) == ("www.shop.example", "shop.example")
    with pytest.raises(NotTheSite, match=r"nothing of shop.example, www.shop.example"):
        own_hosts(two, ("other.example",), ["other.example"])


def test_without_a_file_they_are_what_the_recording_tells() -> None:
    assert own_hosts(Site(), ("www.shop.example:8443",), []) == ("www.shop.example",)
    with pytest.raises(NotTheSite, match="no page"):
        own_hosts(Site(), (), ["t.example"])
