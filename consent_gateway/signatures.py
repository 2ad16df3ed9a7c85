"""Software known by the addresses it makes on whatever host it runs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from consent_gateway.urls import STAND_IN

# Stars reach this far, so that an address of any length is read in one go.
_IN_NAME, _IN_QUERY = "[^/?]{0,80}", ".{0,300}"
_DIGITS = "0123456789"


class Signature(NamedTuple):
    """What shows software, all in lower case. `words` of a host's first label: "ads" is ads.example.com
    and eu-ads2.example.com. `files`: the last part of the path, and the query where it has a "?"; "*" is
    any run of characters. `folders`: one or more whole parts of the path before the last."""

    words: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


T = TypeVar("T")


class Signatures(Generic[T]):
    """Finds the software behind an address of a third party. Words are looked up where that is possible:
    one expression for all of them, as in the guard script, takes ten times as long here."""

    def __init__(self, rules: Iterable[tuple[Signature, T]], *, stand_ins: bool = False) -> None:
        self._stand_ins = stand_ins
        listed = list(rules)
        self._words = {word: owner for signature, owner in listed for word in signature.words}
        folders = {folder: owner for signature, owner in listed for folder in signature.folders}
        files = {file: owner for signature, owner in listed for file in signature.files}
        self._folders = {folder: owner for folder, owner in folders.items() if "/" not in folder}
        self._deep = [(f"/{folder}/", owner) for folder, owner in folders.items() if "/" in folder]
        self._names = {file: owner for file, owner in files.items() if not re.search(r"[*?]", file)}
        open_ended = [file for file in files if file not in self._names]
        names = [file.partition("?")[0].split("*") for file in open_ended]
        self._asked = {name[0] for name in names if len(name) == 1}
        self._starts = tuple({name[0] for name in names if len(name) > 1 and name[0]})
        self._ends = tuple({name[1] for name in names if len(name) == 2 and not name[0]})
        inner = sorted({_literal(name[1]) for name in names if len(name) > 2 and not name[0]})
        self._inner = re.compile("|".join(inner) or "(?!)")
        self._files = re.compile("|".join(f"({_file(file)})" for file in open_ended) or "(?!)", re.S)
        self._of_file = [files[file] for file in open_ended]

    def find(self, host: str, rest: str) -> T | None:
        """Whose software the address shows, or None."""
        if self._stand_ins:
            host = host.removesuffix(STAND_IN)
        return self._of_host(host) or self._of_path(rest.lower())

    def _of_host(self, host: str) -> T | None:
        first, _, others = host.partition(".")
        if "." in others:  # ads.com is somebody's website
            for word in first.split("-"):
                if owner := self._words.get(word.rstrip(_DIGITS)):
                    return owner
        return None

    def _of_path(self, rest: str) -> T | None:
        path, asks, query = rest.partition("?")
        *folders, name = path.split("/")
        for folder in folders:
            if owner := self._folders.get(folder):
                return owner
        for folder, owner in self._deep:
            if folder in path:
                return owner
        if owner := self._names.get(name):
            return owner
        if self._tells(name) and (found := self._files.match(f"{name}{asks}{query}")):
            return self._of_file[(found.lastindex or 1) - 1]
        return None

    def _tells(self, name: str) -> bool:
        """Whether a name is worth a closer look."""
        return (
            name in self._asked
            or name.startswith(self._starts)
            or name.endswith(self._ends)
            or self._inner.search(name) is not None
        )


def _file(text: str) -> str:
    """A regular expression for what follows the last "/" of the path."""
    name, asks, query = text.partition("?")
    expression = _IN_NAME.join(map(_literal, name.split("*")))
    if not asks:
        return f"{expression}(?:\\?|$)"
    return f"{expression}\\?{_IN_QUERY.join(map(_literal, query.split('*')))}"


def _literal(text: str) -> str:
    return re.escape(text).replace("\\-", "-")
