"""Every service of the catalogue is held to its pages: as it stands in the wild, and held. Loaded it is
as it stands; for measurement, which goes by way of the gateway, there is a page of that as well.

After a change to a treatment look at the pages, and write them anew with
`python -m tests.services_pages`, those of one service with its id behind it.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from consent_gateway import catalogue as catalogue_module
from consent_gateway.catalogue import Catalogue, Selector, Treatment
from consent_gateway.page.reading import read_every
from consent_gateway.page.tags import Tag
from consent_gateway.urls import Matcher, Pattern, attribute_text, resolve
from tests.services_pages import PAGE, SERVICES, rewritten

IDS = sorted(catalogue_module.load().services)


def page(id: str, name: str) -> bytes:
    return (SERVICES / id / f"{name}.html").read_bytes()


def attributes(tag: Tag, html: bytes) -> dict[str, str]:
    return {
        name.decode(): attribute_text(html[found.value_start : found.value_end].decode())
        for name, found in tag.attributes(html).items()
    }


class Fetching(HTMLParser):
    """Another reader's view of a page: the values of all attributes that fetch, and scripts that run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._runs = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(reversed(attrs))
        names = {"src", "srcset", "poster", "data", "background", "ping"}
        if tag == "link" and "rel" in fields:
            names.add("href")
        self.found += [value or "" for name, value in fields.items() if name in names]
        self.found += re.findall(r"url\((.*?)\)", fields.get("style") or "")
        self._runs = tag == "script" and "javascript" in (fields.get("type") or "text/javascript")

    def handle_data(self, data: str) -> None:
        if self._runs:
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._runs = False


@pytest.mark.parametrize("id", IDS)
def test_a_held_service_leaves_the_page_as_in_held_html(catalogue: Catalogue, id: str) -> None:
    assert rewritten(catalogue, page(id, "page")).decode() == page(id, "held").decode()


@pytest.mark.parametrize("id", IDS)
def test_a_service_loads_as_the_site_wrote_it_and_measurement_by_way_of_the_gateway(
    catalogue: Catalogue, id: str
) -> None:
    measured = catalogue.services[id].treatment is Treatment.MEASUREMENT
    loaded = rewritten(catalogue, page(id, "page"), released=frozenset((id,)))
    assert loaded.decode() == page(id, "loaded" if measured else "page").decode()


@pytest.mark.parametrize("id", IDS)
def test_a_held_page_fetches_nothing_that_its_service_owns(catalogue: Catalogue, id: str) -> None:
    fetched = " ".join(Fetching(page(id, "held").decode()).found)
    before = " ".join(Fetching(page(id, "page").decode()).found)
    matcher = catalogue.matcher()

    def owned(text: str) -> list[str]:
        hosts = re.findall(r"(?:https?:)?//([\w.-]+)(/[^\s\"']*)?", text)
        return [host for host, rest in hosts if matcher.find(host, rest or "/") == id]

    assert owned(fetched) == []
    assert owned(before) or id == "linkedin-insight", "the page must contain the service it is about"


@pytest.mark.parametrize("id", IDS)
def test_every_kind_of_plug_in_stands_on_the_page_of_its_service(catalogue: Catalogue, id: str) -> None:
    html = page(id, "page")
    tags = [(tag.name.decode(), attributes(tag, html)) for tag in read_every(html)]
    fetched = [
        address for _, values in tags for value in values.values() if (address := resolve(value, PAGE))
    ]
    for mount in catalogue.services[id].mounts:
        looks = [Selector.parse(text) for text in mount.selectors]
        from_address = Matcher([(Pattern.parse(mount.url), True)] if mount.url else [])
        assert any(look.matches(*tag) for look in looks for tag in tags) or any(
            from_address.find(address.host, address.rest) for address in fetched
        ), mount.id


@pytest.mark.parametrize("id", IDS)
def test_every_expression_over_code_finds_a_script_on_the_page_of_its_service(
    catalogue: Catalogue, id: str
) -> None:
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page(id, "page").decode(), re.S)
    service = catalogue.services[id]
    for expression in (*service.boot, *service.uses):
        assert any(re.search(expression, script) for script in scripts), expression


@pytest.mark.parametrize("id", IDS)
def test_the_example_of_a_service_is_held_as_it_and_stands_for_nobody_else(
    catalogue: Catalogue, id: str
) -> None:
    service = catalogue.services[id]
    html = f"<!doctype html><title>Example</title><body>\n{service.example}</body>".encode()
    held = rewritten(catalogue, html)
    assert rewritten(catalogue, html, released=frozenset((id,))) != held != html
    assert rewritten(catalogue, html, released=frozenset(catalogue.services) - {id}) == held
    visible = service.treatment is Treatment.PLACEHOLDER and not service.floats
    assert (b"<placeholder " in held) is visible


@pytest.mark.parametrize("id", IDS)
def test_no_other_service_claims_what_is_on_the_page(catalogue: Catalogue, id: str) -> None:
    others = frozenset(catalogue.services) - {id}
    assert rewritten(catalogue, page(id, "page"), released=others) == page(id, "held")


def test_every_page_has_its_entry_and_every_entry_its_pages(catalogue: Catalogue) -> None:
    assert sorted(folder.name for folder in SERVICES.iterdir()) == IDS
    for folder in SERVICES.iterdir():
        measured = catalogue.services[folder.name].treatment is Treatment.MEASUREMENT
        pages = ["held.html", *(["loaded.html"] if measured else []), "page.html"]
        assert sorted(file.name for file in folder.iterdir()) == pages, folder.name


def test_an_unlisted_third_party_is_held_where_the_site_holds_those(catalogue: Catalogue) -> None:
    html = b'<script src="https://cdn.example.org/x.js"></script><img src="/own.png">'
    assert rewritten(catalogue, html) == html
    held = rewritten(catalogue, html, unlisted="hold")
    assert b"cdn.example.org" not in held and b'<img src="/own.png">' in held
