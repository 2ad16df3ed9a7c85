"""What a browser would fetch for a page, by parsers that are not ours.

turbohtml builds the tree of the HTML standard, with scripting on or off; tinycss2 reads CSS by its
standard. Which attributes fetch is written down here a second time, so that a slip in our tables shows. What texts
in attributes and style sheets name is read as the audit reads them, by nothing of the rewriter's.
"""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import ada_url
import turbohtml

from consent_gateway.audit.css import addresses
from consent_gateway.audit.data_documents import data_document
from consent_gateway.audit.refresh import candidates, refreshed

DEEPEST = 3  # documents within documents
_ATTRIBUTES = {
    "iframe": ("src",),
    "frame": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "source": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "img": ("src",),
    **dict.fromkeys(("body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"), ("background",)),
}
_SVG = ("image", "feImage", "use")
_LINKS = frozenset(
    "stylesheet preload modulepreload prefetch prerender preconnect dns-prefetch icon apple-touch-icon"
    " apple-touch-icon-precomposed mask-icon manifest".split()
)
_CONNECTS = frozenset(("preconnect", "dns-prefetch"))
CONNECTION = "link that only connects"
PIXEL = "img that nobody sees"
_SCRIPTS = re.compile(
    r"(?:text|application)/(?:x-)?(?:java|ecma)script|text/(?:jscript|livescript|javascript1\.[0-5])|module"
)
# The attributes of a script that is nothing more.
_PLAIN = frozenset(
    "src type language async defer nomodule nonce charset crossorigin integrity referrerpolicy".split()
)
_SPACE = " \t\n\r\f"


class Fetch(NamedTuple):
    """The addresses of one attribute or style sheet, or one script's text. Held together or not at all."""

    element: str
    addresses: tuple[str, ...]
    base: str
    code: str = ""


class Judgement(NamedTuple):
    """What one browser makes of a page: what it fetches, its text and its elements; how many of these
    stand before the settings link; whether it has a base element, and placeholders, what their originals would fetch,
    and which servers those name."""

    fetches: list[Fetch]
    text: str
    elements: list[tuple[str, ...]]
    behind: int
    based: bool
    replacing: bool
    replaced: list[Fetch]
    servers: set[str]


def judge(data: bytes, *, url: str, scripting: bool, encoding: str | None = None) -> Judgement:
    """A page by its bytes; `encoding` is what the browser was told, or found out before."""
    tree = _parse(data, scripting=scripting, encoding=encoding)
    fetches = [fetch for fetch in _fetches(tree, url, scripting, 0) if any(fetch.addresses) or fetch.code]
    originals = [
        original
        for element in tree.find_all()
        if _ours(element)
        for original in _original(element, scripting)
    ]
    replaced = [fetch for original in originals for fetch in _fetches(original, url, scripting, 0)]
    named = [_fields(element).get("data-embed-url", "") for element in tree.find_all()]
    servers = set(
        re.findall(r"https?:/*([\w.-]+)", " ".join((*named, *(original.html for original in originals))))
    )
    return Judgement(
        fetches,
        _text(tree, scripting),
        *_elements(tree),
        tree.find("base") is not None,
        bool(originals),
        replaced,
        servers,
    )


def _parse(data: bytes | str, *, scripting: bool, encoding: str | None = None) -> turbohtml.Document:
    return turbohtml.parse(
        data, encoding=encoding, scripting=scripting, positions=False, allow_declarative_shadow_roots=False
    )


def _fetches(tree: turbohtml.Node, url: str, scripting: bool, depth: int) -> Iterator[Fetch]:
    elements = [*([tree] if isinstance(tree, turbohtml.Element) else []), *_below(tree)]
    base = _base(elements, url)
    for element in elements:
        fields = _fields(element)
        name = element.tag
        kind = name if element.namespace is turbohtml.Namespace.HTML else f"svg {name}"
        if name == "script" and not fields.keys() <= _PLAIN:
            kind = f"{kind} data-"
        if name == "link" and _CONNECTS.issuperset(fields.get("rel", "").lower().split()):
            kind = CONNECTION
        if name == "img" and _is_unseen(fields):
            kind = PIXEL
        if element.namespace is turbohtml.Namespace.HTML:
            yield from (Fetch(kind, tuple(found), base) for found in _of_html(name, fields, element) if found)
            yield from _documents(name, fields, base, scripting, depth)
        elif name in (*_SVG, "script"):
            address = fields.get("href", fields.get("xlink:href"))
            if address:
                yield Fetch(name, (address,), base)
        if "style" in fields:
            yield Fetch("style=", tuple(addresses(fields["style"])), base)
        if name == "style":
            yield Fetch(name, tuple(addresses(_own_text(element))), base)
        source = ("src",) if element.namespace is turbohtml.Namespace.HTML else ("href", "xlink:href")
        if scripting and name == "script" and fields.keys().isdisjoint(source) and _runs(fields):
            yield Fetch(kind, (), base, _own_text(element))


