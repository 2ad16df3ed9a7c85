"""What a gateway counts of itself, as Prometheus reads it."""

from __future__ import annotations

from consent_gateway.figures import METRICS, Figures, counted, exposition, together
from tests.conftest import ROOT


def test_every_metric_has_help_a_type_and_a_value_before_anything_happens() -> None:
    lines = exposition(Figures().samples).splitlines()
    assert "# TYPE consent_gateway_workers_up gauge" in lines
    assert "consent_gateway_grants_refused_total 0" in lines
    assert sum(line.startswith("# HELP ") for line in lines) == sum(
        line.startswith("# TYPE ") for line in lines
    )


def test_a_duration_is_in_every_bucket_from_its_own_on() -> None:
    figures = Figures()
    figures.took(0.3)
    figures.took(100)
    text = exposition(figures.samples)
    for bound, number in (("0.25", 0), ("0.5", 1), ("10.0", 1), ("+Inf", 2)):
        assert (f'_bucket{{le="{bound}"}} {number}\n' in text) is (number > 0)
    assert "_count 2\n" in text and "_sum 100.3\n" in text
    assert text.index('le="0.5"') < text.index('le="10.0"') < text.index('le="+Inf"')


def test_counts_of_several_processes_are_added_and_of_a_state_the_worst_counts() -> None:
    one, other = Figures(), Figures()
    for figures, seconds in ((one, 3), (other, 1)):
        figures.add("requests_total", kind="own")
        figures.set("ledger_seconds", seconds)
    found = together([one.samples, other.samples])
    assert found == {'requests_total{kind="own"}': 2, "ledger_seconds": 3}
    assert counted(found) == {'requests_total{kind="own"}': 2}


def test_the_document_names_them_all() -> None:
    text = (ROOT / "docs" / "running.md").read_text("utf-8")
    assert [one.name for one in METRICS if f"| `{one.name}` | {one.help} |" not in text] == []
