"""What a page says of itself and of its site: its language, its links to a privacy policy, who runs it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from consent_gateway.locales import country_in
from consent_gateway.page import charset
from consent_gateway.page.documents import language_of
from consent_gateway.page.reading import read_every
from consent_gateway.page.tags import Tag
from consent_gateway.site_values import LANGUAGES
from consent_gateway.survey.forms import Form, purposes_of_link
from consent_gateway.survey.policy_words import weight
from consent_gateway.urls import attribute_text, linked, resolve

LONGEST_DATA = 2**18  # bytes of JSON-LD in one script
_BREAK = re.compile(r"<(?:br|p|div|li|img)\b[^>]*>", re.I)
_MARKUP = re.compile(r"<[^>]*>")
_MAIL = re.compile(r"mailto:([^?#\s]{1,256}@[^?#\s]{1,256})", re.I)
_SCHEME = re.compile(r"^(https?://(www\.)?)?schema\.org/", re.I)
_COMMENT = re.compile(r"<!--(?:.*?-->|.*)", re.S)  # one that nobody closes goes to the end
_FIELDS = (b"input", b"textarea", b"button", b"select")
_NAMING = (b"action", b"id", b"class", b"name", b"placeholder", b"autocomplete")
_WITHIN_LINES = frozenset(
    (b"a", b"abbr", b"b", b"em", b"font", b"i", b"small", b"span", b"strong", b"u", b"wbr")
)
# schema.org, Organization and what it is usually said as.
_ORGANISATIONS = frozenset(
    ("organization", "corporation", "localbusiness", "store", "onlinestore", "onlinebusiness", "ngo",
     "educationalorganization", "governmentorganization", "medicalorganization", "newsmediaorganization",
     "professionalservice", "hotel", "restaurant")
)  # fmt: skip


class Document:
    """A page of the site by its bytes, in ASCII-like form, as the rewriter reads it; `address` is its own."""

    def __init__(self, data: bytes, encoding: charset.Encoding, url: str) -> None:
        self._data = data
        self._encoding = encoding
        self.address = url
        self._tags = read_every(data)

    @property
    def language(self) -> str:
        return language_of(self._data)

    def policy_links(self) -> Iterator[tuple[int, str]]:
        """Links that may lead to a privacy policy: how surely, and the address without a fragment."""
        for position, tag in enumerate(self._tags):
            if tag.name != b"a" or tag.template:
                continue
            href = self._value(tag, b"href")
            address = linked(href, self.address).partition("#")[0] if href else ""
            where = resolve(address, self.address) if address else None
            if where and (sure := weight(self._words(position, tag), where.rest)):
                yield sure, address

    def proposals(self) -> Iterator[tuple[str, str]]:
        """What it says of who runs it: keys of [controller] with texts. Anybody may have written them."""
        for tag in self._tags:
            if tag.name == b"script" and tag.body_end is not None and self._is_data(tag):
                yield from _organisations(self._data[tag.end : tag.body_end], self.language)
            elif tag.name == b"a" and (mail := _MAIL.match(self._value(tag, b"href"))):
                yield "contact", mail[1]

    def purposes(self) -> Iterator[tuple[str, str]]:
        """What it stores data for by its forms, and by the names of what it links to; each with the address."""
        form: Form | None = None
        for tag in self._tags:
            if tag.name in (b"form", b"/form"):
                if form:
                    yield from ((purpose, self.address) for purpose in form.purposes)
                form = Form([self._called(tag)], set()) if tag.name == b"form" and not tag.template else None
            elif form and tag.name in _FIELDS:
                form.names.append(self._called(tag))
                form.kinds.add(
                    self._value(tag, b"type").lower() if tag.name == b"input" else tag.name.decode()
                )
            elif tag.name == b"a" and (href := self._value(tag, b"href")):
                where = resolve(href, self.address)
                if where:
                    yield from ((purpose, where.url) for purpose in purposes_of_link(where.rest))

    def lines(self) -> list[str]:
        """Its text as it is shown, line by line."""
        pieces: list[str] = []
        position = 0
        for tag in self._tags:
            if tag.start >= position:
                pieces.append(self._text(position, tag.start))
                position = tag.end if tag.body_end is None else tag.body_end
            if tag.name.lstrip(b"/") not in _WITHIN_LINES:
                pieces.append("\n")
        pieces.append(self._text(position, len(self._data)))
        lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
        return [line for line in lines if line]

    def _text(self, start: int, end: int) -> str:
        text = attribute_text(_COMMENT.sub("", charset.text_of(self._data[start:end], self._encoding)))
        return " ".join(f"|{text}|".split())[1:-1].replace("\u00ad", "")

    def _called(self, tag: Tag) -> str:
        """Everything by which a form or field is called, in lower case."""
        return " ".join(self._value(tag, name) for name in _NAMING).lower()

    def _words(self, position: int, tag: Tag) -> str:
        """The text of a link: up to its end tag, and what it is called besides."""
        end = next(
            (one.start for one in self._tags[position + 1 : position + 40] if one.name == b"/a"), tag.end
        )
        inner = charset.text_of(self._data[tag.end : min(end, tag.end + 2000)], self._encoding)
        text = attribute_text(_MARKUP.sub("", _BREAK.sub(" ", inner))).replace("\u00ad", "").strip()
        return text or self._value(tag, b"aria-label") or self._value(tag, b"title")

    def _is_data(self, tag: Tag) -> bool:
        return self._value(tag, b"type").lower().strip() == "application/ld+json"

    def _value(self, tag: Tag, name: bytes) -> str:
        found = tag.attributes(self._data).get(name)
        if found is None:
            return ""
        value = charset.text_of(self._data[found.value_start : found.value_end], self._encoding)
        return attribute_text(value).strip()


def _organisations(script: bytes, language: str) -> Iterator[tuple[str, str]]:
    if len(script) > LONGEST_DATA:
        return
    try:
        value = json.loads(script.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return
    for one in _nodes(value):
        if not _types(one) & _ORGANISATIONS:
            continue
        yield from _said(one, "name", "legalName", "name")
        yield from _said(one, "contact", "email")
        yield from _said(one, "telephone", "telephone")
        if address := _address(one.get("address"), language):
            yield "address", address


def _nodes(value: Any, depth: int = 4) -> Iterator[dict[str, Any]]:
    """The objects of a graph, and those within that publish or own it."""
    if depth and isinstance(value, list):
        for one in value[:100]:
            yield from _nodes(one, depth - 1)
    elif depth and isinstance(value, dict):
        yield value
        for name in ("@graph", "publisher", "provider", "mainEntity"):
            yield from _nodes(value.get(name), depth - 1)


def _types(node: dict[str, Any]) -> set[str]:
    said = node.get("@type")
    return {
        _SCHEME.sub("", one).lower()
        for one in (said if isinstance(said, list) else [said])
        if isinstance(one, str)
    }


def _said(node: dict[str, Any], key: str, *names: str) -> Iterator[tuple[str, str]]:
    for name in names:
        value = node.get(name)
        if isinstance(value, str) and value.strip():
            yield key, value.strip().removeprefix("mailto:")
            return


def _address(value: Any, language: str) -> str:
    """An address of schema.org in one line, its country by name (https://schema.org/addressCountry)."""
    if isinstance(value, str):
        return value.strip()
    if not isinstance(value, dict):
        return ""
    street, code, town, country = (
        value.get(name) for name in ("streetAddress", "postalCode", "addressLocality", "addressCountry")
    )
    if isinstance(country, dict):
        country = country.get("name")
    if isinstance(country, str):
        country = country_in(country.strip(), language if language in LANGUAGES else LANGUAGES[0])
    parts = [street, " ".join(one for one in (code, town) if isinstance(one, str)), country]
    return ", ".join(one.strip() for one in parts if isinstance(one, str) and one.strip())
