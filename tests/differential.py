"""Holds a rewritten page against the page as it came: what another parser finds, and the bytes."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from consent_gateway.catalogue import Catalogue, Known, load
from consent_gateway.page import charset, nested
from consent_gateway.page.elements import Owner, Recognition
from consent_gateway.page.labels import CODECS
from consent_gateway.page.positions import Carrier
from consent_gateway.page.reading import read
from consent_gateway.page.rewriting import Insertions, Rewriter
from consent_gateway.page.view import Plugin, View
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site
from consent_gateway.urls import Address, resolve
from tests.judge import CONNECTION, DEEPEST, PIXEL, Fetch, Judgement, judge

HOST = "www.example.com"
URL = f"https://{HOST}/dir/page"
GUARD = b'<script data-privacy="guard" src="/.privacy/guard.js"></script>'
NOTICE = b'<div data-privacy="notice"><form action="/.privacy/choice"><button>ok</button></form></div>'
SETTINGS = b'<span data-privacy="settings">settings</span>'
FORMS = b'<form data-privacy="forms" id="privacy-activate" hidden></form>'


def _placeholder(plugin: Plugin, *, first: bool) -> bytes:
    return b'<span data-privacy="placeholder" data-original="%s"><b>x</b></span>' % base64.b64encode(
        plugin.original
    )


@dataclass(frozen=True, slots=True)
class Before:
    """The gateway before consent, without rendering: the catalogue, and t.co as a known tracker."""

    catalogue: Catalogue
    recognition: Recognition

    def rewritten(self, data: bytes, encoding: charset.Encoding) -> bytes:
        """Raises charset.Undecodable."""
        insertions = Insertions(guard=GUARD, notice=NOTICE, settings=SETTINGS)
        view = View(
            url=URL,
            prefix="/.privacy",
            loads=lambda service: False,
            once=frozenset(),
            placeholder=_placeholder,
            forms=lambda services: FORMS,
            mounts=lambda service: self.catalogue.services[service].mounts,
        )
        rewriter = Rewriter(self.catalogue, self.recognition)
        page = charset.to_bytes_like_ascii(data, encoding)
        body = rewriter.page(page, encoding=encoding, view=view, insert=lambda services: insertions).body
        return charset.from_bytes_like_ascii(body, encoding)

    def holds(self, fetch: Fetch) -> bool:
        """Whether anything of it belongs to a third party that is held."""
        code = fetch.code.encode("utf-8", "replace")
        carrier = {"script": Carrier.SCRIPT, "link": Carrier.HINT}.get(_element(fetch), Carrier.FRAME)
        owned = (self.recognition.of_address(found, carrier) for found in _resolved(fetch))
        return any(owned) or bool(code and self.recognition.of_code(code))

    def may_hold(self, fetch: Fetch, goes: Judgement) -> bool:
        """Whether it may be held for what else is on the page: code that needs a service that is
        there, stands in svg, where a tag may end it, or is a plug-in; and what comes from the server that a
        plug-in runs on."""
        code = fetch.code.encode("utf-8", "replace")
        if any(found.host in goes.servers - {HOST} for found in _resolved(fetch)):
            return True
        if goes.replacing and not "".join((fetch.code, *fetch.addresses)).isascii():
            return True  # what a placeholder keeps is kept in bytes
        if fetch.element == PIXEL:
            return True
        if fetch.element in ("svg script", "script data-", "svg script data-"):
            return True
        if fetch.element == "script" and any(
            text in address for text in self._looks for address in fetch.addresses
        ):
            return True
        return bool(code) and (bool(self.recognition.of_use(code)) or self._names(fetch.code))

    @property
    def _looks(self) -> list[str]:
        """What is in the addresses of scripts that are plug-ins by their looks, from whatever server."""
        selectors = (selector for selector, _, _ in self.catalogue.mounts if selector.element == "script")
        return [test.value for selector in selectors for test in selector.tests if test.attribute == "src"]

    def _names(self, code: str) -> bool:
        """Whether code names an address that is held: it may write it into the page, or import it."""
        named = (resolve(text, URL) for text in re.findall(r"(?:https?:)?[\\/]{2}[^\s\"'<>)]*", code))
        return any(found and self.recognition.of_address(found, Carrier.SCRIPT) for found in named)


def _element(fetch: Fetch) -> str:
    return fetch.element.removeprefix("svg ").removesuffix(" data-")


def _resolved(fetch: Fetch) -> list[Address]:
    return [found for address in fetch.addresses if (found := resolve(address, fetch.base))]


@cache
def before_consent(unlisted: str) -> Before:
    catalogue = load()
    site = Site.model_validate_json(f'{{"third_parties": {{"unlisted": "{unlisted}"}}}}')
    real = Recogniser(site, catalogue, ()).on(HOST)

    def of_address(address: Address, carrier: Carrier) -> Owner | None:
        return Known("Tracker", "marketing") if address.host == "t.co" else real.of_address(address, carrier)

    return Before(
        catalogue,
        Recognition(
            of_address=of_address,
            of_code=real.of_code,
            of_use=real.of_use,
            is_own=real.is_own,
            mounts=real.mounts,
            stands_in=lambda name: True,  # what runs under the guard script is tested in a browser
        ),
    )


def faults(data: bytes, before: Before, *, content_type: str = "text/html") -> list[str]:
    """What is wrong with the rewritten page; empty where all is well."""
    encoding = charset.sniff(data, content_type)
    try:
        output = before.rewritten(data, encoding)
        page = charset.to_bytes_like_ascii(data, encoding)
        plain = charset.to_bytes_like_ascii(output, encoding)
    except charset.Undecodable:
        return []  # such a page is not sent at all
    reading = read(page)
    certain = _is_certain(page, encoding) and not _several_bases(page.lower())
    found = [] if same_but_for_edits(page, plain) else ["bytes outside of the edits have changed"]
    edited = _without_insertions(plain) != page
    named = next(label for label, codec in CODECS.items() if codec == encoding.codec)
    for scripting in (True, False):
        came = judge(data, url=URL, scripting=scripting, encoding=named)
        goes = judge(output, url=URL, scripting=scripting, encoding=named)
        mode = "with scripting" if scripting else "without scripting"
        found += [
            f"{mode}: {fault}"
            for fault in _compared(
                came, goes, before, certain=certain, finished=reading.finished_in_text, edited=edited
            )
        ]
    return found


def _without_insertions(page: bytes) -> bytes:
    for inserted in (GUARD, NOTICE, SETTINGS, FORMS):
        page = page.replace(inserted, b"")
    return page


def _several_bases(page: bytes) -> bool:
    """Whether browsers, or their look-ahead, may disagree on which base counts: then more is held than need be."""
    return b"<base" in page and (
        page.count(b"<base") > 1 or re.search(rb"<(?:noscript|svg|math)", page) is not None
    )


def _is_certain(page: bytes, encoding: charset.Encoding, depth: int = 0) -> bool:
    """Whether every parser finds the same in it, and in the documents in its attributes."""
    reading = read(page)
    if not reading.certain or any(tag.doubtful for tag in reading.tags):
        return False
    return depth >= DEEPEST or all(
        _is_certain(document.content, document.encoding, depth + 1)
        for document in nested.documents(page, reading, encoding)
    )


def _compared(
    came: Judgement, goes: Judgement, before: Before, *, certain: bool, finished: bool, edited: bool
) -> Iterator[str]:
    allowed = {_plainly(fetch) for fetch in came.fetches if not before.holds(fetch)} - {()}
    outgoing = [fetch for fetch in goes.fetches if not _is_ours(fetch)]
    leaves = {_plainly(fetch) for fetch in outgoing} - {()}
    for fetch in outgoing:
        if before.holds(fetch):
            yield f"survives: {fetch}"
    held_styles = any(fetch.element in ("style", "style=") and before.holds(fetch) for fetch in came.fetches)
    certain = certain and not (goes.replacing and came.based)
    for plain in leaves - allowed if certain else ():
        if not (held_styles and plain[0] in ("style", "style=")):
            yield f"is new: {plain}"
    if certain:
        replaced = {_plainly(fetch) for fetch in goes.replaced}
        needed = {_plainly(fetch) for fetch in came.fetches if not before.may_hold(fetch, goes)}
        lost = (allowed & needed) - leaves - replaced
        if edited:
            # Whether the page names the host is read off its text, and a host can be spelt in many ways.
            lost = {plain for plain in lost if plain[0] != CONNECTION}
        for plain in lost:
            yield f"is lost: {plain}"
        hidden = goes.replacing and any(path[-1] == "noscript" for path in came.elements)
        if finished and not hidden and _words(came, goes) != _words(goes, goes):
            yield f"the text differs: {_difference(came.text, goes.text)}"
        if finished and not _alike(came, goes):
            yield f"the elements differ: {_first(came.elements, goes.elements)}"


def _words(judged: Judgement, goes: Judgement) -> list[str]:
    """Words of the text; where placeholders keep some of it, in bytes, those of ASCII, in any order:
    in broken tables what follows them may move."""
    if not goes.replacing:
        return judged.text.split()
    return sorted(re.findall(r"[ -~]+", judged.text.replace(" ", "")))


def _plainly(fetch: Fetch) -> tuple[str, ...]:
    """The addresses as they are fetched, so that two spellings of one are the same."""
    plain = [f"{a.scheme}://{a.host}:{a.port}{a.rest}" for a in _resolved(fetch)]
    return (fetch.element, fetch.code, *plain) if plain or fetch.code else ()


def _is_ours(fetch: Fetch) -> bool:
    return fetch.addresses == ("/.privacy/guard.js",)


# 13.2.6.1: those that nobody closed are opened anew around whatever follows.
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())


def _alike(came: Judgement, goes: Judgement) -> bool:
    """Whether the author's elements stand as they stood. Behind the settings link, which follows the
    body, what nobody closed may be closed; a placeholder closes no paragraph as what it replaces may."""
    names = [[path[-1] for path in judged.elements if path[-1] not in _FORMATTING] for judged in (came, goes)]
    if goes.replacing:
        remaining = iter(names[0])
        return all(name in remaining for name in names[1])
    paths = [
        [path for path in judged.elements[: goes.behind] if path[-1] not in _FORMATTING]
        for judged in (came, goes)
    ]
    return names[0] == names[1] and paths[0][: len(paths[1])] == paths[1]


def _first(came: list[tuple[str, ...]], goes: list[tuple[str, ...]]) -> str:
    pairs = zip([*came, ()], [*goes, ()], strict=False)
    return next((f"{' '.join(a)} became {' '.join(b)}" for a, b in pairs if a != b), "")


def _difference(came: str, goes: str) -> str:
    at = next(
        (i for i, (a, b) in enumerate(zip(came, goes, strict=False)) if a != b), min(len(came), len(goes))
    )
    return f"{came[max(0, at - 20) : at + 40]!r} became {goes[max(0, at - 20) : at + 40]!r}"


_BEFORE_SCRIPT_END = re.compile(rb">(?=</(?:no)?script|\Z)", re.I)
_EDITED = re.compile(
    rb"(?P<type> type=(?:\"text/plain\" data-privacy-service=\"[a-z0-9-]+\"(?: data-privacy-uses)?|text/plain data-privacy-service=[a-z0-9-]+(?: data-privacy-uses)?))"
    rb"|<span data-privacy=\"placeholder\" data-original=\"(?P<original>[A-Za-z0-9+/=]*)\"><b>x</b></span>"
    rb"| data-privacy-text=\"(?P<text>[A-Za-z0-9+/=]*)\""
    rb"|(?P<kept>data-privacy-kept-)"
    rb"|data-privacy-(?P<name>[^\s=>/]+)(?:(?P<equals>\s*=\s*[\"']?)(?P<value>[A-Za-z0-9+/=]*))?"
    rb"|(?P<inside>data:(?:text/css)?,)"
)  # fmt: skip
_EDITED_INSIDE = re.compile(
    _EDITED.pattern[:-1]
    + rb"|(?i:srcdoc)\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s<>\"']*)|data:[^,]*;base64,[A-Za-z0-9+/=]*)"
)


def same_but_for_edits(data: bytes, output: bytes) -> bool:
    """Whether the output is the page again once every edit is undone."""
    return _undone(data, output, _EDITED) or _undone(data, output, _EDITED_INSIDE)


def _undone(data: bytes, output: bytes, edited: re.Pattern[bytes]) -> bool:
    """What an address in CSS was, or a document in an attribute, the output does not tell: anything
    may have stood there."""
    for inserted in (GUARD, NOTICE, SETTINGS, FORMS):
        output = output.replace(inserted, b"", 1)
    pieces = [b""]
    moved: bytes | None = None  # the text of a script, to be put back behind its start tag
    position = 0
    for match in (*edited.finditer(output), None):
        unchanged = output[position : match.start() if match else len(output)]
        if moved is not None and (whole := _with_text(unchanged, moved, data)):
            unchanged = whole
            moved = None
        pieces[-1] += unchanged
        if match is None:
            break
        position = match.end()
        if match["original"] is not None:
            pieces[-1] += base64.b64decode(match["original"])
        elif match["text"] is not None:
            moved = base64.b64decode(match["text"])
        elif match["name"] is not None:
            pieces[-1] += match["name"] + (match["equals"] or b"") + _decoded(match["value"] or b"")
        elif match["inside"]:
            pieces.append(b"")
    return _in_order(data, pieces)


def _with_text(piece: bytes, text: bytes, data: bytes) -> bytes:
    """The piece with the text of a script back in its place; empty if there is none for it."""
    for behind in _BEFORE_SCRIPT_END.finditer(piece):
        whole = piece[: behind.end()] + text + piece[behind.end() :]
        if piece[: behind.end()] + text in data:
            return whole
    return b""


def _decoded(value: bytes) -> bytes:
    try:
        return base64.b64decode(value)
    except ValueError:
        return value


def _in_order(data: bytes, pieces: list[bytes]) -> bool:
    """Whether the data consist of the pieces in this order, with anything between two of them."""
    if len(pieces) == 1:
        return data == pieces[0]
    first, *middle, last = pieces
    if not data.startswith(first) or not data.endswith(last):
        return False
    position = len(first)
    for piece in middle:
        found = data.find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    return position <= len(data) - len(last)
