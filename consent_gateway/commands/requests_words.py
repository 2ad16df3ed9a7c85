"""The words that a command of `consent-gateway requests` records: given as they are, or in a file."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from consent_gateway.commands.options import fail

LONGEST_SHOWN = 60

Command = Callable[..., None]


class InFile(click.ParamType[str]):
    """What is in a file, or comes by standard input."""

    name = "FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            if value == "-":
                return sys.stdin.buffer.read().decode("utf-8")
            return Path(value).read_text(encoding="utf-8")
        except OSError as error:
            self.fail(f"{value}: {error.strerror}", param, ctx)
        except UnicodeDecodeError:
            self.fail(f"{value}: is not UTF-8", param, ctx)


def words(name: str, what: str) -> Callable[[Command], Command]:
    """The options --NAME TEXT and --NAME-file FILE, of which a command needs exactly one, as its one
    argument `name`. Nothing is guessed: the name of a file, mistyped, would be what is recorded for good."""

    def taking(command: Command) -> Command:
        @click.option(f"--{name}", name, metavar="TEXT", help=f"{what}, in these words.")
        @click.option(f"--{name}-file", "file", type=InFile(), help="The same, in a file (UTF-8); - is standard input.")  # fmt: skip
        @functools.wraps(command)
        def whole(file: str | None, **values: Any) -> None:
            given = values.pop(name)
            if (given is None) == (file is None):
                fail(f"exactly one of --{name} TEXT and --{name}-file FILE is needed")
            if given == "-":
                fail(f"--{name}: - is no text; --{name}-file - reads standard input")
            command(**values, **{name: file if given is None else given})

        return whole

    return taking


def recorded(text: str) -> str:
    """What a command says of the words that it has recorded: their length, and how they begin."""
    size = f"{len(text)} character{'' if len(text) == 1 else 's'}"
    if not text.strip():
        return f"recorded: {size}"
    first, *more = text.strip().split("\n")
    shown = first if len(first) <= LONGEST_SHOWN else f"{first[:LONGEST_SHOWN]}…"
    lines = f" in {len(more) + 1} lines, the first" if more else ""
    return f"recorded: {size}{lines}: {shown}"
