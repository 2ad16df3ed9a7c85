"""The rule by which something is known: for every service, one of its own."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.grounds import Means, ground_of
from consent_gateway.page.charset import UTF8
from consent_gateway.page.finding import Finder
from consent_gateway.page.reading import read
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site
from tests.services_pages import PAGE, SERVICES


@pytest.fixture(scope="module")
def recogniser(catalogue: Catalogue) -> Recogniser:
    return Recogniser(Site(), catalogue, ())


def test_whatever_is_found_on_the_page_of_a_service_has_a_rule_of_its_entry(
    catalogue: Catalogue, recogniser: Recogniser
) -> None:
    beside: dict[str, set[str]] = {}
    for id, service in catalogue.services.items():
        data = (SERVICES / id / "page.html").read_bytes()
        entry = {*service.urls, *service.boot, *service.uses}
        entry |= {text for mount in service.mounts for text in mount.selectors}
        for element in Finder(data, read(data), recogniser.on("www.example.com"), UTF8, PAGE):
            rule, at = ground_of(element, data, catalogue)
            assert at is None or element.tag.start <= at < len(data)
            if element.owner == id and rule.text not in entry:
                beside.setdefault(id, set()).add(rule.text.rpartition(".example.")[0])
    assert beside == {
        "google-analytics": {"on the server www"},  # a relay on a host of the site's own
        "google-tag-manager": {"on the server sgtm"},
        "mastodon": {"on the server social", "on the server other", "on the server third"},  # anybody's
    }


def test_a_rule_reads_as_a_sentence_does(catalogue: Catalogue, recogniser: Recogniser) -> None:
    data = b'<img src="https://www.example.org/seen" style="display:none"><script src="https://a.matomo.cloud/x.js"></script>'
    found = Finder(data, read(data), recogniser.on("www.example.com"), UTF8, PAGE)
    rules = [ground_of(element, data, catalogue).rule for element in found]
    assert rules[0] == (Means.LOOKS, "image nobody sees")
    assert str(rules[0]) == "looks image nobody sees"
