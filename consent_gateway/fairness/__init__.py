"""Whether visitors are asked fairly. An operator's own templates may look and sound as he likes, but not
so that refusing is harder than agreeing, that the page is locked, or that nobody learns what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from consent_gateway.datafile import Fault, Faulty, decoded, fault_at
from consent_gateway.fairness import failures, labels, layers, own_data, styles, words
from consent_gateway.fairness.document import Malformed
from consent_gateway.fairness.layers import Layer
from consent_gateway.fairness.visitor import NoNotice, Sight, Visitor
from consent_gateway.gateway import Gateway
from consent_gateway.rendering import Rendering, templates_folder


def check(gateway: Gateway, rendering: Rendering, own: Path, now: datetime) -> None:
    """Raises datafile.Faulty with everything for which the templates in `own` must not be served."""
    if found := faults(gateway, rendering, own, now):
        raise Faulty(found)


def faults(gateway: Gateway, rendering: Rendering, own: Path, now: datetime) -> tuple[Fault, ...]:
    """What is wrong with the templates in `own`, each fault once: they are judged by what visitors
    would get of them."""
    if undecodable := tuple(_undecodable(own)):
        return undecodable
    return tuple(dict.fromkeys(_Judgement(gateway, rendering, own, now).faults()))


def _undecodable(own: Path) -> Iterator[Fault]:
    for file in sorted((*own.rglob("*.html"), *own.rglob("*.css"), *own.rglob("*.toml"))):
        try:
            decoded(file)
        except Faulty as error:
            yield from error.faults


class _Judgement:
    """Of what visitors get with the templates in one folder."""

    def __init__(self, gateway: Gateway, rendering: Rendering, own: Path, now: datetime) -> None:
        self._gateway, self._rendering, self._own, self._now = gateway, rendering, own, now
        self._data = own_data.of(gateway)
        self._texts = {
            path.stem: decoded(path)
            for path in sorted(own.glob("wording/*.toml"))
            if path.stem in rendering.languages
        }
        self._known: dict[str, frozenset[str]] = {}

    def faults(self) -> Iterator[Fault]:
        for language in self._texts:
            yield from (fault for fault, _ in self._in_wording(language))
        seen: list[Layer] = []
        for language in self._rendering.languages:
            for sight in Visitor(self._gateway, self._rendering, language, self._now).sights():
                yield from self._at(sight, language, seen)
        for layer in seen:
            yield from self._of_layer(layer)
        for sheet in self._style_sheets():  # the gateway's own may do something else to the operator's markup
            for line, reason in styles.faults(decoded(sheet), seen):
                yield Fault(str(sheet), "", reason, line)

    def _at(self, sight: Sight, language: str, seen: list[Layer]) -> Iterator[Fault]:
        """Adds the layers to those that were seen; a fault if there is nothing to be seen."""
        try:
            seen += sight.layers()
        except Malformed as error:
            yield Fault(self._place(sight.template), "", f"in {language}: {error}")
        except NoNotice:
            yield Fault(self._place(sight.template), "", 'it brings no element with data-privacy="notice"')
        except Exception as error:
            place, line = failures.place(error, (self._own, templates_folder()))
            file = str(place) if place else self._place(sight.template)
            yield Fault(file, "", f"in {language}: {failures.reason(error)}", line)

    def _in_wording(self, language: str) -> Iterator[tuple[Fault, str]]:
        for key, reason in words.faults(self._rendering.wording(language).texts, language):
            yield self._said(language, key, reason), reason

    def _of_layer(self, layer: Layer) -> Iterator[Fault]:
        yield from self._of_labels(layer)
        known = self._known_of(layer.language)
        spoken = own_data.without(layer.part, self._data)
        for reason in (*layers.faults(layer), *words.in_text(spoken, layer.language, layer.template)):
            if reason not in known:
                yield self._shown(layer, reason)

    def _known_of(self, language: str) -> frozenset[str]:
        """The reasons that are said of the wording itself."""
        if language not in self._known:
            said = self._in_wording(language) if language in self._texts else ()
            self._known[language] = frozenset(reason for _, reason in said)
        return self._known[language]

    def _of_labels(self, layer: Layer) -> Iterator[Fault]:
        for value, ones in layer.answers.items():
            for label in map(labels.seen, ones):
                key = self._worded(label, layer, value)
                for reason in labels.faults(value, label, template=layer.template, language=layer.language):
                    yield self._said(layer.language, key, reason) if key else self._shown(layer, reason)

    def _worded(self, label: str, layer: Layer, value: str) -> tuple[str, ...]:
        """The key of the operator's own sentence that is printed on an answer, if it is one."""
        if layer.language not in self._texts:
            return ()
        texts = self._rendering.wording(layer.language).texts
        own = (key for key in labels.KEYS[value] if " ".join(texts[key[0]][key[1]].split()) == label)
        return next(own, ())

    def _shown(self, layer: Layer, reason: str) -> Fault:
        return Fault(self._place(layer.template), "", f"as shown in {layer.language}: {reason}")

    def _place(self, template: str) -> str:
        """The operator's own template where he has one of that name, else his folder."""
        file = self._own / template
        return str(file if file.is_file() else self._own)

    def _said(self, language: str, key: tuple[str, ...], reason: str) -> Fault:
        """Of a sentence in the operator's wording."""
        return fault_at(self._own / "wording" / f"{language}.toml", self._texts[language], key, reason)

    def _style_sheets(self) -> list[Path]:
        """All that are served."""
        folders = (templates_folder(), self._own)
        found = {path.name: path for folder in folders for path in folder.glob("static/*.css")}
        return [found[name] for name in sorted(found)]
