"""What may not be said to visitors who are asked, whoever has worded it. The words are data, per language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from consent_gateway.datafile import Table, read
from consent_gateway.fairness.rules import Rule
from consent_gateway.wording import sentences

FOLDER = Path(__file__).parent / "words"


class Words(Table):
    """The words of one language as regular expressions: of every language what may be printed on an
    answer, of some also what may not be said at all."""

    accept: tuple[str, ...]
    reject: tuple[str, ...]
    withdraw: tuple[str, ...]
    swaying: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    legitimate_interest: tuple[str, ...] = ()


def _swaying(words: Words, sentence: str) -> Iterator[str]:
    yield from (f"{hit!r} is not neutral" for hit in _hits(words.swaying, sentence))


def _vague(words: Words, sentence: str) -> Iterator[str]:
    yield from (f"{hit!r} names no purpose" for hit in _hits(words.vague, sentence))


def _interested(words: Words, sentence: str) -> Iterator[str]:
    for hit in _hits(words.legitimate_interest, sentence):
        yield f"{hit!r} is no ground for access to a device"


def _hits(patterns: tuple[str, ...], sentence: str) -> Iterator[str]:
    """What of each list is said, once."""
    found = (one.search(sentence) for one in _compiled(patterns))
    yield from dict.fromkeys(hit[0] for hit in found if hit)


@lru_cache(maxsize=256)
def _compiled(patterns: tuple[str, ...]) -> list[re.Pattern[str]]:
    return [re.compile(one, re.I) for one in patterns]


class Row(NamedTuple):
    """A rule with the sentences it is about, by the beginning of their keys, and the layers whose whole
    text is held to it, too."""

    keys: tuple[str, ...]
    layers: Callable[[str], bool]
    rule: Rule[[Words, str]]


# On the policy page legitimate interest may be the ground for what is no access to a device (GDPR Art. 6(1)(f)).
RULES = (
    Row(("notice.", "preferences.", "placeholder.", "settings.", "purposes."), lambda template: True, Rule(_swaying, "EDPB Guidelines 03/2022, emotional steering")),
    Row(("purposes.",), lambda template: False, Rule(_vague, "EDPB Guidelines 05/2020, no. 64")),
    Row(("notice.", "preferences.", "placeholder.", "purposes."), lambda template: template != "policy.html", Rule(_interested, "EDPB Cookie Banner Taskforce, nos. 24, 26; TDDDG § 25")),
)  # fmt: skip


def faults(texts: Mapping[str, Any], language: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The key of each sentence that visitors must not be asked with, and the reason with its article."""
    words = load(language)
    for key, sentence in sentences(texts):
        for row in RULES:
            if ".".join(key).startswith(row.keys):
                for reason in row.rule.broken(words, sentence):
                    yield key, reason


def in_text(text: str, language: str, template: str) -> Iterator[str]:
    """The same for the text of a whole layer, in which it does not matter what is a label."""
    for row in RULES:
        if row.layers(template):
            yield from row.rule.broken(load(language), text)


@lru_cache(maxsize=64)
def load(language: str) -> Words:
    """The words of a language."""
    return read(FOLDER / f"{language}.toml", Words)
