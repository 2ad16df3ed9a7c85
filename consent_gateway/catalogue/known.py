"""Trackers that nobody needs a placeholder for: by their hosts, and by the software that runs on any host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Literal

from consent_gateway.datafile import Table, field_validator, parse
from consent_gateway.signatures import Signature
from consent_gateway.urls import Pattern

SOFTWARE = "software.toml"


class Hosts(Table):
    """Hosts of one kind of tracker with their companies. A host stands for everything below it."""

    purpose: Literal["analytics", "marketing"]
    hosts: dict[str, str]

    @field_validator("hosts")
    @classmethod
    def _patterns(cls, value: dict[str, str]) -> dict[str, str]:
        for text in value:
            Pattern.parse(text)
        return value


class Software(Table):
    """Software of trackers as its addresses show it, whoever runs it (see signatures.py)."""

    name: str
    purpose: Literal["analytics", "marketing"]
    words: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    source: str

    @property
    def signature(self) -> Signature:
        return Signature(self.words, self.files, self.folders)

    @field_validator("words", "files", "folders")
    @classmethod
    def _lower(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if text != text.lower():
                raise ValueError(f"must be in lower case: addresses are compared without case: {text!r}")
        return value

    @field_validator("words")
    @classmethod
    def _single(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if not text.isalpha():
                raise ValueError(f"must be letters only: {text!r}")
        return value


class _SoftwareFile(Table):
    software: tuple[Software, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A known tracker: held in every state, never released."""

    company: str
    purpose: str


@dataclass(frozen=True)
class KnownTrackers:
    """The files of `known/` by their names."""

    files: Mapping[str, Hosts]
    software: tuple[Software, ...]

    @cached_property
    def hosts(self) -> tuple[tuple[Pattern, Known], ...]:
        return tuple(
            (Pattern.parse(text if "/" in text else f"*.{text}"), Known(company, file.purpose))
            for file in self.files.values()
            for text, company in file.hosts.items()
        )

    def signatures(self) -> Iterator[tuple[Signature, Known]]:
        for software in self.software:
            yield software.signature, Known(software.name, software.purpose)


def read(folder: Traversable) -> KnownTrackers:
    """Every file of the folder. Raises datafile.Faulty if one is wrong."""
    texts = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }
    software = parse(texts.pop(SOFTWARE), _SoftwareFile, file=SOFTWARE).software
    return KnownTrackers(
        {name.removesuffix(".toml"): parse(text, Hosts, file=name) for name, text in texts.items()}, software
    )
