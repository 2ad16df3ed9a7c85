"""A wrong site file is refused before anything is served, with everything that is wrong in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.datafile import Faulty, Table, parse
from consent_gateway.site import Site, read


def test_everything_has_a_default() -> None:
    site = Site()
    assert site.third_parties.unlisted == "load"
    assert site.lists("linkedin") and site.lists("zoom")
    assert site.prefix == "/.privacy"


def test_a_group_of_services_stands_for_its_members(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "site.toml"
    path.write_text(
        '[services.audience-measurement]\ntransfer = "Ours."\n[services.chartbeat]\ntransfer = "Theirs."\n'
    )
    site = read(path, catalogue)
    assert site.services is not None
    assert sorted(site.services) == sorted(catalogue.groups["audience-measurement"])
    assert str(site.services["comscore"].transfer) == "Ours."
    assert str(site.services["chartbeat"].transfer) == "Theirs."


def test_with_a_table_of_services_only_the_listed_can_be_released() -> None:
    site = parse("[services.linkedin]\n", Site, file="f")
    assert site.lists("linkedin") and not site.lists("zoom")


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ('[site]\nhosts = ["https://x.com"]', "site.hosts", "not a host name"),
        ('[site]\nhosts = ["WWW.X.COM"]', "site.hosts", "in lower case"),
        ('[site]\nhosts = ["example.com:https"]', "site.hosts", "not a host name"),
        ('[site]\nhosts = ["[::1]"]', "site.hosts", "not a host name"),
        ('[site]\ntrusted_proxies = ["abc"]', "site.trusted_proxies", "not an IP address"),
        ('[site]\ntrusted_proxies = ["10.0.0.5/8"]', "site.trusted_proxies", "not an IP address"),
        ('[site]\nlanguages = ["xx"]', "site.languages", "no wording for 'xx'"),
        ("[site]\nlanguages = []", "site.languages", "at least one"),
        ('[site]\nprefix = "privacy/"', "site.prefix", "must be a path"),
        ('[site]\nprefix = "/../x"', "site.prefix", "must be a path"),
        ('[site]\nscheme = "ftp"', "site.scheme", "http"),
        ('[third_parties]\nunlisted = "maybe"', "third_parties.unlisted", 'must be "hold" or "load"'),
        ('[third_parties]\nfirst_party = ["cdn.x.com/a"]', "third_parties.first_party", "without a path"),
        (
            '[third_parties]\nfirst_party = ["localhost:9377"]',
            "third_parties.first_party",
            "counts on every port",
        ),
        ('[analytics]\nproperties = ["UA-1-1"]', "analytics.properties", "GA4 measurement id"),
        ('[analytics]\ncontainers = ["G-ABC123"]', "analytics.containers", "not a container"),
        ('[analytics]\nevents = ["a b"]', "analytics.events", "letters, digits and underscores"),
        ('[analytics]\nparameters = ["topic"]', "analytics.parameters", "must be 'ep.name'"),
        (
            '[analytics]\nparameters = ["ep.user_data"]',
            "analytics.parameters",
            "never passes (e-mail address",
        ),
        ('[analytics]\nparameters = ["ep.method"]', "analytics.parameters", "passes without being listed"),
        ('[analytics]\nparameters = ["ep.user_data.email"]', "analytics.parameters", "never passes"),
        ('[analytics]\nuser_properties = ["up.tier"]', "analytics.user_properties", "without 'up.'"),
        ('[analytics]\nservers = ["shop"]', "analytics.servers", "not an IP address"),
        ("[analytics]\nmin_visitors = 0", "analytics.min_visitors", "must be 1 or more"),
        ('[analytics]\nrotation = "1 hour"', "analytics.rotation", "3 hours"),
        ('[analytics]\nrotation = "2 months"', "analytics.rotation", "hours or days"),
        ('[analytics]\ncollect_url = "http://evil.example"', "analytics.collect_url", "must be https"),
        (
            '[analytics]\ncollect_url = "https://x.example/path"',
            "analytics.collect_url",
            "scheme and host only",
        ),
        ("[analytics]\nvisitors_per_day = 0", "analytics.visitors_per_day", "must be 1 or more"),
        ("[analytics]\nvisitors_per_day = true", "analytics.visitors_per_day", "whole number"),
        ('[third_parties]\nlists = [""]', "third_parties.lists", "must not be empty"),
        ("[third_parties]\nlists = 3", "third_parties.lists", "must be a list"),
        ("[notify]\nto = 3", "notify.to", "must be a string"),
        ("[limits]\nrequest = 1", "limits.request", "must be 4096 or more"),
        ('[notify]\nto = "a@example.com"', "notify.to", "there is no smtp"),
        ('[retention.consent]\nperiod = "long"\nground = "x"', "retention.consent.period", "not a period"),
        ('[cookies.sid]\npurpose = "necessary"', "cookies.sid.reason", "missing"),
        ('[cookies."s d"]\npurpose = "necessary"\nreason = "x"', "cookies.s d", "not the name of a cookie"),
        ('[cookies."*"]\npurpose = "functional"\nreason = "x"', "cookies.*", "not the name of a cookie"),
        (
            '[cookies.sid]\npurpose = "necessary"\nreason = "x"\nduration = "long"',
            "cookies.sid.duration",
            "not a period",
        ),
        ('[cookies.sid]\npurpose = "necessary"\nreason = "x"\nname = "y"', "cookies.sid.name", "unknown key"),
        ("[surprise]", "surprise", "unknown key"),
    ],
)
def test_a_fault_names_its_key_and_reason(text: str, key: str, reason: str) -> None:
    with pytest.raises(Faulty) as raised:
        parse(text, Site, file="f")
    (fault,) = raised.value.faults
    assert fault.key.startswith(key)
    assert reason in fault.reason
    assert fault.line is not None


def test_every_fault_is_named_in_one_go(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "site.toml"
    path.write_text(
        """\
