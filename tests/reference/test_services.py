"""The page about the catalogue."""

from __future__ import annotations

import re

from consent_gateway.catalogue import Catalogue
from consent_gateway.reference.services import COLUMNS, page

PAGE = page()
_ROW = r"^\| \[`([\w-]+)`\]\(.*?\)" + r" \| (.*?)" * 6 + r" \|$"
ROWS = {cells[0]: cells for cells in re.findall(_ROW, PAGE, re.M)}


def test_every_service_is_there_once(catalogue: Catalogue) -> None:
    listed = re.findall(r"^\| \[`([\w-]+)`\]\(", PAGE, re.M)
    assert sorted(listed) == sorted(catalogue.services)
    assert len(COLUMNS) == 7


def test_a_service_of_several_purposes_is_named_with_each(catalogue: Catalogue) -> None:
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## )", PAGE, re.S | re.M))
    for id, service in catalogue.services.items():
        for purpose in service.purposes:
            assert f"`{id}`" in sections[purpose]


def test_a_row_says_who_gets_data_where_and_what_stands_there() -> None:
    assert ROWS["youtube"][1:] == ("YouTube", "Google Ireland Limited", "IE", "US", "9", "placeholder")
    assert ROWS["botpress"][6] == "placeholder, at the end of the page"
    assert ROWS["google-analytics"][6] == "nothing; after opt-in, hits under a pseudonym"


def test_groups_are_there_with_their_members(catalogue: Catalogue) -> None:
    for name, members in catalogue.groups.items():
        assert f"| `{name}` | {', '.join(f'`{id}`' for id in members)} |" in PAGE
