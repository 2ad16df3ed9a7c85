"""Tables begun for what a site was seen to store data for."""

from __future__ import annotations

import re
import tomllib

import pytest

from consent_gateway.demo.files import example
from consent_gateway.policy_tables import LEGAL_BASES
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.survey.processing_stubs import INTERESTS, RECIPIENTS, STUBS, stubs


@pytest.mark.parametrize("what", STUBS)
def test_a_table_uses_the_gateways_words_and_the_recipients_there_are(what: str) -> None:
    words, one = Rendering(templates_folder(), ("en",), prefix="/.privacy").wording("en"), STUBS[what]
    assert one.purpose in words["policy_purposes"]
    assert {*one.data} <= words["personal_data"].keys()
    assert {*one.recipients} <= RECIPIENTS.keys()
    assert {*one.legal_basis} <= {*LEGAL_BASES} and (INTERESTS in one.legal_basis) == bool(one.interest)
    assert (one.kept == "purpose") != bool(one.period and one.ground)


def test_every_line_of_a_table_has_the_article_that_wants_it_said() -> None:
    lines = list(stubs(dict.fromkeys(STUBS, "/"), ("en",)))
    keys = [
        line
        for line in lines
        if re.match(
            r"# (purpose|legal_basis|interest|data|recipients|retention|required|period|countries) =", line
        )
    ]
    assert len(keys) > 30 and all("Art. " in line for line in keys)
    assert all(line.startswith("#") for line in lines)


def test_no_fact_is_written_for_the_operator() -> None:
    text = "\n".join(line[2:] for line in stubs(dict.fromkeys(STUBS, "/"), ("en", "de")) if " = " in line)
    values = re.findall(r'^(?:name|period|ground|interest) = ("[^"]*"|\{[^}]*\})', text, re.M)
    assert len(values) > 8 and {re.sub(r"[a-z=,{} ]", "", one) for one in values} == {'""', '""""'}
    assert tomllib.loads(example())["retention"]["books"]["statutory"]  # as the stub of a shop proposes
