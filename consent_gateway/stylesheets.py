"""CSS: its rules one by one, the elements each holds for, its colours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from xml.etree.ElementTree import Element

import cssselect2
import tinycss2
from tinycss2 import ast, color4

# What of an element holds only now and then. A static tree cannot say whether it does.
_NOW_AND_THEN = re.compile(
    r"(?P<before>[\w\])*]?)(::?(hover|active|focus(-visible|-within)?|visited|target(-within)?|checked|open|popover-open"
    r"|indeterminate|enabled|disabled|fullscreen|modal|user-valid|user-invalid)(?![\w-])|\[open[^\]]*\])"
)
# A part of an element, which is styled as if it were one.
_PART = re.compile(r"::?(before|after|marker|backdrop|selection|first-line|first-letter|-[a-z-]+|details-content)(?![\w-])")  # fmt: skip


MOST_STATES = 5
_ADDRESSING = frozenset(("url", "src", "image", "image-set", "-webkit-image-set"))


class Unjudgeable(Exception):
    """A selector or rule that this module cannot apply."""


def colour(value: str) -> color4.Color | None:
    """A colour as CSS Color 4 writes it; None for what is none, or depends on where it stands."""
    found = color4.parse_color(value)
    return found if isinstance(found, color4.Color) else None


def addresses(value: str) -> Iterator[str]:
    """Every address that is fetched for a value."""
    yield from _addresses(tinycss2.parse_component_value_list(value), within="")


def _addresses(nodes: list[ast.Node], *, within: str) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.URLToken) or (isinstance(node, ast.StringToken) and within in _ADDRESSING):
            yield str(node.value)
        elif isinstance(node, ast.FunctionBlock):
            yield from _addresses(node.arguments, within=node.lower_name)


@dataclass(frozen=True)
class StyleRule:
    """A rule with the conditions around it (`@media print`) and all of its declarations, in lower case:
    which of two a browser heeds depends on the browser."""

    selector: str
    declarations: tuple[tuple[str, str], ...]
    line: int
    conditions: tuple[str, ...] = ()

    def holds_for(self, tree: Tree) -> frozenset[Element]:
        """The elements it is about, also those it is about only now and then, or only in part.
        Raises Unjudgeable."""
        return frozenset(
            wrapper.etree_element
            for matcher in self._matchers
            for one in matcher
            for wrapper in tree.candidates(one)
            if one.test(wrapper)
        )

    @cached_property
    def _matchers(self) -> list[list[cssselect2.CompiledSelector]]:
        plain = _PART.sub("", self.selector)
        return [_compiled(variant) for variant in _variants(plain)]


class Tree:
    """An HTML document whose elements selectors can be applied to."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self._all = list(cssselect2.ElementWrapper.from_html_root(root).iter_subtree())
        self._named: dict[str, list[cssselect2.ElementWrapper]] = {}
        for wrapper in self._all:
            self._named.setdefault(wrapper.local_name.lower(), []).append(wrapper)

    def candidates(self, selector: cssselect2.CompiledSelector) -> list[cssselect2.ElementWrapper]:
        """The elements that may be the one a selector is about, by the name it gives."""
        if selector.never_matches:
            return []
        name = selector.lower_local_name
        return self._named.get(name, []) if name else self._all


def rules(css: str) -> Iterator[StyleRule]:
    """Every rule of a style sheet, in its order, and each `@import` as a rule of that name.
    Raises Unjudgeable for what is no CSS."""
    yield from _rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), ())


def _rules(nodes: list[ast.Node], conditions: tuple[str, ...]) -> Iterator[StyleRule]:
    for node in nodes:
        if isinstance(node, ast.QualifiedRule):
            selector = tinycss2.serialize(node.prelude).strip()
            yield StyleRule(selector, _declarations(node), node.source_line, conditions)
        elif isinstance(node, ast.AtRule):
            yield from _at_rule(node, conditions)
        elif isinstance(node, ast.ParseError):
            raise Unjudgeable(f"line {node.source_line}: {node.message}")


def _at_rule(node: ast.AtRule, conditions: tuple[str, ...]) -> Iterator[StyleRule]:
    prelude = tinycss2.serialize(node.prelude).strip()
    name = f"@{node.lower_at_keyword}"
    if name == "@import":
        yield StyleRule(name, (("src", prelude),), node.source_line, conditions)
    elif name in ("@media", "@supports", "@container", "@layer", "@starting-style"):
        inner = tinycss2.parse_rule_list(node.content or [], skip_comments=True, skip_whitespace=True)
        yield from _rules(inner, (*conditions, f"{name} {prelude}"))
    elif name in ("@keyframes", "@-webkit-keyframes"):
        for frame in tinycss2.parse_rule_list(node.content or [], skip_comments=True, skip_whitespace=True):
            if isinstance(frame, ast.QualifiedRule):
                yield StyleRule(name, _declarations(frame), frame.source_line, conditions)
    elif name in ("@font-face", "@position-try"):
        yield StyleRule(name, _declarations(node), node.source_line, conditions)
    elif name != "@charset":
        raise Unjudgeable(f"line {node.source_line}: {name} cannot be judged")


def _declarations(node: ast.QualifiedRule | ast.AtRule) -> tuple[tuple[str, str], ...]:
    found = []
    for one in tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True):
        if isinstance(one, ast.Declaration):
            found.append((one.lower_name, tinycss2.serialize(one.value).strip().lower()))
        elif isinstance(one, ast.QualifiedRule | ast.AtRule):
            raise Unjudgeable(f"line {one.source_line}: a rule inside a rule; write it out")
        elif isinstance(one, ast.ParseError):
            raise Unjudgeable(f"line {one.source_line}: {one.message}")
    return tuple(found)


def _variants(selector: str) -> Iterator[str]:
    """The selector for each combination of what may and may not hold just now."""
    states = sorted({found[2] for found in _NOW_AND_THEN.finditer(selector)})
    if len(states) > MOST_STATES:
        raise Unjudgeable(f"the selector has too many states to be judged: {selector}")
    for holding in product((True, False), repeat=len(states)):
        yield _now(selector, dict(zip(states, holding, strict=True)))


def _now(selector: str, holds: Mapping[str, bool]) -> str:
    def replaced(found: re.Match[str]) -> str:
        return found["before"] or "*" if holds[found[2]] else f"{found['before']}:not(*)"

    return _NOW_AND_THEN.sub(replaced, selector)


def _compiled(selector: str) -> list[cssselect2.CompiledSelector]:
    try:
        found = cssselect2.compile_selector_list(selector)
    except cssselect2.SelectorError as error:
        raise Unjudgeable(f"the selector cannot be judged: {selector}") from error
    return list(found)
