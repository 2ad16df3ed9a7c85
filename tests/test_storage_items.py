"""What is kept in a visitor's browser."""

from __future__ import annotations

from consent_gateway.catalogue import Catalogue
from consent_gateway.periods import Period
from consent_gateway.rendering import templates_folder
from consent_gateway.storage_items import PLACE, items
from tests.policies import EXAMPLE, policy_of

OWN = '[cookies.ab]\npurpose = "functional"\nreason = "x"\nduration = "30 days"\n[services.linkedin]\n'


def names(text: str, catalogue: Catalogue, scheme: str = "https") -> list[str]:
    return [item.name for item in policy_of(text, catalogue).storage(scheme)]


def test_the_gateways_own_come_first_then_the_sites_then_those_of_services(catalogue: Catalogue) -> None:
    found = names(EXAMPLE, catalogue)
    assert found[:6] == [
        "__Host-privacy", "__Host-privacy-once", "__Host-privacy-saved", PLACE, "__Host-privacy-session", "session",
    ]  # fmt: skip
    assert {"bcookie", "YSC"} <= set(found[6:])
    assert "_ga" not in found  # the gateway keeps them out


def test_over_http_they_go_by_the_names_they_have_there(catalogue: Catalogue) -> None:
    assert names(EXAMPLE, catalogue, "http")[:3] == ["privacy", "privacy-once", "privacy-saved"]


def test_without_measurement_there_is_no_session(catalogue: Catalogue) -> None:
    assert "__Host-privacy-session" not in names(OWN, catalogue)


def test_each_says_how_long_it_stays_what_for_and_who_reads_it(catalogue: Catalogue) -> None:
    """POL-04"""
    policy = policy_of(OWN, catalogue)
    found = {item.name: item for item in items(policy.site, policy.offer, catalogue, "https")}
    assert (found["ab"].purpose, found["ab"].duration, str(found["ab"].why)) == (
        "functional",
        Period(30, "day"),
        "x",
    )
    assert (found["ab"].provider, found["ab"].read_by) == ("", "us")
    assert (found["bcookie"].provider, found["bcookie"].read_by) == (
        "LinkedIn Ireland Unlimited Company",
        "provider",
    )
    assert found["bcookie"].service == "LinkedIn"


def test_the_place_on_the_page_is_kept_under_the_name_that_the_script_has() -> None:
    """POL-04"""
    script = templates_folder() / "static" / "guard" / "80-place.js"
    assert f'const PLACE = "{PLACE}";' in script.read_text("utf-8")
