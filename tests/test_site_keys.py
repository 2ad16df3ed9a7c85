"""Every table and key of a site file, found where they are declared."""

from __future__ import annotations

from typing import Any

from consent_gateway.site import Site
from consent_gateway.site_keys import tables

# Of two fields pydantic is given the name inside: the one is filled in, the other is written as `from`.
FILLED_IN = {"cookies.NAME.[name]"}


def test_it_is_every_key_that_the_reader_takes_and_no_other() -> None:
    schema = Site.model_json_schema(mode="validation")
    taken = set(_keys(schema, schema["$defs"], ""))
    assert {
        f"{table.name}.{key}".lstrip(".") for table in tables() for key in table.keys
    } == taken - FILLED_IN


def test_a_table_whose_names_the_operator_chooses_says_so() -> None:
    named = [table.name for table in tables() if table.name.endswith(".NAME")]
    assert named == [
        f"{table}.NAME"
        for table in ("services", "cookies", "retention", "purposes", "processing", "recipients", "sources")
    ]


def _keys(schema: dict[str, Any], definitions: dict[str, Any], above: str) -> list[str]:
    if "$ref" in schema:
        return _keys(definitions[schema["$ref"].rpartition("/")[2]], definitions, above)
    found = []
    for part in schema.get("anyOf", ()):
        found += _keys(part, definitions, above)
    if isinstance(schema.get("additionalProperties"), dict):
        found += _keys(schema["additionalProperties"], definitions, f"{above}NAME.")
    for name, inner in schema.get("properties", {}).items():
        found += [f"{above}{name}", *_keys(inner, definitions, f"{above}{name}.")]
    return found
