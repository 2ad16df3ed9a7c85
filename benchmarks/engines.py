"""Other parsers with a smaller job: find every src and href, blank those of held hosts, write the page.

They leave out what the gateway does besides: code, CSS, srcset, documents in attributes, placeholders,
noscript for browsers with and without scripting. A library that is not installed is left out.
"""

from __future__ import annotations

import html
import importlib
from collections.abc import Callable
from html.parser import HTMLParser
from types import ModuleType, SimpleNamespace
from typing import Any

from benchmarks.gateway import judgement

Engine = Callable[[bytes], bytes]
FETCHING = frozenset("script img iframe link source video audio embed track input".split())


def lol_html() -> Engine:
    library = _library("lolhtml")
    is_held = judgement()

    def blanked(name: str) -> object:
        def element(found: Any) -> None:
            value = found.get_attribute(name)
            if value and is_held(value):
                found.set_attribute(name, "")

        return SimpleNamespace(element=element)

    def run(data: bytes) -> bytes:
        parts: list[bytes] = []
        made = library.HTMLRewriter(lambda part: parts.append(bytes(part)))
        made.on(", ".join(f"{tag}[src]" for tag in sorted(FETCHING)), blanked("src"))
        made.on("link[href]", blanked("href"))
        made.write(data)
        made.end()
        return b"".join(parts)

    return run


def lxml() -> Engine:
    library = _library("lxml.html")
    etree = _library("lxml.etree")
    is_held = judgement()

    def run(data: bytes) -> bytes:
        tree = library.fromstring(data, parser=library.HTMLParser(encoding="utf-8"))
        for element in tree.iter(*FETCHING):
            name = "href" if element.tag == "link" else "src"
            if (value := element.get(name)) and is_held(value):
                element.set(name, "")
        return bytes(etree.tostring(tree, method="html", encoding="utf-8"))

    return run


def selectolax() -> Engine:
    library = _library("selectolax.lexbor")
    is_held = judgement()
    selector = ", ".join((*(f"{tag}[src]" for tag in sorted(FETCHING)), "link[href]"))

    def run(data: bytes) -> bytes:
        tree = library.LexborHTMLParser(data)
        for node in tree.css(selector):
            name = "href" if node.tag == "link" else "src"
            if is_held(node.attributes.get(name) or ""):
                node.attrs[name] = ""
        return str(tree.html).encode()

    return run


def html_parser() -> Engine:
    is_held = judgement()

    def run(data: bytes) -> bytes:
        parser = _Writer(is_held)
        parser.feed(data.decode())
        parser.close()
        return "".join(parser.parts).encode()

    return run


class _Writer(HTMLParser):
    """Writes what it reads, tag by tag."""

    def __init__(self, is_held: Callable[[str], bool]) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._is_held = is_held

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = "href" if tag == "link" else "src"
        if tag in FETCHING and any(
            name == wanted and value and self._is_held(value) for name, value in attrs
        ):
            kept = (
                f' {name}="{html.escape("" if name == wanted else value or "")}"' for name, value in attrs
            )
            self.parts.append(f"<{tag}{''.join(kept)}>")
        else:
            self.parts.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.parts.append(f"<!{decl}>")


ENGINES: dict[str, Callable[[], Engine]] = {
    "lol-html": lol_html,
    "lxml": lxml,
    "selectolax": selectolax,
    "html.parser": html_parser,
}


def _library(name: str) -> ModuleType:
    """Raises ImportError."""
    return importlib.import_module(name)
