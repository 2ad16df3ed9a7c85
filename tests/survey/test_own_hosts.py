"""Which hosts of the site's domain are plainly its own."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.page.positions import Carrier
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site
from consent_gateway.site_tables import ThirdParties
from consent_gateway.survey.own_hosts import OwnHosts
from tests.shop import HOST, got

HOSTS = (HOST, "static.solarhof.de", "metrics.solarhof.de")


@pytest.fixture(name="own")
def _own(catalogue: Catalogue) -> OwnHosts:
    own = OwnHosts(HOSTS, Recogniser(Site(third_parties=ThirdParties(unlisted="hold")), catalogue, ()))
    own.note_page(got(f"https://{HOST}/"))
    return own


def note(own: OwnHosts, url: str, to: str, sets: tuple[str, ...] = ()) -> None:
    own.note_file(got(url, to=to, sets=sets), "/", Carrier.HINT)


def test_a_font_or_a_style_sheet_shows_a_host_for_files(own: OwnHosts) -> None:
    note(own, "https://static.solarhof.de/a.woff2", "font")
    assert own.static == ("static.solarhof.de",) and list(own.undecided()) == []


@pytest.mark.parametrize("to", ["image", "script", "empty", "websocket", ""])
def test_what_trackers_do_as_well_shows_none(own: OwnHosts, to: str) -> None:
    note(own, "https://metrics.solarhof.de/a", to)
    assert own.static == () and [host for host, _ in own.undecided()] == ["metrics.solarhof.de"]


def test_a_tracker_below_a_name_of_the_sites_is_known_by_its_address(own: OwnHosts) -> None:
    note(own, "https://static.solarhof.de/a.css", "style")
    note(own, "https://static.solarhof.de/matomo.js", "script")
    assert own.static == ()


def test_a_host_with_pages_is_a_public_name_whatever_else_it_serves(own: OwnHosts) -> None:
    note(own, f"https://{HOST}/api", "empty")
    assert own.names == (HOST,) and own.pages == 1 and list(own.undecided()) == []
