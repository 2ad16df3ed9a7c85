"""The directives of a policy, as browsers read them."""

from __future__ import annotations

import pytest

from consent_gateway.directives import allows, directives, governing, replaced, without_none

OURS = "https://www.example.com/.privacy/ga/"


def test_of_two_directives_of_a_name_the_first_counts() -> None:
    assert directives("Script-Src a; img-src ; script-src b;") == {
        "script-src": ["a"],
        "img-src": [],
        "": [],
    }


def test_the_first_that_is_there_governs() -> None:
    assert governing("default-src a; img-src b", ("img-src", "default-src")) == ("img-src", ["b"])
    assert governing("default-src a", ("img-src", "default-src")) == ("default-src", ["a"])
    assert governing("sandbox", ("img-src",)) == ("", [])


def test_only_the_sources_of_one_directive_are_replaced() -> None:
    policy = "script-src-elem a;  Script-Src b ; img-src c"
    assert replaced(policy, "script-src", ["x", "y"]) == "script-src-elem a;  Script-Src x y; img-src c"


def test_none_stands_alone_or_not_at_all() -> None:
    assert without_none(["'NONE'", "a"]) == ["a"]


@pytest.mark.parametrize(
    ("source", "open"),
    [
        ("'self'", True),
        ("https:", True),
        ("*", True),
        ("www.example.com", True),
        ("https://www.example.com", True),
        ("https://www.example.com/.privacy/", True),
        ("https://www.example.com/assets/", False),
        ("https://example.com", False),
        ("'none'", False),
    ],
)
def test_an_address_is_let_pass_by_scheme_host_or_folder(source: str, open: bool) -> None:
    assert allows([source], OURS) is open
    assert not allows([source, "'strict-dynamic'"], OURS)
