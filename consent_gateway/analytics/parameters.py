"""The tables of parameters, read once: what each means and what becomes of it."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib import resources

from consent_gateway.datafile import PrivateAttr, Table, model_validator, parse


class Action(StrEnum):
    KEEP = "keep"
    SET = "set"
    PSEUDONYM = "pseudonym"
    GENERAL = "general"
    SESSION = "session"
    LINKING = "linking"
    DROP = "drop"


PSEUDONYMS = ("client", "order", "page")
SESSION = ("engaged", "first", "id", "number", "starts")
GENERAL = (
    "address", "address_or_path", "amount", "event", "host", "language", "own_address", "own_amount",
    "own_text", "page_address", "page_path", "product", "screen", "tenth_of_a_second", "text", "title",
)  # fmt: skip
KINDS = {
    Action.PSEUDONYM: PSEUDONYMS,
    Action.SESSION: SESSION,
    Action.GENERAL: GENERAL,
    Action.LINKING: ("", *PSEUDONYMS),
}


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
        kinds = KINDS.get(self.action)
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

    @cached_property
    def of_session(self) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.parameter if parameter.action is Action.SESSION)


class Events(Table):
    """Google's own names of events: those its script sends by itself, and those it recommends."""

    automatic: tuple[str, ...]
    recommended: tuple[str, ...]


@lru_cache(maxsize=4)
def load(file: str = "ga4.toml") -> Parameters:
    """A table of this folder; by default that of GA4's hits. Raises datafile.Faulty."""
    return parse(_text(file), Parameters, file=file)


def events() -> frozenset[str]:
    """The names of events that pass on every site. Raises datafile.Faulty."""
    table = parse(_text("events.toml"), Events, file="events.toml")
    return frozenset((*table.automatic, *table.recommended))


def _text(file: str) -> str:
    return resources.files(__package__).joinpath(file).read_text("utf-8")
