"""Names and grounds that are data are not taken for wording that sways."""

from __future__ import annotations

import pytest

from tests.fairness.conftest import BOTH, Judge, changed


@pytest.mark.parametrize(
    "site",
    [
        '[controller]\nname = "Toll Collect GmbH"\n',
        '[controller]\nname = "Yahoo! Free Love Ltd."\naddress = "Am tollen Platz 1"\n',
        '[services.youtube]\ntransfer = "Standard contractual clauses, see example.com!"\n',
        '[retention.consent]\nperiod = "3 years"\nground = "legitimate interest"\n',
    ],
)
def test_what_an_operator_or_provider_is_called_or_has_declared_is_no_fault(site: str, judge: Judge) -> None:
    assert judge({}, site, BOTH) == []


def test_the_same_words_in_a_template_are_a_fault_all_the_same(judge: Judge) -> None:
    """BAN-15"""
    site = '[controller]\nname = "Toll Collect GmbH"\n'
    found = judge(changed("preferences.html", "<h1>", "<p>Das ist toll.</p><h1>"), site, BOTH)
    assert any("preferences.html: as shown in de: 'toll' is not neutral" in fault for fault in found), found
