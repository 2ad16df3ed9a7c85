"""Templates → HTML, always escaped; an operator's folder overrides single templates."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from jinja2 import TemplateSyntaxError as TemplateSyntaxError
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from consent_gateway import locales
from consent_gateway.datafile import Fault, Faulty, decoded
from consent_gateway.own_words import OwnWords
from consent_gateway.wording import Wording, load

HASH_LENGTH = 10
POLICY_TEMPLATES = ("_policy_text.html", "_transfer.html")
OF_POLICY = (
    "cookie_reasons",
    "data",
    "durations",
    "legal_bases",
    "measures",
    "notice",
    "parties",
    "personal_data",
    "placeholder",
    "policy",
    "policy_gaps",
    "policy_purposes",
    "purposes",
    "recipient_kinds",
    "retained",
    "roles",
    "settings",
    "transfers",
    "your_data",
)  # sections of the wording


@dataclass(frozen=True)
class StaticFile:
    """A file under `static/`, with the name it is served by: it changes with the content."""

    name: str
    media_type: str
    content: bytes

    @cached_property
    def zipped(self) -> bytes:
        """The content in the gzip coding."""
        return gzip.compress(self.content, mtime=0)

    @cached_property
    def digest(self) -> str:
        """The content as policies and `integrity` name it (Subresource Integrity 3.3)."""
        return f"sha256-{base64.b64encode(hashlib.sha256(self.content).digest()).decode('ascii')}"


class UnknownFile(Exception):
    """A template names a file in `static/` that is not served."""


class _Compiled(jinja2.BytecodeCache):
    """Templates that were compiled in this process: each is compiled once, however many folders it is
    looked at through."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class Rendering:
    """Renders templates in the languages of a site."""

    def __init__(
        self, folder: Path, languages: tuple[str, ...], *, own: Path | None = None, prefix: str
    ) -> None:
        folders = [folder, own] if own else [folder]
        self.wordings = load(folders, languages)
        self.languages = languages
        self._prefix = prefix
        self._folders = folders
        self._static: dict[str, StaticFile] = {}
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader([str(place) for place in reversed(folders)]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=_COMPILED,
            auto_reload=False,  # like the sentences and the static files, they are those of the start
        )
        self._environment.filters["fill"] = _fill
        self._environment.filters["said"] = _said
        for said in (
            locales.country_in,
            locales.date_in,
            locales.list_in,
            locales.period_in,
            locales.plural_in,
        ):
            self._environment.filters[said.__name__] = said

    def name_purposes(self, own: Mapping[str, Mapping[str, OwnWords]]) -> None:
        """Puts the operator's words for purposes in the place of the gateway's, where he has any."""
        for language, wording in self.wordings.items():
            said = {
                id: {key: text for key, one in words.items() if (text := one.in_language(language)[0])}
                for id, words in own.items()
            }
            purposes = {id: {**known, **said.get(id, {})} for id, known in wording["purposes"].items()}
            self.wordings[language] = replace(wording, texts={**wording.texts, "purposes": purposes})

    def render(self, template: str, language: str, *, root: str = "", **values: Any) -> str:
        """The template in one language; `root` goes before our own addresses. A value that is missing
        is an error, not a blank."""
        wording = self.wordings[language]
        return self._environment.get_template(template).render(
            w=wording.texts,
            language=language,
            direction=wording.direction,
            prefix=f"{root}{self._prefix}",
            static=lambda name: f"{root}{self.static_path(name)}",
            country=lambda code: locales.country_in(code, language),
            **values,
        )

    def marked(self, html: str) -> Markup:
        """HTML that was rendered here before, to go into a template as it is."""
        return Markup(html)  # noqa: S704 - it was escaped then

    def inserted(self, template: str, language: str, **values: Any) -> bytes:
        """The same for a page of any encoding: ASCII, other characters as references."""
        return self.render(template, language, **values).strip().encode("ascii", "xmlcharrefreplace")

    def wording(self, language: str) -> Wording:
        return self.wordings[language]

    @cached_property
    def policy_digest(self) -> str:
        """The hash of what the privacy policy is made of beside its facts: templates and sentences."""
        source = self._environment.loader.get_source  # type: ignore[union-attr]
        made_of = [source(self._environment, name)[0] for name in POLICY_TEMPLATES]
        said = [
            [language, {id: wording.texts[id] for id in OF_POLICY}]
            for language, wording in sorted(self.wordings.items())
        ]
        text = json.dumps([made_of, said], sort_keys=True, default=dict)
        return hashlib.sha256(text.encode()).hexdigest()

    def add_static(
        self, name: str, replacements: Mapping[str, str] | None = None, *, before: str = ""
    ) -> StaticFile:
        """Makes a file of `static/` available, with words in it replaced and a text before it.
        Raises datafile.Faulty for one that cannot be read or does not contain a word."""
        text = before + self.static_source(name)
        for word, replacement in (replacements or {}).items():
            if word not in text:
                raise Faulty((Fault(f"static/{name}", "", f"does not contain {word}"),))
            text = text.replace(word, replacement)
        content = text.encode("utf-8")
        stem, _, ending = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:HASH_LENGTH]}.{ending}"
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = StaticFile(hashed, f"{media_type}; charset=utf-8", content)
        self._static[name] = file
        return file

    def static_path(self, name: str) -> str:
        """Where a file is served. Raises UnknownFile for one that is not."""
        if name not in self._static:
            raise UnknownFile(f"static/{name} is not served; there are {', '.join(sorted(self._static))}")
        return f"{self._prefix}/static/{self._static[name].name}"

    def digest(self, name: str) -> str:
        """The content of a static file as policies name it."""
        return self._static[name].digest

    def static(self, served_name: str) -> StaticFile | None:
        return next((file for file in self._static.values() if file.name == served_name), None)

    def static_source(self, name: str) -> str:
        for folder in reversed(self._folders):
            path = folder / "static" / name
            if path.exists():
                return decoded(path)
        if parts := self._parts(name.removesuffix(".js")):
            return _script(parts)
        raise FileNotFoundError(f"static/{name} is in none of the template folders")

    def _parts(self, name: str) -> list[str]:
        """The texts of `static/NAME/*.js` in the order of their names; the operator's go before."""
        found = {path.name: path for folder in self._folders for path in folder.glob(f"static/{name}/*.js")}
        return [decoded(found[part]) for part in sorted(found)]


def script_json(value: object) -> str:
    """A value as JSON that is safe inside a script."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True).replace("<", "\\u003c")


def _script(parts: list[str]) -> str:
    """The parts in one scope, without indentation and without lines that are comments as a whole."""
    lines = [line.strip() for part in parts for line in part.splitlines()]
    spoken = [line for line in lines if line and not line.startswith("//")]
    return "\n".join(["(() => {", '"use strict";', *spoken, "})();", ""])


def in_attribute(value: str) -> bytes:
    """A value as templates write it for a page of any encoding."""
    return str(escape(value)).encode("ascii", "xmlcharrefreplace")


def _fill(sentence: str, **values: object) -> Markup:
    return Markup(escape(sentence)).format(**values)  # noqa: S704 - escaped right here


def _said(words: OwnWords, language: str, vocabulary: Mapping[str, str] | None = None) -> Markup:
    """What the operator says, marked where it is in another language (WCAG 3.1.2); or, where it is a word
    of the vocabulary, what stands there."""
    text, other = words.in_language(language)
    if vocabulary and words.word in vocabulary:
        return escape(vocabulary[words.word])
    return Markup('<span lang="{}" dir="auto">{}</span>').format(other, text) if other else escape(text)


def templates_folder() -> Path:
    """Where the templates are: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"