def _is_unseen(fields: dict[str, str]) -> bool:
    style = re.sub(r"\s", "", fields.get("style", "").lower())
    tiny = [fields.get(side, "").strip() in ("0", "1", "0px", "1px") for side in ("width", "height")]
    drawn = [re.search(rf"(?:^|;){side}:[01](?:px)?(?:;|!|$)", style) for side in ("width", "height")]
    return all(tiny) or all(drawn) or "display:none" in style or "visibility:hidden" in style


def _below(node: turbohtml.Node) -> list[turbohtml.Element]:
    return node.find_all() if isinstance(node, (turbohtml.Document, turbohtml.Element)) else []


def _of_html(name: str, fields: dict[str, str], element: turbohtml.Element) -> Iterator[Iterable[str]]:
    for attribute in _ATTRIBUTES.get(name, ()):
        if attribute in fields:
            yield [fields[attribute]]
    if name in ("img", "source") and "srcset" in fields:
        yield candidates(fields["srcset"])
    if name == "script" and "src" in fields and _runs(fields):
        yield [fields["src"]]
    if name == "input" and fields.get("type", "").lower() == "image" and "src" in fields:
        yield [fields["src"]]
    if name in ("a", "area") and "ping" in fields and "href" in fields:
        yield fields["ping"].split()
    if name == "link" and _LINKS.intersection(fields.get("rel", "").lower().split()):
        yield [fields.get("href", ""), *candidates(fields.get("imagesrcset", ""))]
    if name == "meta" and fields.get("http-equiv", "").lower() == "refresh":
        yield refreshed(fields.get("content", ""))


def _documents(name: str, fields: dict[str, str], base: str, scripting: bool, depth: int) -> Iterator[Fetch]:
    if depth >= DEEPEST or name not in ("iframe", "frame", "embed", "object"):
        return
    if name == "iframe" and "srcdoc" in fields:
        yield from _fetches(_parse(fields["srcdoc"], scripting=scripting), base, scripting, depth + 1)
    elif content := data_document(fields.get("data" if name == "object" else "src", "")):
        yield from _fetches(_parse(content, scripting=scripting), "data:,", scripting, depth + 1)


def _base(elements: list[turbohtml.Element], url: str) -> str:
    """HTML standard 4.2.3: the first base element with a href, outside of templates."""
    for element in elements:
        is_base = element.tag == "base" and element.namespace is turbohtml.Namespace.HTML
        if is_base and "href" in element.attrs and not _in_template(element):
            found = absolute(_fields(element)["href"], url)
            return url if found.startswith(("data:", "javascript:")) else found or url
    return url


def _in_template(element: turbohtml.Element) -> bool:
    return any(isinstance(above, turbohtml.DocumentFragment) for above in element.ancestors)


def absolute(address: str, base: str) -> str:
    """The address as a browser resolves it; empty where that fails."""
    try:
        return str(ada_url.URL(address, base=base).href)
    except ValueError:
        return ""


def _fields(element: turbohtml.Element) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else " ".join(value or ())
        for name, value in element.attrs.items()
    }


def _own_text(element: turbohtml.Element) -> str:
    return "".join(
        child.data for child in element.children if isinstance(child, (turbohtml.Text, turbohtml.CData))
    )


def _runs(fields: dict[str, str]) -> bool:
    kind = (
        fields["type"] if "type" in fields else f"text/{fields['language']}" if fields.get("language") else ""
    )
    return kind == "" or _SCRIPTS.fullmatch(kind.strip(_SPACE).lower()) is not None


_UNSEEN = ("script", "style", "iframe", "noscript", "noembed", "noframes")


def _ours(element: turbohtml.Element) -> bool:
    return "data-privacy" in element.attrs


def _original(placeholder: turbohtml.Element, scripting: bool) -> list[turbohtml.Node]:
    """What a placeholder stands for, read as markup."""
    kept = base64.b64decode(_fields(placeholder).get("data-original", ""))
    return list(turbohtml.parse_fragment(kept.decode("utf-8", "replace"), scripting=scripting).children)


def _text(tree: turbohtml.Node, scripting: bool) -> str:
    """The text that is shown, without what the gateway put in."""
    parts: list[str] = []
    stack: list[turbohtml.Node] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, turbohtml.Text):
            parts.append(node.data)
        elif isinstance(node, turbohtml.Element) and _ours(node):
            stack.extend(reversed(_original(node, scripting)))
        elif not isinstance(node, turbohtml.Element) or node.tag not in _UNSEEN:
            stack.extend(reversed(list(node.children)))
    return "".join(parts)


def _elements(tree: turbohtml.Document) -> tuple[list[tuple[str, ...]], int]:
    """The elements that the page's author wrote, each with the names of those around it."""
    found: list[tuple[str, ...]] = []
    behind = sys.maxsize
    stack: list[tuple[turbohtml.Node, tuple[str, ...]]] = [(tree, ())]
    while stack:
        node, above = stack.pop()
        if isinstance(node, turbohtml.Element) and _ours(node):
            if node.attrs["data-privacy"] == "settings":
                behind = len(found)
            continue
        if isinstance(node, turbohtml.Element):
            above = (*above[-6:], node.tag)
            found.append(above)
        stack.extend((child, above) for child in reversed(list(node.children)))
    return found, behind
