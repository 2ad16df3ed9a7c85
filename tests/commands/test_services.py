"""`consent-gateway services`"""

from __future__ import annotations

from click.testing import CliRunner

from consent_gateway.catalogue import Catalogue, Treatment
from consent_gateway.commands.services import services


def test_every_service_is_listed_with_purpose_and_company(catalogue: Catalogue) -> None:
    result = CliRunner().invoke(services)
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.partition("\n\n")[0].splitlines()]
    assert " ".join(lines[0]) == "ID PURPOSES WHILE HELD COMPANY"
    assert [line[0] for line in lines[1:]] == list(catalogue.services)
    assert ["linkedin", "social_media", "placeholder", "LinkedIn"] in [line[:4] for line in lines]
    hosts = sum(len(file.hosts) for file in catalogue.known.files.values())
    assert f"{hosts} hosts of trackers and {len(catalogue.known.software)} kinds" in result.stdout


def test_the_columns_stand_under_their_headings(catalogue: Catalogue) -> None:
    heading, *lines = CliRunner().invoke(services).stdout.splitlines()
    place = heading.index("WHILE HELD")
    for line, service in zip(lines, catalogue.services.values(), strict=False):
        assert line[place - 2 :].startswith(f"  {service.treatment} ")


def test_the_help_says_what_becomes_of_a_service_while_it_is_held() -> None:
    text = CliRunner().invoke(services, ["--help"]).stdout
    assert "WHILE HELD" in text
    for treatment in Treatment:
        assert f"\n  {treatment} " in text


def test_a_group_is_shown_with_its_members() -> None:
    assert "\naudience-measurement: chartbeat, " in CliRunner().invoke(services).stdout
    shown = CliRunner().invoke(services, ["audience-measurement"])
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[1:3] == ["  chartbeat", "  cloudflare-analytics"]


def test_one_service_is_shown_with_all_that_is_known(catalogue: Catalogue) -> None:
    result = CliRunner().invoke(services, ["linkedin"])
    assert result.exit_code == 0
    for known in ("LinkedIn Ireland", "*.linkedin.com", "in/followcompany", "li_gc", "https://"):
        assert known in result.stdout


def test_of_a_service_that_draws_itself_above_the_page_that_is_said() -> None:
    shown = CliRunner().invoke(services, ["crisp"]).stdout
    assert (
        "while held:        placeholder\n" in shown and "plug-ins:          chat: above the page\n" in shown
    )


def test_a_service_that_is_unknown_is_an_error() -> None:
    result = CliRunner().invoke(services, ["linkedn"])
    assert result.exit_code == 2
    assert "no service 'linkedn'" in result.stderr
