"""The privacy policy as values."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.datafile import Faulty, parse
from consent_gateway.site import Site
from tests.policies import EXAMPLE, policy_of, without


def test_the_operators_purposes_come_first_then_the_gateways_then_what_is_asked_about(
    catalogue: Catalogue,
) -> None:
    found = [one.id for one in policy_of(EXAMPLE, catalogue).activities]
    assert found == [
        "contracts", "credit", "enquiries", "webinars", "server", "consent", "requests",
        "analytics", "analytics_linking", "media", "social_media", "webinars", "marketing",
    ]  # fmt: skip


def test_whoever_runs_the_servers_receives_what_the_gateway_keeps(catalogue: Catalogue) -> None:
    found = {one.id: one for one in policy_of(EXAMPLE, catalogue).activities[5:]}
    assert found["consent"].recipients == found["requests"].recipients == ("hosting",)
    assert found["consent"].legal_basis == ("6(1)(c)",)
    assert found["media"].legal_basis == ("6(1)(a)",)


def test_nobody_is_no_recipient(catalogue: Catalogue) -> None:
    text = '[processing.a]\npurpose = "contract"\nrecipients = ["none"]\n'
    assert policy_of(text, catalogue).activities[0].recipients == ()


def test_each_service_has_one_place(catalogue: Catalogue) -> None:
    policy = policy_of(EXAMPLE, catalogue)
    assert policy.measuring and policy.measuring.id == "google-analytics"
    assert [(purpose.id, [one.id for one in services]) for purpose, services in policy.tracking] == [
        ("marketing", ["linkedin-insight"])
    ]
    assert [one.id for _, services in policy.plug_ins for one in services] == ["youtube", "linkedin"]
    assert [one.id for one in policy.webinars] == ["zoom"]


def test_who_is_abroad_is_told_with_the_countries(catalogue: Catalogue) -> None:
    policy = policy_of(EXAMPLE, catalogue)
    assert {id: countries for id, (_, countries) in policy.recipients_abroad.items()} == {"webinars": ["US"]}
    assert "youtube" in {one.id for one in policy.services_abroad}


def test_nobody_else_loads_where_services_are_named_and_the_rest_is_held(catalogue: Catalogue) -> None:
    assert policy_of(EXAMPLE, catalogue).names_everybody
    assert not policy_of(without("services"), catalogue).names_everybody
    assert not policy_of(without("third_parties"), catalogue).names_everybody


def test_without_a_list_of_services_measurement_is_told_all_the_same(catalogue: Catalogue) -> None:
    policy = policy_of("", catalogue)
    assert policy.measuring and not policy.joint
    assert policy_of("[services.youtube]\n", catalogue).measuring is None


def test_a_provider_is_jointly_responsible_where_it_says_so_itself_or_the_operator_does(
    catalogue: Catalogue,
) -> None:
    """POL-08"""
    of_its_own = ("google-fonts", "google-maps", "linkedin-insight")
    text = "".join(f"[services.{id}]\n" for id in (*of_its_own, "facebook", "meta-pixel", "youtube"))
    policy = policy_of(f'{text}role = "joint"\n', catalogue)
    roles = {id: one.role for id, one in policy.offer.services.items()}
    assert roles == dict.fromkeys(of_its_own, "controller") | dict.fromkeys(
        ("facebook", "meta-pixel", "youtube"), "joint"
    )
    assert {one.id for one in policy.joint} == {"facebook", "meta-pixel", "youtube"}
    of_example = policy_of(EXAMPLE, catalogue).offer.services
    assert (of_example["google-analytics"].role, of_example["zoom"].role) == ("processor", "processor")


@pytest.mark.parametrize(
    ("kind", "given", "role"),
    [("it", "", "processor"), ("other", "", "processor"), ("collection", "", "controller"), ("payment", "", "controller"), ("payment", "processor", "processor")],
)  # fmt: skip
def test_a_recipient_is_what_those_of_its_kind_are_unless_the_file_says_otherwise(
    kind: str, given: str, role: str, catalogue: Catalogue
) -> None:
    text = f'[recipients.x]\nkind = "{kind}"\npurpose = "Something"\n' + (
        f'role = "{given}"' if given else ""
    )
    assert parse(text, Site, file="site.toml").recipients["x"].role == role


@pytest.mark.parametrize("basis", ["Art. 6 Abs. 1 lit. f DSGVO", "6 (1) f", "6.1.b"])
def test_a_legal_basis_of_article_6_is_written_so_that_what_it_asks_for_is_seen(basis: str) -> None:
    with pytest.raises(Faulty, match=r"write one of Art\. 6 as"):
        parse(f'[processing.x]\nlegal_basis = ["{basis}"]', Site, file="site.toml")
    other = parse('[processing.x]\nlegal_basis = ["§ 26 BDSG"]', Site, file="site.toml")
    assert other.processing["x"].legal_basis == ("§ 26 BDSG",)
