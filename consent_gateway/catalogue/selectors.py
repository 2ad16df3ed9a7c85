"""Which elements are the plug-ins of a service: a small part of https://www.w3.org/TR/selectors-4/."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_NAME = r"[a-zA-Z_][a-zA-Z0-9_:-]*"
_PART = re.compile(
    rf"\.(?P<cls>{_NAME})|#(?P<id>{_NAME})"
    rf"|\[(?P<attribute>{_NAME})(?:(?P<operator>[\^*]?=)\"(?P<value>[^\"]*)\"(?P<caseless> i)?)?\]"
)
_ELEMENT = re.compile(rf"(?:{_NAME})?")


SHORTEST_MARK = 6  # shorter ones stand in other words


class BadSelector(ValueError):
    """A selector that is not one compound of name, .class, #id and [attribute]."""


class Test(NamedTuple):
    """What an attribute must be: there, equal to the value, beginning with it, or containing it."""

    attribute: str
    operator: str = ""
    value: str = ""
    caseless: bool = False

    def passes(self, value: str | None) -> bool:
        if value is None or not self.operator:
            return value is not None
        value, wanted = value.strip(), self.value
        if self.caseless:
            value, wanted = value.lower(), wanted.lower()
        if self.operator == "^=":
            return value.startswith(wanted)
        return wanted in value if self.operator == "*=" else value == wanted


class Selector(NamedTuple):
    """One compound selector; `element` is in lower case, and empty where any will do."""

    element: str
    classes: frozenset[str]
    tests: tuple[Test, ...]

    @classmethod
    def parse(cls, text: str) -> Selector:
        """Raises BadSelector."""
        start = _ELEMENT.match(text)
        position = start.end() if start else 0
        element = text[:position].lower()
        classes: set[str] = set()
        tests: list[Test] = []
        while position < len(text):
            part = _PART.match(text, position)
            if not part:
                raise BadSelector(f'not name.class#id[attribute="value"]: {text!r}')
            if part["cls"]:
                classes.add(part["cls"])
            elif part["id"]:
                tests.append(Test("id", "=", part["id"]))
            else:
                name = part["attribute"].lower()
                tests.append(Test(name, part["operator"] or "", part["value"] or "", bool(part["caseless"])))
            position = part.end()
        if not (element or classes or tests):
            raise BadSelector("an empty selector matches everything")
        return cls(element, frozenset(classes), tuple(tests))

    @property
    def mark(self) -> bytes:
        """What code that makes such an element gives it, in lower case; empty where nothing tells."""
        values = [*self.classes, *(test.value for test in self.tests if test.operator in ("=", "^="))]
        telling = (value for value in values if len(value) >= SHORTEST_MARK and re.search(r"[-_/]", value))
        return max(telling, key=len, default="").lower().encode()

    def matches(self, element: str, attributes: Mapping[str, str]) -> bool:
        """Whether an element of this name with these attributes, names in lower case, is meant."""
        if self.element and self.element != element:
            return False
        if self.classes and not self.classes <= set(attributes.get("class", "").split()):
            return False
        return all(test.passes(attributes.get(test.attribute)) for test in self.tests)
