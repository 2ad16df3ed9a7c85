"""What a privacy policy must say and a site file does not yet."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from consent_gateway import completeness
from consent_gateway.catalogue import Catalogue
from consent_gateway.commands.check import check
from consent_gateway.offer import offer
from tests.policies import EXAMPLE, policy_of, site_of, without

ROWS = [
    *((".".join(key[:-1]), key[-1]) if len(key) > 1 else (key[0], "") for key, *_ in completeness.OF_SITE),
    *(("processing.credit", name) for name, *_ in completeness.OF_PROCESSING),
    *(("recipients.webinars", name) for name, *_ in completeness.OF_RECIPIENT),
    *(("cookies.session", name) for name, *_ in completeness.OF_COOKIE),
]


def missing(text: str, catalogue: Catalogue) -> list[str]:
    return [".".join(gap.key) for gap in policy_of(text, catalogue).gaps]


@pytest.mark.parametrize(("table", "key"), ROWS, ids=lambda part: part or "-")
def test_whatever_is_left_out_of_the_example_is_named_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, table: str, key: str
) -> None:
    """POL-02"""
    file = tmp_path_factory.mktemp("site") / "site.toml"
    file.write_text(without(table, key))
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 1
    heading, first, remedy, last, *_ = result.stdout.splitlines()
    assert heading == "What the privacy policy must say:" and remedy.startswith("  write: ")
    assert key in remedy or not key
    assert f": {table}{'.' if key else ''}{key}: missing: " in first
    assert "GDPR Art. " in first or "C-673/17" in first
    assert last == f"1 fault in {file}"


def test_the_example_says_everything_without_a_safeguard_within_the_eea_and_an_interest_for_a_contract(
    catalogue: Catalogue,
) -> None:
    """POL-02"""
    assert missing(EXAMPLE, catalogue) == []
    assert "transfer" not in EXAMPLE.partition("[recipients.hosting]")[2].partition("[")[0]
    assert "interest" not in EXAMPLE.partition("[processing.contracts]")[2].partition("[processing")[0]


def test_a_service_that_goes_abroad_needs_a_safeguard_of_the_catalogue_or_of_the_operator(
    catalogue: Catalogue,
) -> None:
    """POL-02"""
    abroad = sorted(
        id
        for id, one in offer(site_of("", catalogue), catalogue, catalogue.services).services.items()
        if one.third_countries and not one.service.transfer
    )
    text = f"{EXAMPLE}\n[services.{abroad[0]}]\n"
    assert missing(text, catalogue) == [f"services.{abroad[0]}.transfer"]
    assert missing(f'{text}transfer = "By clauses."\n', catalogue) == []


def test_what_is_said_in_one_language_only_is_a_gap_of_the_other(catalogue: Catalogue) -> None:
    """POL-02"""
    text = EXAMPLE.replace('{ en = "questions that follow", de = "Rückfragen" }', '{ en = "questions" }')
    (gap,) = policy_of(text, catalogue).gaps
    assert (".".join(gap.key), gap.word) == ("retention.enquiries.ground", "")
    assert str(gap) == "is not said in: de (GDPR Art. 12(1))"
    assert gap.remedy == "say it there, or leave these out of [site] languages"


def test_every_gap_has_a_word_that_visitors_read(catalogue: Catalogue) -> None:
    from consent_gateway.rendering import Rendering, templates_folder

    said = Rendering(templates_folder(), ("de",), prefix="/.privacy").wording("de")["policy_gaps"]
    tables = (
        completeness.OF_SITE, completeness.OF_PROCESSING, completeness.OF_RECIPIENT, completeness.OF_SERVICE,
        completeness.OF_COOKIE,
    )  # fmt: skip
    assert {row[1] for table in tables for row in table} | {"sources"} == set(said)


def test_of_a_processor_it_has_to_be_said_how_long_it_keeps_data(catalogue: Catalogue) -> None:
    """POL-02"""
    for kept, found in (("", ["services.google-analytics.kept"]), ('kept = "14 months"\n', [])):
        text = f"[services.google-analytics]\n{kept}[services.youtube]\n"
        assert [key for key in missing(text, catalogue) if key.startswith("services.")] == found


def test_a_page_of_the_sites_own_is_there_for_what_is_asked_for_once(catalogue: Catalogue) -> None:
    text = '[policy]\nown_page = "/privacy"\n[services.google-analytics]\n'
    policy = policy_of(text, catalogue)
    assert policy.missing == []
    assert [".".join(gap.key) for gap in policy.elsewhere] == [
        *(".".join(row[0]) for row in completeness.OF_SITE),
        "services.google-analytics.kept",
    ]


def test_what_the_file_says_by_halves_no_page_elsewhere_says_to_the_end(catalogue: Catalogue) -> None:
    begun = (
        '[processing.shop]\npurpose = "contract"\n[recipients.bank]\nkind = "payment"\n'
        '[cookies.sid]\npurpose = "necessary"\nreason = "login"\n'
    )
    policy = policy_of(f'{begun}[policy]\nown_page = {{ en = "/privacy" }}\n', catalogue)
    assert [".".join(gap.key) for gap in policy.missing] == [
        *(
            f"processing.shop.{row[0]}"
            for row in completeness.OF_PROCESSING
            if row[0] not in ("purpose", "interest")
        ),
        "recipients.bank.countries",
        "cookies.sid.duration",
        "policy.own_page",
    ]
