"""TOML files read into checked, frozen values: the site file, the catalogue, the wording."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import pydantic
from pydantic import AfterValidator as AfterValidator
from pydantic import BeforeValidator as BeforeValidator
from pydantic import Field as Field
from pydantic import PlainSerializer as PlainSerializer
from pydantic import PlainValidator as PlainValidator
from pydantic import PrivateAttr as PrivateAttr
from pydantic import ValidationInfo as ValidationInfo
from pydantic import field_validator as field_validator
from pydantic import model_validator as model_validator
from pydantic.fields import FieldInfo as FieldInfo

from consent_gateway.periods import Period


class Table(pydantic.BaseModel):
    """A table of a data file: frozen, and an unknown key or a wrong type is a fault."""

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a data file: where and why, by which article, and what to write instead."""

    file: str
    key: str
    reason: str
    line: int | None = None
    article: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        reason = f"{self.reason} ({self.article})" if self.article else self.reason
        return f"{place}: {self.key}: {reason}" if self.key else f"{place}: {reason}"


def fault_at(path: Path, text: str, key: tuple[str, ...], reason: str) -> Fault:
    """What is wrong with a key of a file with this text, with the line on which it stands."""
    return Fault(str(path), ".".join(key), reason, line_of(text, list(key)))


def decoded(path: Path) -> str:
    """The text of a file. Raises Faulty for one that cannot be read, with the line for what is not UTF-8."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Faulty((Fault(str(path), "", error.strerror or str(error)),)) from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Faulty((Fault(str(path), "", f"not UTF-8 at byte {error.start}", line),)) from error


class Unreadable(Exception):
    """A data file that is missing or is not TOML."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Faulty(Exception):
    """A readable data file with faults; `faults` holds every one that was found."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Written:
    """How a value is written in a file, for whoever writes it: one of them, and several. In Markdown."""

    one: str
    several: str = ""


T = TypeVar("T", bound=Table)


def _period(value: object) -> Period:
    if isinstance(value, Period):
        return value
    if not isinstance(value, str):
        raise ValueError("must be a period in quotes, for example '6 months'")
    return Period.parse(value)


PeriodField = Annotated[
    Period, PlainValidator(_period), PlainSerializer(str), Written('period such as `"6 months"`')
]


def read(path: Path, model: type[T], *, against: object = None) -> T:
    """The file as a value of `model`; `against` is what its checks compare it with. Raises Unreadable
    (missing, not TOML) or Faulty."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise Unreadable(Fault(str(path), "", error.strerror or str(error))) from error
    except UnicodeDecodeError as error:
        raise Unreadable(Fault(str(path), "", f"not UTF-8 at byte {error.start}")) from error
    return parse(text, model, file=str(path), against=against)


def parse(text: str, model: type[T], *, file: str, against: object = None) -> T:
    """The TOML text as a value of `model`. Raises Unreadable or Faulty, naming `file`."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(Fault(file, "", f"not TOML: {error}", _line_in(str(error)))) from error
    try:
        # By way of JSON, where strictness still lets a list be a tuple and a table be a Table.
        return model.model_validate_json(json.dumps(content, default=str), context=against)
    except pydantic.ValidationError as error:
        faults = [_fault(file, text, detail) for detail in error.errors()]
        raise Faulty(tuple(sorted(faults, key=lambda fault: fault.line or 0))) from error


def _fault(file: str, text: str, detail: Any) -> Fault:
    parts = [str(part) for part in detail["loc"] if part != "[key]"]
    if detail["type"] in _REASONS:
        compared = {name: str(value).replace("'", '"') for name, value in detail.get("ctx", {}).items()}
        reason = _REASONS[detail["type"]].format(**compared)
    else:
        reason = detail["msg"].removeprefix("Value error, ")
    key = ".".join(f'"{part}"' if "." in part else part for part in parts)
    return Fault(file, key, reason, line_of(text, parts))


UNKNOWN_KEY = "unknown key"
# What pydantic says, in words for whoever wrote the file; in braces what it was compared with.
_REASONS = {
    "extra_forbidden": UNKNOWN_KEY,
    "missing": "missing",
    "string_type": "must be a string in quotes",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "string_too_short": "must not be empty",
    "tuple_type": "must be a list in [ ]",
    "list_type": "must be a list in [ ]",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
}


def _line_in(message: str) -> int | None:
    found = re.search(r"line (\d+)", message)
    return int(found[1]) if found else None


def line_of(text: str, parts: list[str]) -> int | None:
    """The line on which a key stands, or its table begins; None where it cannot be told."""
    best = None
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if header := re.match(r"\[\[?\s*([^\]]+?)\s*\]", stripped):
            table = _keys(header[1])
            here = table
        elif assignment := re.match(r"""((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[\w-]+)*)\s*=""", stripped):
            here = table + _keys(assignment[1])
        else:
            continue
        wanted = [part for part in parts if not part.isdigit()]
        if here and wanted[: len(here)] == here:
            best = number
    return best


def _keys(dotted: str) -> list[str]:
    return [key.strip("\"'") for key in re.findall(r"""[\w-]+|"[^"]*"|'[^']*'""", dotted)]
