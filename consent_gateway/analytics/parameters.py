"""The tables of parameters, read once: what each means and what becomes of it."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from importlib import resources

from consent_gateway.datafile import PrivateAttr, Table, model_validator, parse


class Action(StrEnum):
    KEEP = "keep"
    SET = "set"
    PSEUDONYM = "pseudonym"
    GENERAL = "general"
    LINKING = "linking"
    DROP = "drop"


PSEUDONYMS = ("client", "session", "page")
GENERAL = (
    "address", "amount", "language", "own_address", "page_address", "page_path", "product", "screen",
    "tenth_of_a_second", "text",
)  # fmt: skip


class Parameter(Table):
    """One parameter, or a family of them if the name ends in `*`."""

    name: str
    meaning: str
    action: Action
    pattern: str = ""
    value: str = ""
    kind: str = ""
    always: bool = False
    measure: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Parameter:
        needs = {Action.KEEP: self.pattern, Action.LINKING: self.pattern, Action.SET: self.value}
        if not needs.get(self.action, "not needed"):
            raise ValueError(f"{self.name}: the action {self.action} needs a pattern or a value")
        kinds = {Action.PSEUDONYM: PSEUDONYMS, Action.GENERAL: GENERAL}.get(self.action)
        if kinds and self.kind not in kinds:
            raise ValueError(f"{self.name}: kind must be one of {', '.join(kinds)}")
        return self

    def allows(self, value: str) -> bool:
        return re.fullmatch(self.pattern, value) is not None


class Parameters(Table):
    """A table of parameters; the first that fits a name counts."""

    parameter: tuple[Parameter, ...]
    _exact: dict[str, Parameter] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _unique(self) -> Parameters:
        for parameter in self.parameter:
            if parameter.name in self._exact:
                raise ValueError(f"{parameter.name} is listed twice")
            self._exact[parameter.name] = parameter
        return self

    def find(self, name: str) -> Parameter | None:
        """What is known of a parameter; None means that nothing is, and that it never passes."""
        if "*" in name:
            return None
        if exact := self._exact.get(name):
            return exact
        for family in self.families:
            if name.startswith(family.name[:-1]) and (family.name != "pr*" or name[2:].isdigit()):
                return family
        return None

    @cached_property
    def families(self) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.parameter if parameter.name.endswith("*"))

    @cached_property
    def always(self) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.parameter if parameter.always)


def load() -> Parameters:
    """The table for GA4. Raises datafile.Faulty."""
    file = resources.files(__package__).joinpath("ga4.toml")
    return parse(file.read_text("utf-8"), Parameters, file="ga4.toml")
