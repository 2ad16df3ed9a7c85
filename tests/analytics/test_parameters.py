"""The table of parameters is data that is checked when it is read."""

from __future__ import annotations

import pytest

from consent_gateway.analytics.parameters import Action, Parameters, load
from consent_gateway.datafile import Faulty, parse


def test_every_parameter_of_the_table_has_a_meaning_and_those_that_point_to_people_a_measure() -> None:
    for parameter in load().parameter:
        assert parameter.meaning
        if parameter.action in (Action.DROP, Action.LINKING, Action.PSEUDONYM, Action.SESSION):
            assert parameter.measure, parameter.name


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("cid", Action.PSEUDONYM), ("uid", Action.LINKING), ("up.crm_id", Action.LINKING), ("ep.anything", Action.GENERAL), ("_ss", Action.SESSION),
        ("ep.method", Action.KEEP), ("ep.user_data.email", Action.DROP), ("pr12", Action.GENERAL), ("gclid", Action.DROP),
    ],
)  # fmt: skip
def test_a_parameter_is_found_by_name_or_family(name: str, action: Action) -> None:
    found = load().find(name)
    assert found is not None and found.action is action


@pytest.mark.parametrize("name", ["", "x", "CID", "pr", "prx", "ep", "up", "cid ", "ep.*", "pr*"])
def test_anything_else_is_unknown(name: str) -> None:
    assert load().find(name) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('name = "a"\nmeaning = "b"\naction = "keep"', "needs a pattern"),
        ('name = "a"\nmeaning = "b"\naction = "set"', "needs a pattern or a value"),
        ('name = "a"\nmeaning = "b"\naction = "general"\nkind = "nicer"', "kind must be one of"),
        ('name = "a"\nmeaning = "b"\naction = "pass"', "keep"),
    ],
)
def test_an_incomplete_row_is_a_fault(text: str, reason: str) -> None:
    with pytest.raises(Faulty, match=reason):
        parse(f"[[parameter]]\n{text}\n", Parameters, file="t.toml")


def test_a_parameter_is_listed_once() -> None:
    row = '[[parameter]]\nname = "a"\nmeaning = "b"\naction = "drop"\n'
    with pytest.raises(Faulty, match="listed twice"):
        parse(row * 2, Parameters, file="t.toml")
