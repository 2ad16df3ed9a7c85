"""What a class says of its fields: the text below each, as its source has it."""

from __future__ import annotations

import ast
import inspect
import textwrap

from consent_gateway.datafile import Table


def said_of(model: type[Table]) -> dict[str, str]:
    """The text of every field that has one, also of inherited ones, by the field's name."""
    found: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if issubclass(one, Table) and one is not Table:
            found |= _of_class(one)
    return found


def _of_class(model: type[Table]) -> dict[str, str]:
    (declared,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(declared, ast.ClassDef)
    found = {}
    for field, below in zip(declared.body, declared.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            found[field.target.id] = " ".join(below.value.value.split())
    return found
