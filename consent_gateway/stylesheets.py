"""CSS: its rules one by one, the elements each holds for, its colours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
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


class Unjudgeable(Exception):
    """A selector that this module cannot apply."""


def colour(value: str) -> color4.Color | None:
    """A colour as CSS Color 4 writes it; None for what is none, or depends on where it stands."""
    found = color4.parse_color(value)
    return found if isinstance(found, color4.Color) else None


@dataclass(frozen=True)
class StyleRule:
    """A rule with the conditions around it (`@media print`), its declarations in lower case."""

    selector: str
    declarations: Mapping[str, str]
    line: int
    conditions: tuple[str, ...] = ()

    def holds_for(self, tree: Tree) -> frozenset[Element]:
        """The elements it is about, also those it is about only now and then, or only in part.
        Raises Unjudgeable."""
        return frozenset(
            wrapper.etree_element
            for matcher in self._matchers
            for wrapper in tree.wrappers
            if any(one.test(wrapper) for one in matcher)
        )

    @cached_property
    def _matchers(self) -> list[list[cssselect2.CompiledSelector]]:
        plain = _PART.sub("", self.selector)
        return [_compiled(variant) for variant in {_always(plain), _never(plain)}]


class Tree:
    """An HTML document whose elements selectors can be applied to."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.wrappers = list(cssselect2.ElementWrapper.from_html_root(root).iter_subtree())


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
        yield StyleRule(name, {"src": prelude}, node.source_line, conditions)
    elif name in ("@media", "@supports", "@container", "@layer", "@scope", "@starting-style"):
        inner = tinycss2.parse_rule_list(node.content or [], skip_comments=True, skip_whitespace=True)
        yield from _rules(inner, (*conditions, f"{name} {prelude}"))
    elif name == "@font-face":
        yield StyleRule(name, _declarations(node), node.source_line, conditions)


def _declarations(node: ast.QualifiedRule | ast.AtRule) -> dict[str, str]:
    found = {}
    for one in tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True):
        if isinstance(one, ast.Declaration):
            found[one.lower_name] = tinycss2.serialize(one.value).strip().lower()
        elif isinstance(one, ast.QualifiedRule | ast.AtRule):
            raise Unjudgeable(f"line {one.source_line}: a rule inside a rule; write it out")
        elif isinstance(one, ast.ParseError):
            raise Unjudgeable(f"line {one.source_line}: {one.message}")
    return found


def _always(selector: str) -> str:
    return _NOW_AND_THEN.sub(lambda found: found["before"] or "*", selector)


def _never(selector: str) -> str:
    return _NOW_AND_THEN.sub(lambda found: f"{found['before']}:not(*)", selector)


def _compiled(selector: str) -> list[cssselect2.CompiledSelector]:
    try:
        found = cssselect2.compile_selector_list(selector)
    except cssselect2.SelectorError as error:
        raise Unjudgeable(f"the selector cannot be judged: {selector}") from error
    return list(found)
