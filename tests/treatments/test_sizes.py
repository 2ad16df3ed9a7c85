"""A placeholder is as large as what it stands for."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue, Mount
from consent_gateway.treatments.sizes import usual
from tests.treatments.test_placeholder import FRAME, Page


@pytest.fixture
def page(catalogue: Catalogue) -> Page:
    return Page(catalogue)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        (' width="560" height="315"', ("560px", "315px")),
        (" width=100% height=50vh", ("100%", "50vh")),
        (' style="width: 640px; height:360px"', ("640px", "360px")),
        (' style="width: 0; min-width: 100% !important" height="420"', ("100%", "420px")),
        (' style="min-width: 320px; min-height: 393px"', ("560px", "393px")),
        (' width="20" height="400" style="width:90%"', ("90%", "400px")),
        ("", ("560px", "315px")),
        (' width="auto" height="calc(1px + 2px)"', ("560px", "315px")),
        (' width="1px;background:url(//t.co)"', ("560px", "315px")),
    ],
)
def test_a_placeholder_is_as_large_as_what_it_stands_for(
    page: Page, attributes: str, size: tuple[str, str]
) -> None:
    page.held(FRAME.format(attributes))
    assert (page.plugins[0].width, page.plugins[0].height) == size


def test_the_size_that_a_vendors_own_attributes_name_counts(page: Page) -> None:
    page.held("<body><script type=IN/HcmWidget data-width=420 data-embed-height=90%></script>")
    assert (page.plugins[0].width, page.plugins[0].height) == ("420px", "90%")


def test_a_ratio_is_no_size(page: Page) -> None:
    page.held('<body><amp-instagram width="1" height="1" layout="responsive"></amp-instagram>')
    assert (page.plugins[0].width, page.plugins[0].height) == ("540px", "680px")


def test_one_that_says_nothing_has_the_usual_size_of_its_kind() -> None:
    assert usual(Mount(id="wide", size=(0, 90))) == ("100%", "90px")
    assert usual(Mount(id="long", size=(300, 0))) == ("300px", "auto")
