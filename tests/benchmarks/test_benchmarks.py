"""What benchmarks compute, and that those of proxies run: a few requests through each."""

from __future__ import annotations

import math

import pytest

from benchmarks import proxies
from benchmarks.gateway import rewriter
from benchmarks.load import PAGE, PATHS
from benchmarks.memory import slope
from benchmarks.pairing import Pair, paired, spread, table
from benchmarks.passing import compared
from benchmarks.services import with_more
from consent_gateway.catalogue import Catalogue


def test_both_are_measured_in_every_round_and_the_first_is_not_counted() -> None:
    order: list[str] = []

    def measure(name: str) -> float:
        order.append(name)
        return float(len(order))

    pair = paired(lambda: measure("ours"), lambda: measure("other"), 3)
    assert len(pair.ours) == len(pair.other) == 3 and order.count("ours") == order.count("other") == 4
    assert order[2:4] != order[4:6]  # who is first takes turns


def test_a_ratio_is_of_one_round_and_none_where_the_other_took_nothing() -> None:
    assert Pair((2.0, 9.0), (1.0, 3.0)).ratios == [2.0, 3.0]
    assert math.isnan(Pair((2.0,), (0.0,)).ratios[0])
    assert "–" in table("ms", ("a", "b"), [("c", Pair((2.0,), (0.0,)))])


def test_median_and_quartiles() -> None:
    assert spread([1, 2, 3, 4, 5]) == (3, 2, 4) and spread([7]) == (7, 7, 7)


def test_growth_is_that_of_the_second_half() -> None:
    assert slope([0, 50, 100, 100, 100], 4000) == 0
    assert slope([0, 0, 0, 1, 2], 4000) == 1


def test_the_page_has_six_trackers_and_about_a_hundred_thousand_bytes() -> None:
    services = sum(
        PAGE.count(host)
        for host in (b"gtag/js", b"facebook.com/tr", b"youtube.com/embed", b"ads.linkedin", b"maps/embed")
    )
    assert services == 6 and 99_000 < len(PAGE) < 102_000


@pytest.mark.slow
@pytest.mark.parametrize("name", proxies.OTHERS)
def test_the_gateway_is_compared_with(name: str) -> None:
    try:
        rows = dict(compared(proxies.OTHERS[name], requests=10, rounds=2))
    except proxies.NotInstalled:
        pytest.skip(f"{name} is not installed")
    assert rows.keys() == PATHS.keys()
    assert all(cost > 0 for pair in rows.values() for cost in (*pair.ours, *pair.other))


def test_services_that_are_made_up_are_as_those_of_the_catalogue(catalogue: Catalogue) -> None:
    page = b'<script src="https://cdn.service2.example.net/widgets/a.js"></script>'
    assert rewriter(catalogue)(page) == page != rewriter(with_more(3, catalogue))(page)
