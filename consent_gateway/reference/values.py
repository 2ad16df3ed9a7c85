"""The values of a key in words: what may be written, and what holds where nothing is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from consent_gateway.datafile import FieldInfo, Table, Written
from consent_gateway.own_words import OwnWords
from consent_gateway.periods import Period
from consent_gateway.reference.markdown import code

MOST = 4  # members of a list that are shown


def allowed(field: FieldInfo) -> str:
    """What may be written for a key, in Markdown. Raises LookupError for a type without words."""
    return _one(field.annotation, field.metadata)


def default(field: FieldInfo) -> str:
    """What holds where the key is not written, as one would write it; empty where that is nothing."""
    value = field.get_default(call_default_factory=True) if not field.is_required() else None
    if value is None or value == OwnWords() or isinstance(value, Table):
        return ""
    return code(_as_toml(value))


def named(type_: Any) -> str:
    """What stands for the name of a table; empty for any name."""
    return "" if type_ is str else _one(type_, ())


def _one(annotation: Any, metadata: Iterable[object]) -> str:
    written = [one for one in metadata if isinstance(one, Written)]
    if written:
        return written[-1].one
    if get_origin(annotation) is Annotated:
        return _one(annotation.__origin__, annotation.__metadata__)
    if get_origin(annotation) is tuple:
        return f"list of {_several(get_args(annotation)[0])}"
    if get_origin(annotation) is Literal:
        return _alternatives([code(json.dumps(one)) for one in get_args(annotation) if one])
    if annotation is int:
        return _number(metadata)
    if annotation in (bool, str):
        return "`true` or `false`" if annotation is bool else "text"
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return "table"
    some = [one for one in get_args(annotation) if one is not NoneType]
    if len(some) != 1:
        raise LookupError(f"no words for {annotation}")
    return _one(some[0], ())


def _several(annotation: Any) -> str:
    for one in getattr(annotation, "__metadata__", ()):
        if isinstance(one, Written) and one.several:
            return one.several
    if annotation is str:
        return "texts"
    raise LookupError(f"no words for several of {annotation}")


def _number(metadata: Iterable[object]) -> str:
    least = [one.ge for one in metadata if hasattr(one, "ge")]
    most = [one.le for one in metadata if hasattr(one, "le")]
    return f"whole number, {least[0]} {f'to {most[0]}' if most else 'or more'}" if least else "whole number"


def _alternatives(words: list[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def _as_toml(value: Any) -> str:
    if isinstance(value, tuple):
        shown = [_as_toml(one) for one in value]
        return f"[{', '.join(shown if len(shown) <= MOST else [*shown[:2], '…', shown[-1]])}]"
    return json.dumps(str(value) if isinstance(value, Period) else value, ensure_ascii=False)


# An article at the end of what a key says.
_ARTICLE = re.compile(r"\s*\(((?:GDPR|TDDDG|WCAG|EDPB)\b(?:[^()]|\([^()]*\))*)\)\.$")


def without_article(text: str) -> tuple[str, str]:
    """A sentence, and the article that stands in brackets at its end."""
    match = _ARTICLE.search(text)
    return (f"{text[: match.start()]}.", match[1]) if match else (text, "")
