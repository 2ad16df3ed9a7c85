"""What is seen of a site in its exchanges."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consent_gateway.captures.exchange import Exchange
from consent_gateway.catalogue import Catalogue
from consent_gateway.lists.matching import Lists
from consent_gateway.lists.reading import read
from consent_gateway.survey.sightings import Survey
from consent_gateway.survey.surveying import MOST_COOKIES, MOST_HOSTS, Surveyor
from tests.shop import HOST, got, shop

OWN = (HOST, "solarhof.de", "static.solarhof.de", "metrics.solarhof.de")


def surveyed(
    catalogue: Catalogue, exchanges: list[Exchange], own: tuple[str, ...] = OWN, text: str = ""
) -> Survey:
    surveyor = Surveyor(own, catalogue, Lists([read(text, "own.txt")] if text else []))
    for exchange in exchanges:
        surveyor.take(exchange)
    return surveyor.survey()


@pytest.fixture(name="seen", scope="module")
def _seen(catalogue: Catalogue) -> Survey:
    return surveyed(catalogue, shop())


def test_names_of_the_site_are_those_with_pages_and_those_that_lead_there(seen: Survey) -> None:
    assert seen.hosts == (HOST, "solarhof.de")
    assert (seen.pages, seen.secure, seen.languages) == (4, True, ("de", "en"))


def test_a_host_below_the_sites_domain_is_its_own_only_if_it_is_asked_for_files_alone(seen: Survey) -> None:
    assert seen.static_hosts == ("static.solarhof.de",)
    assert "metrics.solarhof.de" in seen.unknown


@pytest.mark.parametrize(
    "more",
    [
        got("https://static.solarhof.de/hit?x=1", to="empty"),
        got("https://static.solarhof.de/a.css", to="style", of="text/css", sets=("id=1; Max-Age=99999",)),
        got("https://static.solarhof.de/matomo.js", to="script", of="text/javascript"),
        replace(
            got("https://static.solarhof.de/a.woff2", to="font"),
            request=replace(got("https://static.solarhof.de/a.woff2").request, method="POST"),
        ),
    ],
    ids=["fetch", "cookie", "software of a tracker", "post"],
)
def test_a_host_that_does_more_than_that_is_left_to_the_operator(
    catalogue: Catalogue, more: Exchange
) -> None:
    found = surveyed(catalogue, [*shop(), more])
    assert found.static_hosts == () and "static.solarhof.de" in found.unknown


def test_services_are_those_of_the_gateways_rewriter_and_recogniser(seen: Survey) -> None:
    by_site = {id for id, one in seen.services.items() if one.by_site}
    assert by_site == {
        "google-analytics",
        "google-tag-manager",
        "google-fonts",
        "youtube",
        "linkedin-insight",
    }
    assert seen.services["youtube"].pages == {"/film": {"in the page", "iframe"}}


def test_what_a_frame_of_another_fetches_is_not_the_sites(seen: Survey) -> None:
    inside = [
        one for one in (*seen.services.values(), *(one for _, one in seen.trackers.values())) if one.within
    ]
    assert [one.within for one in inside] == [{"www.youtube.com"}]
    assert not inside[0].by_site


def test_ids_of_google_are_those_that_code_and_hits_name_and_no_words_that_look_alike(seen: Survey) -> None:
    assert (seen.properties, seen.containers) == (("G-9XK2V7QW1",), ("GTM-K7QW2Z9",))


def test_unknown_third_parties_are_kept_with_where_they_were_and_as_what(seen: Survey) -> None:
    host = seen.unknown["cdn.shopfiles.net"]
    assert host.pages == {"/": {"script"}, "/film": {"image"}} and host.verdict == ""
    assert "policies.google.com" not in seen.unknown  # a link fetches nothing


def test_a_list_of_the_operators_says_what_it_holds_of_it(catalogue: Catalogue) -> None:
    found = surveyed(catalogue, shop(), text="||shopfiles.net^$script\n")
    assert found.unknown["cdn.shopfiles.net"].verdict == "own.txt"


def test_without_a_browser_they_are_found_in_the_page_itself(catalogue: Catalogue) -> None:
    pages = [one for one in shop() if one.is_page]
    found = surveyed(catalogue, pages)
    assert found.unknown["cdn.shopfiles.net"].pages == {"/": {"script"}}
    assert {"google-analytics", "google-fonts", "youtube"} <= found.services.keys()


def test_a_script_of_the_sites_own_that_loads_a_service_is_read(catalogue: Catalogue) -> None:
    code = (
        b"s.src = 'https://static.hotjar.com/c/hotjar-' + h._hjSettings.hjid; window._hjSettings = {hjid: 1}"
    )
    own = got(f"https://{HOST}/own.js", code.decode(), to="script", of="text/javascript")
    before, found = surveyed(catalogue, shop()), surveyed(catalogue, [*shop(), own])
    [(id, sighting)] = [(id, one) for id, one in found.services.items() if id not in before.services]
    assert id == "hotjar"
    assert "in a script" in str(sighting)


def test_cookies_have_names_setters_and_lives_and_no_values(seen: Survey) -> None:
    lives = {name: one.seconds for name, one in seen.cookies.items()}
    assert lives["PHPSESSID"] == 0 and lives["wish_list"] == 31536000
    assert lives["theme"] is None and lives["_ga"] is None and "gone" not in lives
    assert seen.cookies["PHPSESSID"].setters == {HOST}
    assert "geheim" not in repr(seen)


def test_a_cookie_of_a_script_counts_where_it_is_kept_for_the_site(catalogue: Catalogue) -> None:
    surveyor = Surveyor(OWN, catalogue)
    surveyor.take_script_cookie("zoom_level", ".solarhof.de", "/")
    surveyor.take_script_cookie("theirs", "www.youtube.com", "/")
    assert {name: one.setters for name, one in surveyor.survey().cookies.items()} == {
        "zoom_level": {"a script"}
    }


def test_of_storage_the_names_are_seen_without_numbers_and_of_the_sites_own_pages_alone(
    catalogue: Catalogue,
) -> None:
    surveyor = Surveyor(OWN, catalogue)
    for name, page in (("cart", f"https://{HOST}/a?b"), ("basket-123456", f"https://{HOST}/"), ("theirs", "https://www.youtube.com/"), ("jane@example.org", f"https://{HOST}/")):  # fmt: skip
        surveyor.take_stored(name, page, of_session=name == "cart")
    found = surveyor.survey().stored
    assert {name: (one.seconds, one.pages) for name, one in found.items()} == {
        "basket-*": (None, {"/"}),
        "cart": (0, {"/a"}),
    }


def test_the_privacy_policy_is_found_in_each_language_and_nobody_elses(seen: Survey) -> None:
    assert seen.own_pages == {"de": f"https://{HOST}/datenschutz", "en": f"https://{HOST}/en/privacy"}
    assert seen.own_page_on in ("/", "/film", "/datenschutz")


def test_what_pages_say_of_who_runs_them_is_a_proposal(seen: Survey) -> None:
    assert seen.proposals == {
        "address": "Dachgasse 1, 10115 Berlin",
        "contact": "info@solarhof.de",
        "name": "Solarhof GmbH",
    }


def test_a_page_that_cannot_be_read_is_named(catalogue: Catalogue) -> None:
    broken = replace(got(f"https://{HOST}/broken"), unreadable="damaged gzip")
    assert surveyed(catalogue, [broken]).unread == ("/broken: damaged gzip",)


def test_a_capture_that_makes_up_hosts_and_cookies_without_end_is_remembered_within_bounds(
    catalogue: Catalogue,
) -> None:
    crowd = [got(f"https://h{number}.example-{number}.net/", to="image") for number in range(MOST_HOSTS + 50)]
    cookies = [got(f"https://{HOST}/", sets=tuple(f"c{number}=1" for number in range(MOST_COOKIES + 50)))]
    found = surveyed(catalogue, [*cookies, *crowd])
    assert len(found.unknown) == MOST_HOSTS and len(found.cookies) == MOST_COOKIES


def test_on_this_computer_a_stand_in_counts_as_whom_it_stands_for(catalogue: Catalogue) -> None:
    page = '<html lang=en><iframe src="http://www.youtube.com.localhost:1/embed/abcdefghijk"></iframe>'
    found = surveyed(catalogue, [got("http://localhost:8/", page)], own=("localhost",))
    assert found.services.keys() == {"youtube"} and found.stand_ins
    assert not surveyed(catalogue, shop()).stand_ins
