"""The list fits the window it is shown in."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.commands.services_list import everything, listed, matching


@pytest.mark.parametrize("width", [80, 100])
def test_no_line_is_wider_than_the_window_and_columns_stand_below_their_headings(
    catalogue: Catalogue, width: int
) -> None:
    lines = list(listed(catalogue, everything(catalogue, ()), width, all=True))
    assert max(map(len, lines)) <= width
    place = 0
    for line in lines:
        if line.startswith("  ID "):
            place = line.index("WHILE HELD")
        elif line.startswith("  ") and not line.startswith("    "):
            assert line[place - 2 : place] == "  "
            assert line[place:].split()[0] in ("placeholder", "removal", "measurement")
    assert any("COMPANY" in line for line in lines) is (width == 100)


def test_of_many_trackers_the_first_are_shown(catalogue: Catalogue) -> None:
    found = matching(catalogue, ["ad"], ["marketing"])
    lines = list(listed(catalogue, found, 100, all=False))
    [more] = [line for line in lines if line.endswith("more: --format json has them")]
    assert int(more.split()[1]) == len(found.trackers) - 20 > 0
