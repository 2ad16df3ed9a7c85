"""The catalogue is data, checked like code."""

from __future__ import annotations

import re
from datetime import date
from importlib import resources

import pytest

from consent_gateway.catalogue import Catalogue, Known, Service
from consent_gateway.datafile import parse
from consent_gateway.locales import country_in
from consent_gateway.urls import Pattern


def test_every_service_serves_purposes_that_visitors_are_asked_about(catalogue: Catalogue) -> None:
    for id, service in catalogue.services.items():
        assert set(service.purposes) <= set(catalogue.purposes) - {"analytics_linking"}, id


def test_no_two_services_claim_the_same_pattern(catalogue: Catalogue) -> None:
    patterns = [url for service in catalogue.services.values() for url in service.urls]
    assert len(patterns) == len(set(patterns))


def test_every_entry_says_who_is_behind_it_where_and_how_that_is_known(catalogue: Catalogue) -> None:
    for id, service in catalogue.services.items():
        assert service.controller.name, id
        assert country_in(service.controller.country, "en") != service.controller.country, id
        assert service.controller.privacy_policy.startswith("https://"), id
        assert service.reviewed >= date(2026, 1, 1), id


def test_where_a_plug_in_loads_its_own_hosts_are_open(catalogue: Catalogue) -> None:
    for id, service in catalogue.services.items():
        if service.treatment == "placeholder":
            assert service.hosts, id


def test_the_alternative_of_a_plug_in_is_filled_from_what_it_names(catalogue: Catalogue) -> None:
    for id, service in catalogue.services.items():
        for mount in service.mounts:
            blanks = re.findall(r"\{([^}]+)\}", mount.alternative)
            assert bool(mount.capture) == any(blank.isdigit() for blank in blanks), (id, mount.id)
            assert mount.selectors or mount.url, (id, mount.id)


@pytest.mark.parametrize(
    "innocent",
    [
        b"var zoom = 2; map.setZoom(zoom);",
        b'document.getElementById("l").href = "https://www.linkedin.com/company/x";',
        b"function gtagline() {} ; var ga = 1;",
        b"window.dataLayer = window.dataLayer || []; dataLayer.push({event: 'x'});",
        b"$('.facebook').click(function () { open('https://www.facebook.com/sharer.php?u=' + location); });",
        b"<!-- --> var x = 'googletag';",
    ],
)
def test_code_that_loads_nobody_is_nobodys(catalogue: Catalogue, innocent: bytes) -> None:
    assert catalogue.boots(innocent) == []


def test_any_address_of_what_draws_itself_above_the_page_loads_it_but_its_website(
    catalogue: Catalogue,
) -> None:
    assert catalogue.loads("drift", "customer.api.drift.com", "/v1")
    assert not catalogue.loads("drift", "www.drift.com", "/pricing")


def test_a_script_may_load_several_services(catalogue: Catalogue) -> None:
    code = b"gtag('config', 'G-ABC'); j.src='https://www.googletagmanager.com/gtm.js?id='+i; w[l].push({'gtm.start':1})"
    assert set(catalogue.boots(code)) == {"google-analytics", "google-tag-manager"}


@pytest.mark.parametrize(
    ("host", "rest", "owner"),
    [
        ("www.linkedin.com", "/embed/feed/update/x", "linkedin"),
        ("px.ads.linkedin.com", "/collect/", "linkedin-insight"),
        ("snap.licdn.com", "/li.lms-analytics/insight.min.js", "linkedin-insight"),
        ("www.facebook.com", "/tr?id=1", "meta-pixel"),
        ("www.facebook.com", "/plugins/page.php", "facebook"),
        ("connect.facebook.net", "/en_US/fbevents.js", "meta-pixel"),
        ("connect.facebook.net", "/en_US/sdk.js", "facebook"),
        ("www.googletagmanager.com", "/gtag/js?id=G-1", "google-analytics"),
        ("www.googletagmanager.com", "/gtm.js?id=GTM-1", "google-tag-manager"),
        ("region1.google-analytics.com", "/g/collect", "google-analytics"),
        ("stats.g.doubleclick.net", "/g/collect", "google-analytics"),
        ("www.google.de", "/ads/ga-audiences?v=1", "google-analytics"),
        ("googleads.g.doubleclick.net", "/pagead/", "google-ads"),
        ("www.google.com", "/search", None),
        ("fonts.gstatic.com", "/s/x.woff2", "google-fonts"),
        ("www.zoominfo.com", "/", None),
        ("us02web.zoom.us", "/webinar/register/x", "zoom"),
        ("www.linkedin.com.example.net", "/", None),
    ],
)
def test_an_address_has_the_owner_one_expects(
    catalogue: Catalogue, host: str, rest: str, owner: str | None
) -> None:
    assert catalogue.matcher().find(host, rest) == owner


def test_every_list_of_an_entry_is_sorted_where_its_order_means_nothing() -> None:
    folder = resources.files("consent_gateway.catalogue").joinpath("services")
    for file in folder.iterdir():
        service = parse(file.read_text("utf-8"), Service, file=file.name)
        assert list(service.urls) == sorted(service.urls), file.name
        assert list(service.hosts) == sorted(service.hosts), file.name
        for text in (*service.urls, *service.hosts):
            Pattern.parse(text)


def test_what_stands_in_for_a_known_trackers_globals_names_its_host(catalogue: Catalogue) -> None:
    for host, names in catalogue.stand_ins.items():
        assert isinstance(catalogue.matcher().find(host, "/"), Known), host
        assert names, host
    assert list(catalogue.stand_ins) == sorted(catalogue.stand_ins)


def test_a_group_has_services_for_members_and_a_name_of_its_own(catalogue: Catalogue) -> None:
    for name, members in catalogue.groups.items():
        assert set(members) <= catalogue.services.keys(), name
        assert list(members) == sorted(members), name
        assert name not in catalogue.services


def test_a_stand_in_is_for_a_global_and_has_one_kind(catalogue: Catalogue) -> None:
    for id, service in catalogue.services.items():
        assert set(service.stand_ins.silent).isdisjoint(service.stand_ins.queue), id
        assert list(service.stand_ins.silent) == sorted(service.stand_ins.silent), id
        assert list(service.stand_ins.queue) == sorted(service.stand_ins.queue), id


def test_no_service_is_called_like_a_purpose(catalogue: Catalogue) -> None:
    # A consent keeps the times of both in one table.
    assert not catalogue.services.keys() & catalogue.purposes.keys()
