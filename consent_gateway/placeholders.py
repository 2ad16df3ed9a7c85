"""The placeholder of a plug-in that the page's code makes: the guard script asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from urllib.parse import parse_qs

from consent_gateway import choices
from consent_gateway.catalogue import Treatment
from consent_gateway.dressing import Dressing
from consent_gateway.page import charset
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.page.view import Plugin, View
from consent_gateway.replies import page
from consent_gateway.treatments.placeholder import of_mount
from consent_gateway.urls import resolve
from consent_gateway.visit import Reply, Visit
from consent_gateway.wording import choose

_MOST = 5  # digits of a length or number


def placeholder(
    visit: Visit, dressing: Dressing, rewriter: Rewriter, languages: tuple[str, ...]
) -> Reply | None:
    """A document with the placeholder and its form, made like that of a plug-in in the page `return`:
    of a frame by its `url`, of an element by its `mount`; None where it is none that is held."""
    asked = {name: values[0] for name, values in parse_qs(visit.request.query).items()}
    instance = _number(asked.get("instance", ""))
    if not instance:
        return None
    there = replace(visit.request, target=choices.local_path(asked.get("return", "/")))
    language = choose((asked.get("lang", ""), *visit.visitor.languages), languages)
    # The page may have a base of its own: the addresses are whole ones.
    there_and_whole = replace(visit, request=there, language=language, root=visit.request.origin)
    view = dressing.view(there_and_whole, frozenset())

    def numbered(plugin: Plugin, *, first: bool) -> bytes:
        return view.placeholder(replace(plugin, instance=instance), first="first" in asked)

    numbering = replace(view, placeholder=numbered)
    made = _of_element(asked, visit, numbering) if "mount" in asked else _of_frame(asked, rewriter, numbering)
    if b'data-privacy="placeholder"' not in made:
        return None
    return Reply(response=page(200, made.decode("utf-8")))


def _of_frame(asked: Mapping[str, str], rewriter: Rewriter, view: View) -> bytes:
    width, height = (_number(asked.get(name, "")) for name in ("width", "height"))
    if not (width and height):
        return b""
    frame = f'<iframe src="{escape(asked.get("url", ""))}" width="{width}" height="{height}"></iframe>'
    document = f"<!doctype html><title></title><body>{frame}"
    encoding = charset.sniff(b"", "text/html; charset=utf-8")
    return rewriter.page(document.encode("utf-8"), encoding=encoding, view=view).body


def _of_element(asked: Mapping[str, str], visit: Visit, view: View) -> bytes:
    """Only its tags are told, for the sake of its link: it stays in the page, and comes back by itself."""
    id = asked.get("service", "")
    service = visit.catalogue.services.get(id)
    if service is None or service.treatment is not Treatment.PLACEHOLDER or view.loads(id):
        return b""
    mount = next((one for one in service.mounts if one.selectors and one.id == asked["mount"]), None)
    if mount is None:
        return b""
    plugin = of_mount(id, mount, asked.get("markup", "").encode(), view)
    if not _belongs(plugin.alternative, visit, id):
        plugin = replace(plugin, alternative="")
    body = view.forms([id]) + view.placeholder(plugin, first=False)
    return b"<!doctype html><title></title><body>" + body


def _belongs(link: str, visit: Visit, service: str) -> bool:
    """Whether a link leads to the service itself: anybody may ask for a placeholder of any element."""
    address = resolve(link, visit.request.url)
    return address is not None and visit.catalogue.matcher().find(address.host, address.rest) == service


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST else 0
