"""What may not be in a layer on which visitors are asked, whoever has written its template."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from xml.etree.ElementTree import Element

from consent_gateway.fairness.document import Document, text, unfolded

ANSWERS = ("reject_all", "accept_all")
ASKING = ("notice.html", "preferences.html")
LEGITIMATE = ("value", "name")  # in these two answers may differ, or have to


@dataclass(frozen=True)
class Layer:
    """A layer as it is sent to a visitor: `part` of a page, for one who has decided or has not.
    `must_say` is what the notice has to name."""

    template: str
    language: str
    document: Document
    part: Element
    decided: bool = False
    must_say: tuple[tuple[str, str], ...] = ()

    @cached_property
    def answers(self) -> dict[str, list[Element]]:
        """The controls that answer for everything at once, by their value, wherever in the page."""
        if self.template not in ASKING:
            return {value: [] for value in ANSWERS}
        return {value: [*self.document.all(name="decision", value=value)] for value in ANSWERS}

    @cached_property
    def shown_around(self) -> frozenset[Element]:
        """The answers and everything around them: what has to be seen for them to be seen."""
        return frozenset(
            around for ones in self.answers.values() for one in ones for around in self.document.path(one)
        )

    @cached_property
    def settings(self) -> frozenset[Element]:
        """The link by which a choice is changed."""
        return frozenset(self.document.all(data_privacy="settings"))

    @cached_property
    def ours(self) -> frozenset[Element]:
        """All that is inserted, but for what is unfolded on demand."""
        unfolded = frozenset(self.document.all(data_part="details"))
        return (frozenset(self.part.iter()) | self.settings) - unfolded


def _refusal_missing(layer: Layer) -> Iterator[str]:
    reject, accept = (layer.answers[value] for value in ANSWERS)
    if accept and not reject:
        yield "it offers to accept all, and not to reject all"
    elif len(accept) != len(reject):
        yield f"it has {len(accept)} controls that accept all and {len(reject)} that reject all"


def _unlike(layer: Layer) -> Iterator[str]:
    for reject, accept in zip(*(layer.answers[value] for value in ANSWERS), strict=False):
        if reject.tag != accept.tag:
            yield f"rejecting is a <{reject.tag}> and accepting a <{accept.tag}>"
        if layer.document.parent(reject) is not layer.document.parent(accept):
            yield "rejecting and accepting do not stand beside each other in one element"
        for name in sorted({*reject.keys(), *accept.keys()} - set(LEGITIMATE)):
            if reject.get(name) != accept.get(name):
                yield f"rejecting has {_said(reject, name)} and accepting has {_said(accept, name)}"
        if [_form(one) for one in reject.iter()][1:] != [_form(one) for one in accept.iter()][1:]:
            yield "what is inside the two answers is not of the same elements"


def _said(element: Element, name: str) -> str:
    value = element.get(name)
    return f"no {name}" if value is None else f'{name}="{value}"'


def _form(element: Element) -> tuple[str, tuple[tuple[str, str], ...]]:
    return element.tag, tuple(sorted(element.items()))


# An attribute because of which an element and all in it is not seen, heard or reached.
HIDING = {
    "hidden": None, "inert": None, "disabled": None, "popover": None,
    "aria-hidden": "true", "aria-disabled": "true", "tabindex": "-1",
}  # fmt: skip


def _hidden(layer: Layer) -> Iterator[str]:
    for value, ones in layer.answers.items():
        for one in ones:
            if not text(one):
                yield f"{value} has no words"
            for around in layer.document.path(one):
                for name, wanted in HIDING.items():
                    if around.get(name) is not None and wanted in (None, around.get(name)):
                        yield f"{value} is hidden by {name} on <{around.tag}>"
                if around.tag in ("details", "template", "noscript", "dialog") and around.get("open") is None:
                    yield f"{value} is folded away in a <{around.tag}>"


def _styled_or_scripted(layer: Layer) -> Iterator[str]:
    for element in layer.part.iter():
        if element.tag == "style" or element.get("style") is not None:
            yield f"<{element.tag}> brings style of its own; it belongs in static/*.css, where it is checked"
        if any(name.startswith("on") for name, _ in element.items()):
            yield f"<{element.tag}> brings code of its own"
        if element.tag == "script" and "/static/" not in element.get("src", ""):
            yield "a <script> brings code that is not in static/"
        if element.tag == "link" and "/static/" not in element.get("href", ""):
            yield f"a <link> brings {element.get('href')}, which is not in static/"


def _ticked(layer: Layer) -> Iterator[str]:
    if layer.decided:
        return
    for element in layer.part.iter():
        if element.get("checked") is not None or element.get("aria-checked") == "true":
            yield f"{element.get('value') or element.get('name') or element.tag} is ticked before anybody has decided"


def _granted_unasked(layer: Layer) -> Iterator[str]:
    if layer.template not in ASKING:
        return
    for element in layer.part.iter():
        name, kind = element.get("name"), element.get("type")
        if name in ("purpose", "service") and (element.tag, kind) != ("input", "checkbox"):
            yield f"{name} {element.get('value')} is granted by a <{element.tag}> and not by a box that one ticks"


def _unsaid(layer: Layer) -> Iterator[str]:
    words = "".join(unfolded(layer.part).split())
    for what, words_of_it in layer.must_say:
        if "".join(words_of_it.split()) not in words:
            yield f"it does not say {what}: {words_of_it}"


def _unnamed(layer: Layer) -> Iterator[str]:
    if layer.template != "notice.html":
        return
    role, labelled = layer.part.get("role"), layer.part.get("aria-labelledby", "")
    if role not in ("dialog", "region") or layer.part.get("aria-modal") == "true":
        yield 'it is neither role="dialog" without aria-modal nor role="region"'
    if not any(element.get("id") == labelled and text(element) for element in layer.part.iter()):
        yield "it has no visible heading that aria-labelledby names"


class Rule(NamedTuple):
    """What is looked for, the requirement, and where it comes from."""

    find: Callable[[Layer], Iterator[str]]
    id: str
    article: str


RULES = (
    Rule(_refusal_missing, "BAN-01", "EDPB Cookie Banner Taskforce, report of 17 January 2023, no. 8"),
    Rule(_unlike, "BAN-02", "EDPB Cookie Banner Taskforce, nos. 14, 17, 18"),
    Rule(_hidden, "BAN-01", "EDPB Cookie Banner Taskforce, nos. 8, 14"),
    Rule(_styled_or_scripted, "BAN-02", "EDPB Cookie Banner Taskforce, nos. 17, 18"),
    Rule(_ticked, "BAN-04", "GDPR recital 32; CJEU C-673/17"),
    Rule(_granted_unasked, "BAN-05", "EDPB Guidelines 05/2020, nos. 60, 86"),
    Rule(_unsaid, "BAN-06, BAN-07", "EDPB Guidelines 05/2020, no. 64; CJEU C-673/17"),
    Rule(_unnamed, "A11Y-02", "WCAG 4.1.2"),
)  # fmt: skip


def faults(layer: Layer) -> Iterator[str]:
    """Each reason for which a layer must not be shown, with its article."""
    for rule in RULES:
        for reason in rule.find(layer):
            yield f"{reason} ({rule.article})"
