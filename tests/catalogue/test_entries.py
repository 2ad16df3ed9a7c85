"""What an entry says is checked when it is read, and a fault is named with its key."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Mount, Service, StandIns
from consent_gateway.datafile import Faulty, parse


def test_an_entry_with_a_fault_names_it() -> None:
    with pytest.raises(Faulty) as raised:
        parse('name = "X"\ntreatment = "guess"\nurls = ["https://x.y"]\n', Service, file="x.toml")
    keys = {fault.key for fault in raised.value.faults}
    assert {"treatment", "urls", "purposes", "controller", "example", "sources", "reviewed"} <= keys


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("uses = ['FB(']", "not a regular expression"),
        ("boot = ['[']", "not a regular expression"),
        ("urls = ['https://x.y']", "not host[/path]"),
    ],
)
def test_a_pattern_that_is_none_is_refused_with_its_text(line: str, reason: str) -> None:
    with pytest.raises(Faulty) as raised:
        parse(line, Service, file="x.toml")
    key = line.partition(" ")[0]
    assert any(fault.key.startswith(key) and reason in fault.reason for fault in raised.value.faults)


@pytest.mark.parametrize(
    ("treatment", "floats", "reason"),
    [("removal", "chat", 'only with treatment = "placeholder"'), ("placeholder", "game", '"chat" or "tool"')],
)
def test_what_draws_itself_above_the_page_has_a_placeholder_and_a_kind(
    treatment: str, floats: str, reason: str
) -> None:
    with pytest.raises(Faulty) as raised:
        parse(f'treatment = "{treatment}"\nfloats = "{floats}"', Service, file="x.toml")
    assert [fault.reason for fault in raised.value.faults if fault.key == "floats" and reason in fault.reason]


def test_a_selector_that_is_none_is_refused() -> None:
    with pytest.raises(Faulty) as raised:
        parse('id = "x"\nsize = [1, 1]\nselectors = ["a > b"]', Mount, file="x.toml")
    assert [fault.key for fault in raised.value.faults] == ["selectors"]


def test_a_stand_in_that_is_no_global_is_refused() -> None:
    with pytest.raises(Faulty, match="not the name of a global"):
        parse('silent = ["window[0]"]', StandIns, file="x.toml")
