"""What visitors read, per language; every language has every sentence, or nothing starts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any

from consent_gateway.datafile import Fault, Faulty, Unreadable
from consent_gateway.locales import plural_forms

REFERENCE = "en"
_BLANKS = re.compile(r"\{\w+\}")
# Both written forms of Norwegian get the one there is.
_SAME = {"nb": "no", "nn": "no"}


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of one language, by section and key; `texts` is nested like the file."""

    language: str
    direction: str
    texts: Mapping[str, Any]

    def __getitem__(self, section: str) -> Any:
        return self.texts[section]


def load(folders: list[Path], languages: tuple[str, ...]) -> dict[str, Wording]:
    """The wording of each language; what a later folder has of it goes before that of an earlier one.

    Raises Unreadable, or Faulty naming each sentence that is missing, unknown or lacks a blank.
    """
    reference = _texts(folders, REFERENCE)
    faults: list[Fault] = []
    wordings = {}
    for language in languages:
        texts = _texts(folders, language)
        content = _read(texts)
        faults += _compared(language, texts, reference)
        wordings[language] = Wording(language, content.get("meta", {}).get("direction", "ltr"), content)
    if faults:
        raise Faulty(tuple(faults))
    return wordings


def choose(wanted: tuple[str, ...], offered: tuple[str, ...]) -> str:
    """The first language wanted that is offered, else the site's first."""
    known = (_SAME.get(language, language) for language in wanted)
    return next((language for language in known if language in offered), offered[0])


def _texts(folders: list[Path], language: str) -> tuple[str, ...]:
    """The files of a language, as they are; each can be read as TOML."""
    texts = []
    for folder in folders:
        path = folder / "wording" / f"{language}.toml"
        if path.exists():
            try:
                texts.append(path.read_text(encoding="utf-8"))
                _parsed(texts[-1])
            except (OSError, ValueError) as error:
                raise Unreadable(Fault(str(path), "", str(error))) from error
    if not any(map(_parsed, texts)):
        raise Unreadable(Fault(f"wording/{language}.toml", "", "no such file in the templates"))
    return tuple(texts)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Mapping[str, Any]:
    return tomllib.loads(text)


def _read(texts: tuple[str, ...]) -> dict[str, Any]:
    return reduce(_over, map(_parsed, texts), {})


@lru_cache(maxsize=64)
def _compared(language: str, own: tuple[str, ...], reference: tuple[str, ...]) -> tuple[Fault, ...]:
    return tuple(_compare(language, _by_key(_read(own)), _by_key(_read(reference))))


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """One table over another: what the upper has goes before."""
    return {**below} | {
        key: _over(below[key], value)
        if isinstance(value, dict) and isinstance(below.get(key), dict)
        else value
        for key, value in above.items()
    }


def sentences(texts: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every sentence of a language with its key."""
    for name, value in texts.items():
        if isinstance(value, Mapping):
            yield from sentences(value, (*above, name))
        else:
            yield (*above, name), str(value)


def _by_key(texts: Mapping[str, Any]) -> dict[str, str]:
    return {".".join(key): sentence for key, sentence in sentences(texts)}


def _compare(language: str, own: Mapping[str, str], reference: Mapping[str, str]) -> Iterator[Fault]:
    file = f"wording/{language}.toml"
    wanted = dict(_in_forms_of(language, reference))
    for key, sentence in wanted.items():
        if not own.get(key, "").strip():
            yield Fault(file, key, "this sentence is missing")
        elif not any(brace in text for text in (sentence, own[key]) for brace in "{}"):
            continue
        elif set(_BLANKS.findall(own[key])) != set(_BLANKS.findall(sentence)):
            blanks = ", ".join(sorted(set(_BLANKS.findall(sentence)))) or "none"
            yield Fault(file, key, f"must contain these blanks and no other: {blanks}")
        elif re.search("[{}]", _BLANKS.sub("", own[key])):
            yield Fault(file, key, "has a brace that belongs to no blank")
    for key in own.keys() - wanted.keys():
        yield Fault(file, key, "no such sentence")


def _in_forms_of(language: str, reference: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The sentences wanted of a language: what says a number of things in each form that it has."""
    for key, sentence in reference.items():
        stem, _, form = key.rpartition(".")
        if f"{stem}.other" not in reference:
            yield key, sentence
        elif form == "other":
            yield from ((f"{stem}.{own}", sentence) for own in sorted(plural_forms(language)))
