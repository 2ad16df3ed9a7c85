"""Scripts that load a service and are needed all the same: they declare what other code of the page
calls, are its application, or make the plug-in itself. They run, under the guard script, which holds what
they load and puts a placeholder where they put a plug-in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from consent_gateway.page.code import LONGEST_SNIPPET
from consent_gateway.page.edits import Edit
from consent_gateway.page.elements import Element, Recognition
from consent_gateway.page.patterns import compiled
from consent_gateway.page.positions import Carrier
from consent_gateway.page.tags import Tag

_DECLARED = compiled(rb"\bfunction\s++([A-Za-z_$][A-Za-z0-9_$]{2,}+)\s*+\(")
# Ways to fetch that no guard script can stand in: what uses them is held as a whole.
_UNGUARDED = compiled(
    rb"\bimport\s*+\(|\blocation\b|\bopen\s*+\(|\.target\b|\.submit\b|\.click\s*+\(|(?i:attributename|[\"'`]base[\"'`]|<base\b)"
)
_MOST = 200  # functions that are looked for in one page


def scripts(data: bytes, elements: Iterable[Element], recognise: Recognition) -> frozenset[int]:
    """The offsets of the inline scripts among the elements that are longer than a snippet, make a plug-in of
    what they load, or whose functions other code calls. Those that the guard script has a stand-in for do
    not count."""
    found = list(elements)
    beyond = {one.tag.start for one in found if not (one.uses or _boots(one))}  # what no guard could hold
    booting = {one.tag.start: one.tag for one in found if _boots(one) and one.tag.start not in beyond}
    declared = (
        (tag, name + b"(")
        for tag in booting.values()
        for name in dict.fromkeys(_declared(data[tag.end : tag.body_end]))
        if not recognise.stands_in(name.decode("ascii"))
    )
    called = {tag.start for tag, call in islice(declared, _MOST) if _is_elsewhere(data, tag, call)}
    drawing = {one.tag.start for one in found if one.tag.start in booting and _draws(data, one, recognise)}
    return frozenset(
        start for start, tag in booting.items() if start in called | drawing or _is_application(tag)
    )


def mark(tag: Tag, held: Iterable[Element]) -> Edit:
    """Tells the guard script which services cannot start in this page any more: what their script has
    found there were stand-ins."""
    owners = dict.fromkeys(str(one.owner) for one in held if one.tag.start == tag.start)
    marked = b' data-privacy-runs="%s"' % " ".join(owners).encode("ascii")
    return Edit(tag.attributes_start, tag.attributes_start, marked)


def _boots(element: Element) -> bool:
    """Whether it is a script whose code loads a service, and names no address that would be held."""
    tag = element.tag
    return (
        tag.name == b"script"
        and not (tag.foreign or tag.doubtful or element.attribute or element.uses)
        and element.carrier is Carrier.SCRIPT
        and element.mount is None
        and element.address is None
        and tag.body_end is not None
    )


def _draws(data: bytes, element: Element, recognise: Recognition) -> bool:
    tag, owner = element.tag, element.owner
    code = data[tag.end : tag.body_end]
    return isinstance(owner, str) and recognise.draws(owner, code) and not _UNGUARDED.search(code)


def _is_application(tag: Tag) -> bool:
    return tag.body_end is not None and tag.body_end - tag.end > LONGEST_SNIPPET


def _is_elsewhere(data: bytes, tag: Tag, call: bytes) -> bool:
    return data.find(call, tag.element_end(data)) >= 0 or data.find(call, 0, tag.start) >= 0


def _declared(code: bytes) -> Iterator[bytes]:
    """The functions it declares for all to see: outside of any other."""
    depth = position = 0
    for match in _DECLARED.finditer(code):
        depth += code.count(b"{", position, match.start()) - code.count(b"}", position, match.start())
        position = match.start()
        if depth == 0:
            yield match[1]
