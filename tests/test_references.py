"""What one table of a site file says of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.datafile import Faulty
from consent_gateway.references import dangling
from consent_gateway.site import Site, read
from tests.policies import EXAMPLE, site_of

PERIOD = 'period = "1 year"\nground = "x"\n'


def test_nothing_dangles_in_the_example_nor_without_a_file(catalogue: Catalogue) -> None:
    assert list(dangling(site_of(EXAMPLE, catalogue))) == []
    assert list(dangling(Site())) == []


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ('[processing.a]\nrecipients = ["it"]', "processing.a.recipients", "there is no [recipients.it]; there is none"),
        ('[processing.a]\nsources = ["it"]', "processing.a.sources", "there is no [sources.it]; there is you"),
        ('[processing.a]\nretention = "books"', "processing.a.retention", "there is no [retention.books]; there is consent, purpose, reports, requests"),
        ('[processing.a]\nrecipients = ["none", "x"]\n[recipients.x]\nkind = "it"', "processing.a.recipients", '"none" and somebody'),
        (f'[retention.consent]\n{PERIOD}counts_from = "year"', "retention.consent.counts_from", "classes of data of your own only"),
        (f"[retention.reports]\n{PERIOD}statutory = true", "retention.reports.statutory", "without reference to anybody"),
        (f"[retention.purpose]\n{PERIOD}", "retention.purpose", "is the gateway's own"),
        ('[sources.you]\nwho = "x"', "sources.you", "is the gateway's own"),
        ('[recipients.none]\nkind = "it"', "recipients.none", "is the gateway's own"),
        ('[purposes.necessary]\nname = "x"', "purposes.necessary", "is the gateway's own"),
        ('[policy]\nown_page = "/.privacy/policy"', "policy.own_page", "/.privacy/policy is the gateway's own page"),
        ('[site]\nprefix = "/ds"\n[policy]\nown_page = { de = "/ds" }', "policy.own_page", "/ds is the gateway's own page"),
    ],
)  # fmt: skip
def test_a_word_that_leads_nowhere_is_a_fault_with_key_and_reason(
    tmp_path: Path, catalogue: Catalogue, text: str, key: str, reason: str
) -> None:
    file = tmp_path / "site.toml"
    file.write_text(text + "\n")
    with pytest.raises(Faulty) as raised:
        read(file, catalogue)
    (fault,) = raised.value.faults
    assert fault.key == key and reason in fault.reason and fault.line


def test_what_the_gateway_knows_by_itself_needs_no_table(catalogue: Catalogue) -> None:
    text = '[processing.a]\nrecipients = ["none"]\nsources = ["you"]\nretention = "requests"\n'
    assert list(dangling(site_of(text, catalogue))) == []
