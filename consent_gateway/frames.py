"""The placeholder of a frame that the page's code makes: the guard script asks for it."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from urllib.parse import parse_qs

from consent_gateway import choices
from consent_gateway.dressing import Dressing
from consent_gateway.page import charset
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.page.view import Plugin
from consent_gateway.replies import page
from consent_gateway.visit import Reply, Visit
from consent_gateway.wording import choose

_MOST = 5  # digits of a length or number


def placeholder(
    visit: Visit, dressing: Dressing, rewriter: Rewriter, languages: tuple[str, ...]
) -> Reply | None:
    """A document with the placeholder and its form, made like that of a frame in the page `return`;
    None where the address belongs to no plug-in that is held."""
    asked = {name: values[0] for name, values in parse_qs(visit.request.query).items()}
    numbers = [_number(asked.get(name, "")) for name in ("instance", "width", "height")]
    if not all(numbers):
        return None
    instance, width, height = numbers
    there = replace(visit.request, target=choices.local_path(asked.get("return", "/")))
    language = choose((asked.get("lang", ""), *visit.visitor.languages), languages)
    # The page may have a base of its own: the addresses are whole ones.
    there_and_whole = replace(visit, request=there, language=language, root=visit.request.origin)
    view = dressing.view(there_and_whole, frozenset())

    def numbered(plugin: Plugin, *, first: bool) -> bytes:
        return view.placeholder(replace(plugin, instance=instance), first="first" in asked)

    frame = f'<iframe src="{escape(asked.get("url", ""))}" width="{width}" height="{height}"></iframe>'
    document = f"<!doctype html><title></title><body>{frame}"
    made = rewriter.page(
        document.encode("utf-8"),
        encoding=charset.sniff(b"", "text/html; charset=utf-8"),
        view=replace(view, placeholder=numbered),
    )
    if b'data-privacy="placeholder"' not in made.body:
        return None
    return Reply(response=page(200, made.body.decode("utf-8")))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST else 0
