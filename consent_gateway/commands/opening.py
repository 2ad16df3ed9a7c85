"""Site file and ledger opened for a command, what it writes, and how far it has come."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

import click

from consent_gateway import catalogue, site
from consent_gateway.commands.options import fail, named
from consent_gateway.database import DatabaseUnavailable, Url, in_folder
from consent_gateway.datafile import Faulty, Unreadable
from consent_gateway.key_file import KEYS_VARIABLE, NoKeys
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger, LedgerBroken
from consent_gateway.ledger.view import View
from consent_gateway.private_files import BadState, private_anew
from consent_gateway.site import Site
from consent_gateway.state import StateFolder

Item = TypeVar("Item")
ENCRYPTED = "the contents of the ledger are encrypted, and the keys cannot be had"


@contextmanager
def saying_faults() -> Iterator[None]:
    """The end of the command with the faults of what is read meanwhile."""
    try:
        yield
    except Faulty as error:
        fail(f"the site file has faults:\n{error}")
    except Unreadable as error:
        fail(str(error))


def site_of(file: Path) -> Site:
    """What a site file says, or the end of the command with its faults."""
    with saying_faults():
        try:
            return site.read(file, catalogue.load())
        except Unreadable as error:
            if isinstance(error.__cause__, OSError):
                fail(f"{error}; {named('site_file')} names the site file")
            raise


def ring_of(state: Path) -> KeyRing:
    """The keys of the environment or the state folder, or the end of the command."""
    try:
        return StateFolder(state).keys.kept_ring(os.environ)
    except NoKeys as error:
        fail(
            f"{ENCRYPTED}: {error}. Give {KEYS_VARIABLE} the value that the gateway has, "
            f"or name the folder with its keys by {named('state')}"
        )
    except BadState as error:
        fail(f"{ENCRYPTED}: {error}")


def ledger_at(state: Path, database: str) -> Url:
    """Where the ledger is; the end of the command, which says what leads there, if there is none."""
    url = database or in_folder(state)
    try:
        Ledger.to_read(url, None).close()
    except DatabaseUnavailable as error:
        fail(f"{error}; {named('state', 'database')} says where it is")
    return url


@contextmanager
def looking(state: Path, database: str, *, keys: bool = True) -> Iterator[View]:
    """The ledger while it is looked at; the end of the command with the reason if that fails."""
    url = ledger_at(state, database)  # first: where there is none, nobody is interested in keys
    try:
        book = Ledger.to_read(url, ring_of(state) if keys else None)
        try:
            with book.view() as view:
                yield view
        finally:
            book.close()
    except DatabaseUnavailable as error:
        fail(str(error))
    except LedgerBroken as error:
        fail(f"broken: {error}", 1)


@contextmanager
def output(path: Path | None) -> Iterator[IO[str]]:
    """A file that only its owner may read, or standard output; the end of the command if it cannot be
    written."""
    if path is None:
        with click.open_file("-", "w", encoding="utf-8") as file:
            yield file
        return
    try:
        with open(path, "w", opener=private_anew, encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        fail(f"{path}: {error.strerror}")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The rows below their headings, in columns."""
    every = [headings, *rows]
    widths = [max(map(len, column)) for column in zip(*every, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in every]


def counted(items: Iterable[Item], length: int, label: str) -> Iterator[Item]:
    """The same items; who sits at a terminal sees how many are done."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, length=length, label=label, file=sys.stderr) as bar:
        yield from bar
