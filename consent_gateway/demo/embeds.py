"""The pages that are shown side by side: one for each example of the catalogue, or a file of the developer's."""

from __future__ import annotations

import codecs
import html
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from consent_gateway.catalogue import Catalogue
from consent_gateway.demo.files import read
from consent_gateway.demo.localising import localised

OWN = "page"  # the name of the developer's file among the pages
_DOCUMENT = re.compile(rb"<(?:!doctype|html|head|body)\b", re.I)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TEXTS = (
    "text/css",
    "text/html",
    "text/javascript",
    "application/javascript",
    "application/json",
    "image/svg+xml",
)
_MARK = b"{{content}}"


@dataclass(frozen=True, slots=True)
class Body:
    """What a website answers with."""

    content_type: str
    content: bytes


class Pages(Protocol):
    """The pages of a website by name and path; None for what it does not have. Raises OSError."""

    def __call__(self, name: str, path: str) -> Body | None: ...


@dataclass(frozen=True, slots=True)
class Document:
    """A document as a browser gets it, and how many lines stand before what was written."""

    content: bytes
    lines_before: int = 0

    @property
    def content_type(self) -> str:
        """With the encoding, where it is the usual one."""
        try:
            self.content.decode("utf-8")
        except UnicodeDecodeError:
            return "text/html"
        return "text/html; charset=utf-8"


def document(markup: bytes, title: str) -> Document:
    """The markup as it is where it is a document; a fragment is put into a page."""
    if _DOCUMENT.search(markup) or markup.startswith(_UTF_16):
        return Document(markup)
    before, after = _page(title)
    return Document(before + markup + after, before.count(b"\n"))


def example(catalogue: Catalogue, id: str) -> Document:
    """A page in which a service is embedded, as a website would do it."""
    service = catalogue.services[id]
    before, after = _page(f"A page with {service.name}")
    text = f"<h1>A page of a website</h1>\n<p>It has {html.escape(service.name)} in it, here:</p>\n"
    start = before + text.encode()
    return Document(
        start + service.example.encode() + b"<p>And here it goes on.</p>" + after, start.count(b"\n")
    )


def _page(title: str) -> tuple[bytes, bytes]:
    page = read("stage/embedding.html", {"title": html.escape(title)}).text.encode()
    before, _, after = page.partition(_MARK)
    return before, after


class Examples:
    """A website with a page for each service."""

    def __init__(self, catalogue: Catalogue, port: int) -> None:
        self._catalogue = catalogue
        self._port = port

    def __call__(self, name: str, path: str) -> Body | None:
        if path != "/" or name not in self._catalogue.services:
            return None
        page = example(self._catalogue, name)
        return Body(page.content_type, localised(page.content, self._port))


class OwnFile:
    """A website of one file, and of what lies beside it; read anew whenever it is asked for."""

    def __init__(self, file: Path, port: int) -> None:
        self.file = file
        self._port = port

    def document(self) -> Document:
        """Raises OSError."""
        return document(self.file.read_bytes(), self.file.name)

    def __call__(self, name: str, path: str) -> Body | None:
        if name != OWN:
            return None
        if path == "/":
            page = self.document()
            return Body(page.content_type, localised(page.content, self._port))
        folder = self.file.resolve().parent
        beside = (folder / path.lstrip("/")).resolve()
        hidden = any(part.startswith(".") for part in path.split("/"))
        if hidden or not beside.is_relative_to(folder) or not beside.is_file():
            return None
        media_type = mimetypes.guess_type(beside.name)[0] or "application/octet-stream"
        content = beside.read_bytes()
        return Body(media_type, localised(content, self._port) if media_type in _TEXTS else content)