[site]
hosts = ["UPPER", "example.com", "a/b"]
trusted_proxies = ["abc", "10.0.0.5", "xyz"]
languages = ["xx", "yy"]
[third_parties]
first_party = ["adnxs.com", "a/b"]
surprise = 1
[services.youtub]
[services.zom]
[cookies.sid]
purpose = "fun"
reason = "why not"
[notify]
to = 3
"""
    )
    with pytest.raises(Faulty) as raised:
        read(path, catalogue)
    assert [(fault.line, fault.key) for fault in raised.value.faults] == [
        (2, "site.hosts.0"),
        (2, "site.hosts.2"),
        (3, "site.trusted_proxies.0"),
        (3, "site.trusted_proxies.2"),
        (4, "site.languages.0"),
        (4, "site.languages.1"),
        (6, "third_parties.first_party.0"),
        (6, "third_parties.first_party.1"),
        (7, "third_parties.surprise"),
        (8, "services.youtub"),
        (9, "services.zom"),
        (11, "cookies.sid.purpose"),
        (14, "notify.to"),
    ]


@pytest.mark.parametrize("value", ["1", "-1", "1.5", "true", '"x"', '""', "[]", "[1]", '["x"]', "{}", "{a = 1}", "{a = {b = 1}}", "nan", "1979-05-27"])  # fmt: skip
def test_no_key_is_answered_in_the_words_of_a_library(value: str) -> None:
    """Whatever stands where something else is expected."""
    keys = [f"{name}.{key}" for name, table in Site() if isinstance(table, Table) for key, _ in table]
    keys += [
        "services.x.transfer",
        "cookies.x.purpose",
        "cookies.x.reason",
        "cookies.x.duration",
        "retention.x.period",
    ]
    for key in (*Site.model_fields, *keys):
        try:
            parse(f"{key} = {value}\n", Site, file="f")
        except Faulty as error:
            for fault in error.faults:
                assert not re.search("Input|Value error|valid|String should|Field", fault.reason), fault


def test_a_known_trackers_cookie_is_not_necessary(tmp_path: Path, catalogue: Catalogue) -> None:
    """BAN-12"""
    path = tmp_path / "site.toml"
    path.write_text(
        '[cookies.sid]\npurpose = "necessary"\nreason = "x"\n\n[cookies._fbp]\npurpose = "necessary"\nreason = "x"\n'
    )
    with pytest.raises(Faulty) as raised:
        read(path, catalogue)
    (fault,) = raised.value.faults
    assert (fault.line, fault.key) == (5, "cookies._fbp")
    assert "Meta Pixel" in fault.reason


def test_a_cookie_may_say_how_long_it_stays() -> None:
    table = '[cookies.{}]\npurpose = "necessary"\nreason = "x"\nduration = "{}"\n'
    site = parse(table.format("a", "2 hours") + table.format("b", "session"), Site, file="f")
    assert [(one.name, str(one.period), one.duration) for one in site.cookies.values()] == [
        ("a", "2 hours", "2 hours"),
        ("b", "None", "session"),
    ]


def test_an_address_is_compared_as_it_will_be_seen() -> None:
    assert parse('[site]\ntrusted_proxies = ["::0001"]', Site, file="f").site.trusted_proxies == ("::1/128",)


def test_a_service_that_is_not_in_the_catalogue_is_a_fault_with_what_is_near(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    path = tmp_path / "site.toml"
    path.write_text("[services.linkdin]\n")
    with pytest.raises(Faulty, match=r"site\.toml:1: services\.linkdin: no such service.*linkedin"):
        read(path, catalogue)


@pytest.mark.parametrize("host", ["www.google-analytics.com", "*.doubleclick.net", "adnxs.com"])
def test_a_known_tracker_cannot_be_called_the_sites_own(
    tmp_path: Path, catalogue: Catalogue, host: str
) -> None:
    path = tmp_path / "site.toml"
    path.write_text(f'[third_parties]\nfirst_party = ["{host}"]\n')
    with pytest.raises(Faulty, match="belongs to a third party"):
        read(path, catalogue)


def test_loopback_addresses_may_stand_in_for_google() -> None:
    site = parse('[analytics]\ncollect_url = "http://127.0.0.1:9/"', Site, file="f")
    assert site.analytics.collect_url == "http://127.0.0.1:9"


def test_a_cookies_purpose_is_one_that_there_is(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "site.toml"
    path.write_text('[cookies.sid]\npurpose = "fun"\nreason = "why not"\n')
    with pytest.raises(
        Faulty, match=r"site\.toml:2: cookies\.sid\.purpose: not a purpose: 'fun'; there is nece"
    ):
        read(path, catalogue)


@pytest.mark.parametrize(
    ("address", "trusted"),
    [("10.1.2.3", True), ("::ffff:10.1.2.3", True), ("::1", True), ("11.0.0.1", False), ("fe80::1%eth0", False), ("", False)],
)  # fmt: skip
def test_a_proxy_is_trusted_by_its_address_or_network(address: str, trusted: bool) -> None:
    read = parse('[site]\ntrusted_proxies = ["10.0.0.0/8", "::1"]', Site, file="f")
    assert read.site.trusts(address) is trusted


@pytest.mark.parametrize(
    ("purposes", "reason"),
    [
        ('["analytics_linking"]', "no purpose that a container can serve: analytics_linking"),
        ('["everything"]', "not a purpose"),
    ],
)
def test_a_container_is_for_purposes_that_there_are(
    tmp_path: Path, catalogue: Catalogue, purposes: str, reason: str
) -> None:
    path = tmp_path / "site.toml"
    path.write_text(f"[services.google-tag-manager]\npurposes = {purposes}\n")
    with pytest.raises(Faulty, match=reason):
        read(path, catalogue)


def test_only_a_tag_managers_purposes_are_for_the_operator_to_say(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    path = tmp_path / "site.toml"
    path.write_text(
        '[services.meta-pixel]\npurposes = ["functional"]\n[services.linkedin]\npurposes = ["marketing"]\n'
    )
    with pytest.raises(Faulty, match=r"tag manager only; it serves marketing; linkedin: .* social_media"):
        read(path, catalogue)


@pytest.mark.parametrize(
    ("page", "good"),
    [
        ("/datenschutz", True),
        ("/en/privacy?page=1#top", True),
        ("https://group.shop.test/privacy", True),
        ("//elsewhere.test/", False),
        ("/\\\\elsewhere.test/", False),
        ("http://www.shop.test/privacy", False),
        ("javascript:alert(1)", False),
        ("datenschutz", False),
        ("/a b", False),
        ("https://a@b.test/", False),
    ],
)
def test_a_page_of_the_sites_own_is_a_path_or_an_https_address(page: str, good: bool) -> None:
    text = f'[policy]\nown_page = {{ en = "{page}" }}\n'
    if good:
        assert parse(text, Site, file="site.toml").policy.own_page.in_language("en") == (page, "")
        return
    with pytest.raises(Faulty) as raised:
        parse(text, Site, file="site.toml")
    (fault,) = raised.value.faults
    assert fault.key == "policy.own_page" and "must be a path of this site" in fault.reason
