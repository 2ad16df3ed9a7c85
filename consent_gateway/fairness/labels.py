"""What is printed on the two answers, whoever has written it: on each what it does."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from consent_gateway.fairness import words
from consent_gateway.fairness.document import text
from consent_gateway.fairness.rules import Rule

# The sentences of the wording that are printed on an answer, by its value.
KEYS = {
    "accept_all": (("notice", "accept_all"),),
    "reject_all": (("notice", "reject_all"), ("preferences", "withdraw_all")),
}
UNSEEN = ("Cf", "Cc", "Co", "Cn")  # categories of characters that are not seen


def seen(element: Element) -> str:
    """The words in an element without characters that are not seen."""
    spoken = unicodedata.normalize("NFKC", text(element))
    return "".join(one for one in spoken if unicodedata.category(one) not in UNSEEN).strip()


def faults(value: str, label: str, *, template: str, language: str) -> Iterator[str]:
    """Why a label must not be on the answer `value` of a layer, with the article."""
    yield from RULES[value].broken(label, template, words.load(language))


def _not_agreeing(label: str, template: str, known: words.Words) -> Iterator[str]:
    if not _says(known.accept, label) or _says((*known.reject, *known.withdraw), label):
        yield f"{label!r} does not say that it agrees"


def _not_refusing(label: str, template: str, known: words.Words) -> Iterator[str]:
    withdrawing = known.withdraw if template == "preferences.html" else ()
    if not _says((*known.reject, *withdrawing), label):
        yield f"{label!r} does not say that it refuses"


def _says(patterns: tuple[str, ...], label: str) -> bool:
    return any(re.search(one, label, re.I) for one in patterns)


RULES = {
    "accept_all": Rule(_not_agreeing, "EDPB Guidelines 05/2020, no. 75"),
    "reject_all": Rule(_not_refusing, "EDPB Cookie Banner Taskforce, no. 8"),
}
