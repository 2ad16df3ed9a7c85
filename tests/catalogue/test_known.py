"""The table of known trackers is data, checked like code."""

from __future__ import annotations

from collections import Counter

import pytest

from consent_gateway.catalogue import Catalogue, Known
from consent_gateway.catalogue.known import Hosts, Software
from consent_gateway.datafile import Faulty, parse
from consent_gateway.urls import Matcher, Pattern, resolve
from tests.foreign_addresses import of_hosts


def above(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(1, len(labels))]


def test_a_host_is_in_one_file_once_in_order_and_has_a_company(catalogue: Catalogue) -> None:
    files = catalogue.known.files
    assert len(files) > 10
    for name, file in files.items():
        assert list(file.hosts) == sorted(file.hosts), name
        assert all(company.strip() for company in file.hosts.values()), name
    counted = Counter(host for file in files.values() for host in file.hosts)
    assert [host for host, times in counted.items() if times > 1] == []
    assert len(counted) > 3000


def test_no_host_is_named_that_stands_below_another_of_the_table(catalogue: Catalogue) -> None:
    whole = {pattern.host for pattern, _ in catalogue.known.hosts if not pattern.rest}
    below = [
        pattern.host + pattern.rest
        for pattern, _ in catalogue.known.hosts
        if whole.intersection(above(pattern.host)) or (pattern.rest and pattern.host in whole)
    ]
    assert below == []


def test_what_a_service_holds_is_not_in_the_table_again(catalogue: Catalogue) -> None:
    services = catalogue.services.items()
    claimed = Matcher((Pattern.parse(url), id) for id, service in services for url in service.urls)
    again = {
        str(pattern): id
        for pattern, _ in catalogue.known.hosts
        if (id := claimed.find(pattern.host, (pattern.rest or "/").replace("*", "x")))
    }
    assert again == {}, "remove these from catalogue/known: the services have them"


def test_every_known_host_is_found_as_such(catalogue: Catalogue) -> None:
    matcher = catalogue.matcher()
    for url in of_hosts(catalogue):
        address = resolve(url, "https://www.example.com/")
        assert address and isinstance(matcher.find(address.host, address.rest), Known), url


def test_every_kind_of_software_says_how_it_is_seen_and_where_that_is_known(catalogue: Catalogue) -> None:
    seen: Counter[str] = Counter()
    for software in catalogue.known.software:
        assert software.words or software.files or software.folders, software.name
        assert software.source, software.name
        seen.update(software.words)
        seen.update(
            (*(f"/{file}" for file in software.files), *(f"{folder}/" for folder in software.folders))
        )
    assert [text for text, times in seen.items() if times > 1] == []


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ('purpose = "marketing"\n[hosts]\n"https://ads.example.com" = "Example"', Hosts),
        ('purpose = "fun"\n[hosts]\n"ads.example.com" = "Example"', Hosts),
        ('name = "X"\npurpose = "analytics"\nfiles = ["Track.js"]\nsource = "s"', Software),
    ],
)
def test_an_entry_with_a_fault_is_refused(text: str, model: type[Hosts] | type[Software]) -> None:
    with pytest.raises(Faulty):
        parse(text, model, file="x.toml")
