"""What may not be in a layer on which visitors are asked, whoever has written its template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

from consent_gateway.fairness import brought, labels
from consent_gateway.fairness.document import Document, unfolded
from consent_gateway.fairness.hiding import hidden_by, words_are_hidden
from consent_gateway.fairness.rules import Rule

ANSWERS = ("reject_all", "accept_all")
ASKING = ("notice.html", "preferences.html")
OBJECTED_IN = ("policy.html", "your_data.html")
INSERTED = ("notice.html", "placeholder.html", "undo.html", "said.html")
LEGITIMATE = ("value", "name")  # in these two answers may differ, or have to


@dataclass(frozen=True)
class Layer:
    """A layer as it is sent to a visitor: `part` of a page, for one who has decided or has not.
    `brought` are the elements that come along with it, `must_say` is what the notice has to name."""

    template: str
    language: str
    document: Document
    part: Element
    prefix: str
    brought: tuple[Element, ...]
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
        """The answers with all in them and around them: what has to be seen for them to be seen."""
        return frozenset(
            element
            for ones in self.answers.values()
            for one in ones
            for element in (*self.document.path(one), *one.iter())
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


def _hidden(layer: Layer) -> Iterator[str]:
    for value, ones in layer.answers.items():
        for one in ones:
            if not labels.seen(one):
                yield f"{value} has no words"
            if words_are_hidden(one):
                yield f"{value} has words that are hidden"
            yield from (f"{value} is {how}" for how in hidden_by(layer.document.path(one)))


def _called_otherwise(layer: Layer) -> Iterator[str]:
    for value, ones in layer.answers.items():
        for one in ones:
            for name in ("aria-label", "aria-labelledby"):
                if one.get(name) is not None:
                    yield f"{value} has {name}, so that it may be called something else than is printed on it"


def _no_settings(layer: Layer) -> Iterator[str]:
    if layer.template in INSERTED:
        return
    found = sorted(layer.settings, key=[*layer.document.root.iter()].index)
    reasons = [list(_not_to_be_used(layer, link)) for link in found]
    if not found:
        yield 'there is no link to the settings, <a data-privacy="settings">'
    elif all(reasons):
        yield from (f"the link to the settings {reason}" for reason in reasons[0])


def _not_to_be_used(layer: Layer, link: Element) -> Iterator[str]:
    if link.tag != "a" or not re.match(
        rf"{re.escape(layer.prefix)}/preferences(?![^?])", link.get("href", "")
    ):
        yield f"does not lead to {layer.prefix}/preferences"
    if not labels.seen(link):
        yield "has no words"
    yield from (f"is {how}" for how in hidden_by(layer.document.path(link)))


def _no_objection(layer: Layer) -> Iterator[str]:
    if layer.template not in OBJECTED_IN:
        return
    for field in layer.document.all(name="action", value="object"):
        around = [one for one in layer.document.path(field) if one is not field]
        forms = [one for one in around if one.tag == "form" and one.get("action") == f"{layer.prefix}/rights"]
        pressed = [button for form in forms for button in form.iter("button")]
        if pressed and not [*hidden_by(iter(around))]:
            return
    yield "there is no form by which one objects to advertising"


def _brings(layer: Layer) -> Iterator[str]:
    yield from brought.faults(layer.brought, layer.prefix)


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
    if not any(element.get("id") == labelled and labels.seen(element) for element in layer.part.iter()):
        yield "it has no visible heading that aria-labelledby names"


RULES = (
    Rule(_refusal_missing, "EDPB Cookie Banner Taskforce, report of 17 January 2023, no. 8"),
    Rule(_unlike, "EDPB Cookie Banner Taskforce, nos. 14, 17, 18"),
    Rule(_hidden, "EDPB Cookie Banner Taskforce, nos. 8, 14"),
    Rule(_called_otherwise, "WCAG 2.5.3"),
    Rule(_no_settings, "GDPR Art. 7(3); EDPB Cookie Banner Taskforce, no. 32"),
    Rule(_no_objection, "GDPR Art. 21(2) to (4)"),
    Rule(_brings, "EDPB Cookie Banner Taskforce, nos. 17, 18; TDDDG § 25(1)"),
    Rule(_ticked, "GDPR recital 32; CJEU C-673/17"),
    Rule(_granted_unasked, "EDPB Guidelines 05/2020, nos. 60, 86"),
    Rule(_unsaid, "EDPB Guidelines 05/2020, no. 64; CJEU C-673/17"),
    Rule(_unnamed, "WCAG 4.1.2"),
)


def faults(layer: Layer) -> Iterator[str]:
    """Each reason for which a layer must not be shown, with its article."""
    for rule in RULES:
        yield from rule.broken(layer)
