"""Whose an address is, on one site."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from consent_gateway.catalogue import Catalogue, Known
from consent_gateway.datafile import parse
from consent_gateway.lists.matching import NO_LISTS, Lists
from consent_gateway.lists.reading import read
from consent_gateway.page.elements import Listed, Unlisted
from consent_gateway.page.positions import Carrier
from consent_gateway.recognition import KINDS, Recogniser
from consent_gateway.site import Site
from consent_gateway.urls import Address, resolve
from tests.foreign_addresses import HARMLESS, of_software

SITE = """
[site]
hosts = ["www.example.com", "shop.example.com"]
[third_parties]
unlisted = "hold"
first_party = ["cdn.example.net", "*.images.example.net"]
"""


def recogniser(catalogue: Catalogue, site: str = "", own_list: str = "") -> Recogniser:
    lists = Lists([read(own_list, "own.txt")]) if own_list else NO_LISTS
    return Recogniser(parse(site, Site, file="site.toml"), catalogue, ("127.0.0.1",), lists)


def address(url: str) -> Address:
    found = resolve(url, "https://www.example.com/")
    assert found is not None
    return found


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.com/a.js",
        "https://shop.example.com/a.js",
        "//cdn.example.net/a.js",
        "https://de.images.example.net/a.png",
        "http://127.0.0.1:9000/a.png",
    ],
)
def test_what_belongs_to_the_site_has_no_other_owner(catalogue: Catalogue, url: str) -> None:
    assert recogniser(catalogue, SITE).owner(address(url), "www.example.com") is None


def test_a_services_address_is_its_own(catalogue: Catalogue) -> None:
    of = recogniser(catalogue).on("www.example.com").of_address
    assert of(address("https://platform.linkedin.com/in.js"), Carrier.SCRIPT) == "linkedin"
    insight = address("https://snap.licdn.com/li.lms-analytics/insight.min.js")
    assert of(insight, Carrier.SCRIPT) == "linkedin-insight"
    assert of(address("https://bat.bing.com/bat.js"), Carrier.SCRIPT) == "bing-uet"
    assert isinstance(of(address("https://cdn.branch.io/x.js"), Carrier.SCRIPT), Known)


def test_software_of_trackers_is_known_on_any_host_but_the_sites_own(catalogue: Catalogue) -> None:
    in_front_of = recogniser(catalogue, SITE.replace("hold", "load"))
    for path in ("/matomo.js", "/ads/banner.jpg", "/b/ss/suite/1/x?AQB=1"):
        assert in_front_of.owner(address(path), "www.example.com") is None
        assert in_front_of.owner(address(f"//cdn.example.net{path}"), "www.example.com") is None
        assert isinstance(in_front_of.owner(address(f"//cdn.example.org{path}"), "www.example.com"), Known)
    assert isinstance(in_front_of.owner(address("//stats.example.com/"), "www.example.com"), Known)


def test_every_kind_of_software_is_known(catalogue: Catalogue) -> None:
    in_front_of = recogniser(catalogue)
    passed = [
        url for url in of_software(catalogue) if not isinstance(in_front_of.owner(address(url), ""), Known)
    ]
    assert passed == []


@pytest.mark.parametrize("url", HARMLESS)
def test_what_a_site_needs_is_nobodys(catalogue: Catalogue, url: str) -> None:
    assert recogniser(catalogue).owner(address(url), "www.example.com") is None


def test_an_unknown_host_passes_unless_the_site_holds_the_unlisted(catalogue: Catalogue) -> None:
    unknown = address("https://widgets.example.org/w.js")
    assert recogniser(catalogue).owner(unknown, "www.example.com") is None
    assert recogniser(catalogue, SITE).owner(unknown, "www.example.com") == Unlisted("widgets.example.org")


def test_the_host_a_page_is_served_under_is_never_foreign(catalogue: Catalogue) -> None:
    unnamed = address("https://staging.example.org/w.js")
    assert recogniser(catalogue, SITE).owner(unnamed, "staging.example.org") is None


def test_stand_ins_count_only_where_the_site_says_so(catalogue: Catalogue) -> None:
    stand_in = address("http://platform.linkedin.com.localhost:8000/in.js")
    local = "[third_parties]\nlocal_stand_ins = true"
    assert recogniser(catalogue).owner(stand_in, "www.example.com") is None
    assert recogniser(catalogue, local).owner(stand_in, "www.example.com") == "linkedin"


def test_the_guard_script_gets_the_same_rules(catalogue: Catalogue) -> None:
    table = json.loads(recogniser(catalogue, SITE).for_guard())
    rules = dict(table["rules"])
    assert "*.youtube.com" in rules["youtube"].split()
    assert "yandex.ru/ads" in rules[""].split()
    assert "matomo*.js" in table["software"][1].split()
    assert table["unlisted"] and table["enforced"] and "google-analytics" in table["measurement"]
    assert table["standIns"]["linkedin"] == [["IN"], []]
    assert table["standIns"]["kissmetrics.com"] == [[], ["_kmq"]]
    assert table["own"] == [
        "www.example.com", "shop.example.com", "cdn.example.net", "*.images.example.net",
    ]  # fmt: skip


def test_visitors_learn_the_origins_name_only_where_the_site_has_no_other(catalogue: Catalogue) -> None:
    assert "127.0.0.1" not in recogniser(catalogue, SITE).public
    assert recogniser(catalogue).public == ("127.0.0.1",)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.example.com/", "the site itself"),
        ("https://cdn.example.net/x", "the site itself"),
        ("https://www.youtube.com/embed/a", "youtube"),
        ("https://px.owneriq.net/", "Inmar (OwnerIQ)"),
        ("https://x.example/", "unlisted"),
    ],
)
def test_an_owner_has_a_name_for_the_operator(catalogue: Catalogue, url: str, name: str) -> None:
    assert recogniser(catalogue, SITE).named_owner(address(url), "www.example.com") == name


OWN_LIST = """\
||widgets.example.org^
||platform.linkedin.com^
||example.com^$third-party
||pictures.example.org^$image
||shop.example.com/pixel
"""


def owner(made: Recogniser, url: str, carrier: Carrier = Carrier.SCRIPT) -> object:
    return made.owner(address(url), "www.example.com", carrier)


def test_what_a_list_holds_belongs_to_the_list_and_a_service_stays_one(catalogue: Catalogue) -> None:
    for site in ("", SITE):
        made = recogniser(catalogue, site, OWN_LIST)
        assert owner(made, "https://widgets.example.org/w.js") == Listed("own.txt")
        assert owner(made, "https://platform.linkedin.com/in.js") == "linkedin"
        assert made.named_owner(address("https://widgets.example.org/"), "www.example.com") == "own.txt"


def test_a_long_address_is_judged_like_any_other_and_not_kept(catalogue: Catalogue) -> None:
    made = recogniser(catalogue, "", OWN_LIST)
    tracemalloc.start()
    for number in range(50):
        assert owner(made, f"https://widgets.example.org/{number}{'x' * 50_000}") == Listed("own.txt")
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 500_000


def test_a_list_holds_nothing_of_the_site_itself(catalogue: Catalogue) -> None:
    made = recogniser(catalogue, SITE.replace("hold", "load"), OWN_LIST)
    assert owner(made, "https://shop.example.com/pixel", Carrier.IMAGE) is None
    assert owner(made, "https://static.www.example.com/a.js") is None


def test_a_list_is_asked_for_what_the_place_in_the_page_fetches(catalogue: Catalogue) -> None:
    made = recogniser(catalogue, "", OWN_LIST)
    held = {carrier for carrier in Carrier if owner(made, "https://pictures.example.org/1", carrier)}
    assert held == {
        Carrier.IMAGE, Carrier.STYLE, Carrier.LAZY, Carrier.HINT, Carrier.HANDLER, Carrier.MOUNT,
    }  # fmt: skip
    assert set(Carrier) == KINDS.keys()


def test_below_a_public_name_without_its_www_nothing_is_of_another_website(catalogue: Catalogue) -> None:
    made = recogniser(catalogue, '[site]\nhosts = ["www.example.com"]', OWN_LIST)
    assert owner(made, "https://static.example.com/a.js") is None
    assert recogniser(catalogue, "", OWN_LIST).owner(
        address("https://static.example.com/a.js"), "www.example.net"
    ) == Listed("own.txt")


def test_a_stand_in_is_judged_by_the_name_it_stands_for(catalogue: Catalogue) -> None:
    made = recogniser(catalogue, "[third_parties]\nlocal_stand_ins = true", OWN_LIST)
    assert owner(made, "http://widgets.example.org.localhost:8000/w.js") == Listed("own.txt")


@pytest.mark.parametrize("host", ["www.example.com", "sgtm.example.com", "tags.example.net", "cdn.branch.io"])
def test_a_relay_of_googles_script_is_googles_on_whatever_host(catalogue: Catalogue, host: str) -> None:
    of = recogniser(catalogue, SITE).on("www.example.com").of_address
    assert of(address(f"https://{host}/m/gtag/js?id=G-ABC123"), Carrier.SCRIPT) == "google-analytics"
    assert of(address(f"https://{host}/gtm.js?id=GTM-ABC123"), Carrier.SCRIPT) == "google-tag-manager"
    assert of(address(f"https://{host}/m/gtag/js?id=G-ABC123"), Carrier.IMAGE) != "google-analytics"


def test_another_services_script_stays_its_own(catalogue: Catalogue) -> None:
    of = recogniser(catalogue, SITE).on("www.example.com").of_address
    assert of(address("https://platform.linkedin.com/gtag/js?id=G-ABC123"), Carrier.SCRIPT) == "linkedin"


def test_the_guard_script_judges_cookies_by_the_same_table(catalogue: Catalogue) -> None:
    declared = '[cookies."wp_*"]\npurpose = "functional"\nreason = "x"\n[cookies.wp_sid]\npurpose = "necessary"\nreason = "x"\n'
    table = json.loads(recogniser(catalogue, declared).for_guard())["cookies"]
    assert table["declared"] == [["wp_sid", "necessary"], ["wp_*", "functional"]]
    assert table["services"]["meta-pixel"] == ["_fbc", "_fbp"]
    assert table["stored"]["meta-pixel"] == ["lastExternalReferrer*"]
    assert table["everywhere"] == ["google-analytics", "google-tag-manager", "google-ads"]
    assert {"_gcl_*", "_gcl_ls"} <= {*table["stored"]["google-ads"]}
    assert {"_ga", "_ga_*", "_gac_*"} <= {*table["stored"]["google-analytics"]}
    assert "__Host-privacy" in table["own"]
