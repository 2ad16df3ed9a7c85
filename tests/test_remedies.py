"""What to write in the place of a value that a site file cannot have."""

from __future__ import annotations

import tomllib

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.datafile import Faulty, parse
from consent_gateway.remedies import remedy_of
from consent_gateway.site import Site
from consent_gateway.site_values import Reference


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ('[third_parties]\nunlisted = "perhaps"\n', 'unlisted = "hold"'),
        ('[third_parties]\nunlisted = "laod"\n', 'unlisted = "load"'),
        ('[recipients.a]\nkind = "shiping"\n', 'kind = "shipping"'),
        ('[processing.a]\nrequired = "contracts"\n', 'required = "contract"'),
        ('[policy]\ndraft = "yes"\n', "draft = true, or draft = false"),
        ("[controller]\ntelephone = 1\n", 'telephone = "..."'),
        ("[notify]\nto = 1\n", 'to = "..."'),
        ('[site]\nlanguages = ["xx"]\n', 'languages = ["en", "de"]'),
        ('[retention.a]\nperiod = "soon"\nground = "x"\n', 'period = "1 day"'),
        ('[retention.a]\nperiod = "1 day"\nground = "x"\nstatutory = "x"\n', "statutory = true, or statutory = false"),
        ('[retention.a]\nperiod = "1 day"\n', 'ground = "..."'),
        ('[analytics]\nrotation = "1 minute"\n', 'rotation = "3 hours"'),
        ('[analytics]\nevents = ["1"]\n', ""),
        ('[limits]\npage = "big"\n', "page = 100000, a number without quotes"),
        ("[services.google-analitics]\n", "[services.google-analytics]"),
        ("[services.acme]\n", "[services.ID] with an ID of those that `consent-gateway services` lists"),
        ('[services.youtube]\npurpose = "x"\n', "perhaps purposes, below [services.NAME]"),
        ('[cookies."a.b"]\npurpose = "necesary"\nreason = "x"\n', 'purpose = "necessary"'),
        ('[cookies.sid]\npurpose = "functionl"\nreason = "x"\n', 'purpose = "functional"'),
        ('[cookies.sid]\npurpose = "x"\nreason = "x"\n', 'purpose = "..."'),
        ("cookies = 1\n", "a table [cookies] of its own"),
    ],
)  # fmt: skip
def test_it_is_a_line_for_that_key(catalogue: Catalogue, text: str, remedy: str) -> None:
    with pytest.raises(Faulty) as error:
        parse(text, Site, file="site.toml", against=Reference(catalogue, catalogue.matcher()))
    assert [remedy_of(fault, tomllib.loads(text)) for fault in error.value.faults] == [remedy]


def test_names_near_a_service_are_three_at_most_and_the_best_comes_first(catalogue: Catalogue) -> None:
    with pytest.raises(Faulty) as error:
        parse("[services.google-ad]\n", Site, file="x", against=Reference(catalogue, catalogue.matcher()))
    near = error.value.faults[0].reason.partition("near: ")[2].partition(";")[0].split(", ")
    assert near[0] == "google-ads" and 1 < len(near) <= 3
