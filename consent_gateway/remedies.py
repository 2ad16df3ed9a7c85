"""What to write in the place of a value that a site file cannot have: a line of it, wherever one is known."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources
from typing import Any

from consent_gateway import completeness, strictness
from consent_gateway.datafile import UNKNOWN_KEY, Fault
from consent_gateway.near_keys import meant_by
from consent_gateway.survey import toml_text

_ONE_OF = re.compile(r'must be ((?:"[^"]*"(?:, | or )?)+)$')
_SUCH_AS = re.compile(r"(?:such as|for example|between) '([^']+)'")
_THERE_IS = re.compile(r"'([^']*)'; there is (.+)$")
_NEAR = re.compile(r"no such service in the catalogue; near: ([^,;]+)")
_FORMS = {
    "must be a string in quotes": '{} = "..."',
    "must be a list in [ ]": '{} = ["..."]',
    "must be a whole number": "{} = 100000, a number without quotes",
    "must be a table": "a table [{}] of its own",
}
_BLANK = '"..."'
_TRUTH = "must be true or false"


def remedy_of(fault: Fault, file: Mapping[str, Any]) -> str:
    """A line to write instead, or words that lead to it; empty where the reason is all that can be said. `file` is
    what the site file has now."""
    if fault.reason == UNKNOWN_KEY:
        return meant_by(fault.key)
    key = tuple(part for part in _parts(fault.key) if not part.isdigit())
    if not key:
        return ""
    return next((line for line in _lines(key, fault.reason, _value_at(file, key)) if line), "")


def _lines(key: tuple[str, ...], reason: str, written: object) -> Iterator[str]:
    """What is known, the nearest first."""
    name = key[-1]
    if near := _NEAR.search(reason):
        yield f"[services.{near[1]}]"
    if key[0] == "services" and len(key) == 2:
        yield "[services.ID] with an ID of those that `consent-gateway services` lists"
    if one_of := _ONE_OF.search(reason):
        known = [one for one in re.findall(r'"([^"]*)"', one_of[1]) if one]
        meant = get_close_matches(written, known, 1) if isinstance(written, str) else []
        yield f'{name} = "{next(iter(meant), known[0])}"'
    if there_is := _THERE_IS.search(reason):
        for near_to in get_close_matches(there_is[1], there_is[2].split(", "), 1):
            yield f'{name} = "{near_to}"'
    if reason == _TRUTH:
        yield f"{name} = true, or {name} = false"
    yield _of_tables(key)
    example = _value_at(_example(), key)
    for said in _SUCH_AS.findall(reason):
        yield f"{name} = {toml_text.texts([said]) if isinstance(example, list) else toml_text.text(said)}"
    if example is not None:  # a text there is a fact of somebody else
        yield f"{name} = {toml_text.texts(example) if isinstance(example, list) else _BLANK}"
    if reason in _FORMS:
        yield _FORMS[reason].format(name)


def _of_tables(key: tuple[str, ...]) -> str:
    """What the tables of a complete and of a strict file say of it."""
    remedies = {row[0]: row[4] for row in strictness.OF_SITE}
    remedies |= {row[0]: row[5] for row in completeness.OF_SITE}
    if len(key) == 3 and key[0] == "processing":
        remedies |= {(*key[:2], row[0]): row[5] for row in completeness.OF_PROCESSING}
    if len(key) == 3 and key[0] == "recipients":
        remedies |= {(*key[:2], row[0]): row[5] for row in completeness.OF_RECIPIENT}
    return remedies.get(key, "")


def _value_at(file: Mapping[str, Any], key: tuple[str, ...]) -> object:
    """The value of a key; of a table that the file does not have, the first that another of its kind has."""
    table = file.get(key[0])
    if len(key) < 2 or not isinstance(table, Mapping):
        return None
    if len(key) == 2:
        return table.get(key[1])
    named = table.get(key[1])
    every = [named] if named is not None else list(table.values())
    return next((one[key[2]] for one in every if isinstance(one, Mapping) and key[2] in one), None)


@lru_cache(maxsize=1)
def _example() -> dict[str, Any]:
    text = resources.files("consent_gateway").joinpath("example.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _parts(key: str) -> list[str]:
    return [part.strip('"') for part in re.findall(r'"[^"]*"|[^.]+', key)]
