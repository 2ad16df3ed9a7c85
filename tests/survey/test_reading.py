"""Files of a site as the gateway's rewriter reads them."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.page.elements import Unlisted
from consent_gateway.page.positions import Carrier
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site
from consent_gateway.site_tables import ThirdParties
from consent_gateway.survey.reading import Reader
from tests.shop import HOST, START, got


@pytest.fixture(name="reader", scope="module")
def _reader(catalogue: Catalogue) -> Reader:
    return Reader(
        catalogue, Recogniser(Site(third_parties=ThirdParties(unlisted="hold")), catalogue, (HOST,))
    )


def test_a_page_is_read_for_services_ids_and_hosts_nobody_knows(reader: Reader) -> None:
    found = reader.read(got(f"https://{HOST}/", START))
    assert found is not None and found.document is not None
    assert found.services == {"google-analytics", "google-tag-manager", "google-fonts"}
    assert found.ids == {"G-9XK2V7QW1", "GTM-K7QW2Z9"}
    assert ("cdn.shopfiles.net", Carrier.SCRIPT, Unlisted("cdn.shopfiles.net")) in found.contacts


def test_a_style_sheet_is_read_for_what_it_imports(reader: Reader) -> None:
    css = '@import "https://fonts.googleapis.com/css?family=A"; a{background:url(https://cdn.shopfiles.net/a.png)}'
    found = reader.read(got(f"https://{HOST}/a.css", css, to="style", of="text/css"))
    assert found is not None and found.services == {"google-fonts"} and found.document is None
    assert {host for host, _, owner in found.contacts if isinstance(owner, Unlisted)} == {"cdn.shopfiles.net"}


def test_other_files_are_not_read_and_what_no_codec_knows_is_said(reader: Reader) -> None:
    assert reader.read(got(f"https://{HOST}/a.json", START, to="empty", of="application/json")) is None
    code = reader.read(got(f"https://{HOST}/a.js", START, to="script", of="text/javascript"))
    assert code is not None and (code.place, code.contacts) == (
        "in a script",
        set(),
    )  # code names what it never asks
    undecodable = got(f"https://{HOST}/", b"\xff\xfe\x00\xd8<p>", of="text/html; charset=utf-16")
    found = reader.read(undecodable)
    assert found is not None and (found.failure or found.document)
