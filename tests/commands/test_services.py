"""`consent-gateway services`"""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from consent_gateway.catalogue import Catalogue, Treatment
from consent_gateway.commands.services import services


def run(*arguments: str) -> Result:
    return CliRunner().invoke(services, arguments)


def test_every_service_is_listed_once_below_its_purpose(catalogue: Catalogue) -> None:
    result = run()
    assert result.exit_code == 0
    listed: dict[str, str] = {}
    for block in result.stdout.split("\n\n"):
        heading, *lines = block.splitlines()
        if len(lines) > 1 and lines[0].split()[:2] == ["ID", "NAME"]:
            assert heading.endswith(f" ({len(lines) - 1})")
            listed |= {line.split()[0]: heading.rpartition(" ")[0] for line in lines[1:]}
    assert sorted(listed) == sorted(catalogue.services)
    assert listed["youtube"] == "media" and listed["google-tag-manager"] == "several purposes"
    hosts = sum(len(file.hosts) for file in catalogue.known.files.values())
    assert f"{hosts} hosts of trackers and {len(catalogue.known.software)} kinds" in result.stdout


def test_a_line_has_name_treatment_and_company() -> None:
    [line] = [line for line in run().stdout.splitlines() if line.startswith("  linkedin ")]
    assert line.split()[:3] == ["linkedin", "LinkedIn", "placeholder"] and "LinkedIn Ireland" in line


def test_the_help_says_what_becomes_of_a_service_while_it_is_held() -> None:
    text = run("--help").stdout
    assert "WHILE HELD" in text
    for treatment in Treatment:
        assert f"\n  {treatment} " in text


def test_one_purpose_or_two_can_be_asked_for(catalogue: Catalogue) -> None:
    shown = run("--purpose", "webinars", "--purpose", "media").stdout
    assert "webinars (" in shown and "media (" in shown and "functional (" not in shown
    wrong = run("--purpose", "fun")
    assert wrong.exit_code == 2 and "functional" in wrong.stderr


def test_a_group_is_shown_with_its_members() -> None:
    assert "\naudience-measurement: chartbeat, " in run().stdout
    shown = run("audience-measurement")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[1:3] == ["  chartbeat", "  cloudflare-analytics"]


def test_words_find_what_has_all_of_them_wherever_it_stands() -> None:
    assert "  google-maps " in (found := run("google", "maps").stdout) and "youtube" not in found
    assert "  youtube " in run("ytimg").stdout  # by an address
    assert "  youtube " in run("Google Ireland").stdout  # by its company
    assert "  youtube " not in run("Google Ireland", "--purpose", "functional").stdout


@pytest.mark.parametrize(
    "address",
    ["youtube", "YouTube", "www.youtube.com", "https://www.youtube.com/embed/x", "i.ytimg.com/vi/x.jpg"],
)
def test_an_id_or_an_address_shows_the_service_it_belongs_to(address: str) -> None:
    assert run(address).stdout.splitlines()[0].split() == ["id:", "youtube"]


def test_an_address_of_a_tracker_that_is_no_service_is_told_as_such() -> None:
    shown = run("cdn.accertify.com")
    assert shown.exit_code == 0
    assert "known trackers, held for everybody\n  accertify.com " in shown.stdout


def test_what_is_unknown_is_an_error_that_names_what_is_near() -> None:
    result = run("linkedn")
    assert result.exit_code == 2 and "no service has 'linkedn'; is linkedin" in result.stderr
    assert run("cdn.nobody.example").exit_code == 2
    assert "no service has all of 'google zoom'" in run("google", "zoom").stderr


def test_programs_get_the_same_as_values(catalogue: Catalogue) -> None:
    every = json.loads(run("--format", "json").stdout)
    assert [one["id"] for one in every["services"]] == list(catalogue.services)
    assert every["groups"].keys() == catalogue.groups.keys() and every["trackers"] == []
    one = json.loads(run("youtube", "--format", "json").stdout)
    assert one["controller"]["country"] == "IE" and one["file"].endswith("services/youtube.toml")
    assert (
        json.loads(run("hcaptcha-turnstile", "--format", "json").stdout)["members"][0]
        == "cloudflare-turnstile"
    )
    found = json.loads(run("accertify", "--format", "json").stdout)
    assert found["trackers"][0] == {"host": "accertify.com", "company": "Accertify", "purpose": "marketing"}


def test_a_word_that_is_near_no_id_suggests_none() -> None:
    result = CliRunner().invoke(services, ["acme"])
    assert result.stderr == "consent-gateway: no service has 'acme'; `consent-gateway services` lists them\n"
    assert "is google-analytics" in CliRunner().invoke(services, ["google-analitics"]).stderr
