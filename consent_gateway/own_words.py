"""What the operator says in words of his own: one text for every language, or one for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from consent_gateway.datafile import PlainSerializer, PlainValidator, Written
from consent_gateway.site_values import LANGUAGES


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Texts with the languages they are in; a language of "" stands for all."""

    texts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, value: object) -> OwnWords:
        """From a text, or a table of texts by language. Raises ValueError for anything else."""
        if isinstance(value, OwnWords):
            return value
        if isinstance(value, str) and value.strip():
            return cls((("", value.strip()),))
        if not isinstance(value, Mapping) or not value:
            raise ValueError('must be a text in quotes, or one for each language: { en = "…", de = "…" }')
        for language, text in value.items():
            if language not in LANGUAGES:
                raise ValueError(f"no wording for {language!r}; there is {', '.join(LANGUAGES)}")
            if not isinstance(text, str) or not text.strip():
                raise ValueError(f"{language}: must be a text in quotes")
        return cls(tuple((language, text.strip()) for language, text in value.items()))

    def __bool__(self) -> bool:
        return bool(self.texts)

    def __str__(self) -> str:
        return self.texts[0][1] if self.texts else ""

    @property
    def word(self) -> str:
        """The text if it is said for all languages: it may be a word of the gateway's."""
        return dict(self.texts).get("", "")

    def in_language(self, language: str) -> tuple[str, str]:
        """The text, and the language it is in where that is not the one asked for, else ""."""
        known = dict(self.texts)
        for own in (language, ""):
            if own in known:
                return known[own], ""
        return (self.texts[0][1], self.texts[0][0]) if self.texts else ("", "")

    def lacks(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        """The languages among these that it is not said in."""
        known = dict(self.texts)
        return () if "" in known or not known else tuple(one for one in languages if one not in known)

    def as_json(self) -> str | dict[str, str]:
        """As the site file has it."""
        known = dict(self.texts)
        return known.get("", "") if "" in known or not known else known


NOTHING_SAID = OwnWords()
WordsField = Annotated[
    OwnWords,
    PlainValidator(OwnWords.of),
    PlainSerializer(OwnWords.as_json),
    Written("[words](#words)", "[words](#words)"),
]
