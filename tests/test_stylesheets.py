"""CSS is read rule by rule, and each rule knows which elements it is about."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from consent_gateway.stylesheets import Tree, Unjudgeable, addresses, colour, rules

TREE = Tree(fromstring('<html><body><p id="a" class="x"/><details><b id="b"/></details></body></html>'))


def held(selector: str) -> set[str | None]:
    (rule,) = rules(f"{selector} {{ color: red }}")
    return {element.get("id") or element.tag for element in rule.holds_for(TREE)}


@pytest.mark.parametrize(
    ("selector", "elements"),
    [
        ("p.x", {"a"}), (":is(#_, p)", {"a"}), ("body > *", {"a", "details"}), ("p:not(.x)", set()),
        (":root", {"html"}), ("body:has(b) p", {"a"}),
        ("p:hover", {"a"}), ("p:not(:hover)", {"a"}), ("details[open] b", {"b"}), ("details:not([open]) b", {"b"}),
        ("p:hover:not(:focus)", {"a"}), ("p:not(:hover):focus-visible", {"a"}),
        ("p::before", {"a"}), ("body:has(:checked) p", {"a"}), ("p:focus-visible, b:active", {"a", "b"}),
    ],
)  # fmt: skip
def test_a_rule_is_about_what_it_may_ever_hold_for(selector: str, elements: set[str]) -> None:
    assert held(selector) == elements


def test_a_rule_knows_its_line_conditions_and_declarations() -> None:
    css = "/* why */\n@media print {\n@supports (color: red) {\nP { COLOR: Red !important; margin: 0 }\n}\n}\n@import 'a.css';"
    first, second = rules(css)
    assert (first.line, first.selector, first.conditions) == (
        4,
        "P",
        ("@media print", "@supports (color: red)"),
    )
    assert first.declarations == (("color", "red"), ("margin", "0"))
    assert (second.selector, second.declarations) == ("@import", (("src", '"a.css"'),))


def test_what_is_declared_twice_is_there_twice() -> None:
    (rule,) = rules("p { display: none; display: tomorrow }")
    assert rule.declarations == (("display", "none"), ("display", "tomorrow"))


def test_addresses_are_read_as_browsers_read_them() -> None:
    value = r'url(a.png) url( "b.png" ) image-set("c.png" 1x, url(d.png) 2x) url(\68ttps://e) "f"'
    assert list(addresses(value)) == ["a.png", "b.png", "c.png", "d.png", "https://e"]


@pytest.mark.parametrize(
    "css",
    [
        "p { b { color: red } }",
        "p { color }",
        "} p {",
        "p:tomorrow { color: red }",
        "p[ { color: red }",
        "@scope (body) { p { color: red } }",
        "@tomorrow { p { color: red } }",
        "p:is(:hover, :focus, :active, :checked, :open, :visited) { color: red }",
    ],
)
def test_what_cannot_be_judged_is_said_to_be_so(css: str) -> None:
    with pytest.raises(Unjudgeable):
        for rule in rules(css):
            rule.holds_for(TREE)


def test_a_colour_is_one_that_stands_for_itself() -> None:
    assert colour("red") is not None
    assert colour("currentcolor") is colour("var(--x)") is None
