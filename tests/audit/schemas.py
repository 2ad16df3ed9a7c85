"""The schemas of what an audit writes, and how strictly they are held here."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def schema(name: str) -> Any:
    return json.loads(files("consent_gateway").joinpath(f"{name}.schema.json").read_text("utf-8"))


def closed(schema: Any) -> Any:
    """The same schema with nothing allowed that it does not name."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    return {**inner, "additionalProperties": False} if isinstance(schema.get("required"), list) else inner
