"""What an HTML document makes a browser fetch: turbohtml builds the tree of the standard, and a table says
which attributes of which elements fetch. Nothing of it is the rewriter's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import turbohtml

from consent_gateway.audit import code, css, xml_document
from consent_gateway.audit.data_documents import data_document
from consent_gateway.audit.fetches import Fetch
from consent_gateway.audit.findings import Carrier
from consent_gateway.audit.refresh import candidates, refreshed
from consent_gateway.audit.xml_document import XmlElement
from consent_gateway.urls import resolve

Boots = Callable[[bytes], Iterable[str]]
Element = turbohtml.Element | XmlElement

DEEPEST = 3  # documents within documents
# Element and attribute that fetch whatever else the element says (HTML standard 4.8, 15.3).
_FETCHING: dict[str, tuple[tuple[str, Carrier], ...]] = {
    "iframe": (("src", Carrier.IFRAME),),
    "frame": (("src", Carrier.IFRAME),),
    "embed": (("src", Carrier.OBJECT),),
    "object": (("data", Carrier.OBJECT),),
    "video": (("src", Carrier.MEDIA), ("poster", Carrier.PIXEL)),
    "audio": (("src", Carrier.MEDIA),),
    "track": (("src", Carrier.MEDIA),),
    "img": (("src", Carrier.PIXEL),),
    **dict.fromkeys(
        ("body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"), (("background", Carrier.PIXEL),)
    ),
}
_SVG = ("image", "feImage", "use")
# SMIL Animation: elements that give another one's attribute its value.
_ANIMATIONS = ("animate", "set")
_LINKS: dict[str, Carrier] = {
    "stylesheet": Carrier.CSS,
    **dict.fromkeys(("icon", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon"), Carrier.PIXEL),
    **dict.fromkeys(
        (
            "preload", "modulepreload", "prefetch", "prerender", "preconnect", "dns-prefetch", "manifest",
            "compression-dictionary",
        ),
        Carrier.HINT,
    ),
}  # fmt: skip


def fetches(data: bytes | str, url: str, boots: Boots, *, encoding: str | None = None) -> Iterator[Fetch]:
    """What a browser with scripting would fetch, and one without, where that makes a difference."""
    seen = set()
    for scripting in (True, False):
        if not scripting and not _has_noscript(data):
            return
        for fetch in _of_tree(_parsed(data, scripting, encoding), url, boots, scripting, 0):
            if fetch not in seen:
                seen.add(fetch)
                yield fetch


def fetches_of_xml(data: bytes, url: str, boots: Boots, *, encoding: str | None = None) -> Iterator[Fetch]:
    """The same of an XML document, which browsers read by other rules."""
    document = xml_document.parsed(data, encoding)
    for written in document.sheets:
        if address := resolve(written, url):
            yield Fetch(address.url, Carrier.CSS)
    yield from dict.fromkeys(_of_elements(document.elements, url, boots, True, 0))


def _has_noscript(data: bytes | str) -> bool:
    return "<noscript" in data.lower() if isinstance(data, str) else b"<noscript" in data.lower()


def _parsed(data: bytes | str, scripting: bool, encoding: str | None = None) -> turbohtml.Document:
    """The tree; with an encoding that no browser knows it is found out (Encoding standard 4.2)."""
    try:
        return turbohtml.parse(
            data,
            encoding=encoding,
            scripting=scripting,
            positions=False,
            allow_declarative_shadow_roots=False,
        )
    except LookupError:
        return _parsed(data, scripting)


def _of_tree(
    tree: turbohtml.Document, url: str, boots: Boots, scripting: bool, depth: int
) -> Iterator[Fetch]:
    yield from _of_elements(list(_rendered(tree)), url, boots, scripting, depth)


def _of_elements(
    elements: Sequence[Element], url: str, boots: Boots, scripting: bool, depth: int
) -> Iterator[Fetch]:
    base = _base(elements, url)
    for element in elements:
        fields = _fields(element)
        for written, carrier in _named(element, fields):
            if address := resolve(written, base):
                yield Fetch(address.url, carrier)
        if scripting:
            for text in _code(element, fields):
                yield from of_code(text, base, boots)
        if element.namespace is turbohtml.Namespace.HTML and depth < DEEPEST:
            for content, inner in _documents(element.tag, fields, base):
                yield from _of_tree(_parsed(content, scripting), inner, boots, scripting, depth + 1)


def of_code(text: str, base: str, boots: Boots) -> Iterator[Fetch]:
    """What the text of a script would fetch at run time."""
    for service in boots(text.encode("utf-8", "replace")):
        yield Fetch("", Carrier.RUN_TIME, service)
    for one in code.named(text):
        if address := resolve(one.address, base):
            yield Fetch(address.url, Carrier.RUN_TIME, certain=one.asked)


def _rendered(tree: turbohtml.Document) -> Iterator[turbohtml.Element]:
    """The elements in order, without the contents of templates, but for those that are shadow roots
    (HTML standard 13.2.6.4.4)."""
    stack: list[turbohtml.Node] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, turbohtml.Element):
            yield node
            is_template = node.tag == "template" and node.namespace is turbohtml.Namespace.HTML
            if is_template and _fields(node).get("shadowrootmode", "").lower() not in ("open", "closed"):
                continue
        stack.extend(reversed(list(node.children)))


def _named(element: Element, fields: dict[str, str]) -> Iterator[tuple[str, Carrier]]:
    """Every address of an element as written."""
    name = element.tag
    if element.namespace is turbohtml.Namespace.HTML:
        yield from _of_html(name, fields, element)
    elif name in (*_SVG, "script"):
        carrier = Carrier.SCRIPT if name == "script" else Carrier.PIXEL
        address = fields.get("href", fields.get("xlink:href"))
        if address and (name != "script" or code.runs(fields)):
            yield address, carrier
    elif name in _ANIMATIONS and fields.get("attributeName", "").rpartition(":")[2] == "href":
        values = (fields.get("to"), fields.get("from"), *fields.get("values", "").split(";"))
        yield from ((one.strip(), Carrier.PIXEL) for one in values if one)
    style = [fields.get("style", ""), *([_own_text(element)] if name == "style" else [])]
    if element.namespace is turbohtml.Namespace.SVG:
        style += [value for value in fields.values() if "url(" in value]
    for text in filter(None, style):
        yield from ((address, Carrier.CSS) for address in css.addresses(text))


def _of_html(name: str, fields: dict[str, str], element: Element) -> Iterator[tuple[str, Carrier]]:
    for attribute, carrier in _FETCHING.get(name, ()):
        if name == "iframe" and "srcdoc" in fields:
            continue
        if attribute in fields:
            yield fields[attribute], carrier
    if name == "source":
        within = element.parent.tag if isinstance(element.parent, Element) else ""
        if within in ("video", "audio") and "src" in fields:
            yield fields["src"], Carrier.MEDIA
    if name in ("img", "source"):
        yield from ((one, Carrier.PIXEL) for one in candidates(fields.get("srcset", "")))
    if name == "script" and "src" in fields and code.runs(fields):
        yield fields["src"], Carrier.SCRIPT
    if name == "script" and fields.get("type", "").strip().lower() == "importmap":
        yield from ((one, Carrier.RUN_TIME) for one in _mapped(_own_text(element)))
    if name == "script" and fields.get("type", "").strip().lower() == "speculationrules":
        yield from ((one, Carrier.HINT) for one in _speculated(_own_text(element)))
    if name == "input" and fields.get("type", "").lower() == "image" and "src" in fields:
        yield fields["src"], Carrier.PIXEL
    if name in ("a", "area") and "href" in fields:
        yield from ((one, Carrier.PING) for one in fields.get("ping", "").split())
    if name in ("a", "area", "img", "script"):
        yield from ((one, Carrier.PING) for one in fields.get("attributionsrc", "").split())
    if name == "link":
        yield from _of_link(fields)
    if name == "meta" and fields.get("http-equiv", "").lower() == "refresh":
        yield from ((one, Carrier.REDIRECT) for one in refreshed(fields.get("content", "")))


def _of_link(fields: dict[str, str]) -> Iterator[tuple[str, Carrier]]:
    relations = fields.get("rel", "").lower().split()
    carrier = next((_LINKS[word] for word in relations if word in _LINKS), None)
    if carrier:
        addresses = (fields.get("href", ""), *candidates(fields.get("imagesrcset", "")))
        yield from ((address, carrier) for address in addresses if address)


def _speculated(text: str) -> Iterator[str]:
    """Speculation Rules: the addresses that are listed for prefetching."""
    try:
        stack: list[Any] = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            urls = value.get("urls")
            yield from (one for one in urls if isinstance(one, str)) if isinstance(urls, list) else ()
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)


def _mapped(text: str) -> Iterator[str]:
    """Import map (HTML standard 8.1.5.2): the addresses by which modules are asked for."""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(found, dict):
        return
    scopes = found.get("scopes")
    for one in (found.get("imports"), *(scopes.values() if isinstance(scopes, dict) else ())):
        targets = one.values() if isinstance(one, dict) else ()
        # One that ends in a slash is the beginning of others and is not fetched itself.
        yield from (target for target in targets if isinstance(target, str) and not target.endswith("/"))


def _code(element: Element, fields: dict[str, str]) -> Iterator[str]:
    """The code that an element brings: a script's text, handlers, addresses of `javascript:`."""
    html = element.namespace is turbohtml.Namespace.HTML
    source = ("src",) if html else ("href", "xlink:href")
    if element.tag == "script" and fields.keys().isdisjoint(source) and code.runs(fields):
        yield _own_text(element)
    for name, value in fields.items():
        if name.startswith("on") or (
            name in ("src", "data") and value.strip().lower().startswith("javascript:")
        ):
            yield value


def _documents(name: str, fields: dict[str, str], base: str) -> Iterator[tuple[bytes | str, str]]:
    """The documents within an element, each with the address that counts in it."""
    if name == "iframe" and "srcdoc" in fields:
        yield fields["srcdoc"], base
    elif name in ("iframe", "frame", "embed", "object") and (
        content := data_document(fields.get("data" if name == "object" else "src", ""))
    ):
        yield content, "data:,"


def _base(elements: Sequence[Element], url: str) -> str:
    """HTML standard 4.2.3: the first base element with a href."""
    for element in elements:
        if (
            element.tag == "base"
            and element.namespace is turbohtml.Namespace.HTML
            and "href" in element.attrs
        ):
            found = resolve(_fields(element)["href"], url)
            return found.url if found else url
    return url


def _fields(element: Element) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else " ".join(value or ())
        for name, value in element.attrs.items()
    }


def _own_text(element: Element) -> str:
    if isinstance(element, XmlElement):
        return "".join(element.text)
    return "".join(
        child.data for child in element.children if isinstance(child, (turbohtml.Text, turbohtml.CData))
    )
