"""Every table and key that a site file may have, as the classes that read it declare them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args, get_origin

from consent_gateway.datafile import FieldInfo, Table
from consent_gateway.site import Site

NAME = "NAME"  # stands for one that the operator chooses


@dataclass(frozen=True)
class TableKeys:
    """A table by the name in its brackets, which is empty for the file itself. `names` is the type of what
    stands in the place of NAME."""

    name: str
    model: type[Table]
    names: Any = str

    @cached_property
    def keys(self) -> Mapping[str, FieldInfo]:
        """What may be written in it, as it is written; not what the gateway fills in itself."""
        written = {_written(name, field): field for name, field in self.model.model_fields.items()}
        return {name: field for name, field in written.items() if name.isidentifier()}


def tables(model: type[Table] = Site, name: str = "", names: Any = str) -> Iterator[TableKeys]:
    """The table itself and all below it, in the order in which they are declared."""
    table = TableKeys(name, model, names)
    yield table
    for key, field in table.keys.items():
        for inner, named in _inner(field.annotation):
            below = f"{name}.{key}" if name else key
            yield from tables(inner, below if named is None else f"{below}.{NAME}", named or str)


def _written(name: str, field: FieldInfo) -> str:
    alias = field.validation_alias or name
    assert isinstance(alias, str)
    return alias


def _inner(annotation: Any, named: Any = None) -> Iterator[tuple[type[Table], Any]]:
    """The tables in an annotation, and the type of the names they have of their own, if they have."""
    if isinstance(annotation, type) and issubclass(annotation, Table):
        yield annotation, named
    if get_origin(annotation) is dict:
        names, content = get_args(annotation)
        yield from _inner(content, names)
        return
    for argument in get_args(annotation):
        yield from _inner(argument, named)
