"""What may not be said to visitors who are asked, whoever has worded it. The words are data, per language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from consent_gateway.datafile import Table, read

FOLDER = Path(__file__).parent / "words"


class Words(Table):
    """The words of one language as regular expressions; of a language without a file
    only whether a label has letters is judged."""

    accept: tuple[str, ...] = (r"\w\w",)
    reject: tuple[str, ...] = (r"\w\w",)
    swaying: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    legitimate_interest: tuple[str, ...] = ()


class Rule(NamedTuple):
    """Sentences, by the beginning of their keys; the list of which one word must be in each of them, or
    of which none may be; what is said of one in which it is not so, the requirement, its source."""

    keys: tuple[str, ...]
    words: str
    wanted: bool
    reason: str
    id: str
    article: str


RULES = (
    Rule(("notice.accept_all",), "accept", True, "does not say that it agrees", "BAN-15", "EDPB Guidelines 05/2020, no. 75"),
    Rule(("notice.reject_all",), "reject", True, "does not say that it refuses", "BAN-15", "EDPB Cookie Banner Taskforce, no. 8"),
    Rule(("notice.", "preferences.", "placeholder.", "settings.", "purposes."), "swaying", False, "is not neutral", "BAN-15", "EDPB Guidelines 03/2022, emotional steering"),
    Rule(("purposes.",), "vague", False, "names no purpose", "BAN-07", "EDPB Guidelines 05/2020, no. 64"),
    Rule(("notice.", "preferences.", "placeholder.", "purposes."), "legitimate_interest", False, "is no ground for access to a device", "BAN-12", "EDPB Cookie Banner Taskforce, nos. 24, 26; TDDDG § 25"),
)  # fmt: skip


def faults(texts: Mapping[str, Any], language: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The key of each sentence that visitors must not be asked with, and the reason with its article."""
    words = load(language)
    for key, sentence in _sentences(texts):
        for rule in RULES:
            if ".".join(key).startswith(rule.keys):
                for reason in _broken(rule, words, sentence):
                    yield key, f"{reason} ({rule.article})"


def in_text(text: str, language: str) -> Iterator[str]:
    """The same for the text of a whole layer, in which it does not matter what is a label."""
    for rule in RULES:
        if not rule.wanted and "notice." in rule.keys:
            yield from (f"{reason} ({rule.article})" for reason in _broken(rule, load(language), text))


def _broken(rule: Rule, words: Words, sentence: str) -> Iterator[str]:
    patterns: tuple[str, ...] = getattr(words, rule.words)
    found = next((hit[0] for one in patterns if (hit := re.search(one, sentence, re.I))), None)
    if rule.wanted and found is None:
        yield f"{sentence!r} {rule.reason}"
    elif not rule.wanted and found is not None:
        yield f"{found!r} {rule.reason}"


def _sentences(
    texts: Mapping[str, Any], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, value in texts.items():
        if isinstance(value, Mapping):
            yield from _sentences(value, (*above, name))
        else:
            yield (*above, name), str(value)


@lru_cache(maxsize=64)
def load(language: str) -> Words:
    """The words of a language; none where there is no file for it."""
    file = FOLDER / f"{language}.toml"
    return read(file, Words) if file.is_file() else Words()
