"""Scripts that load a service and also declare what other code of the page calls: they run, under the
guard script, which holds what they load. Held whole, they would take the page's own functions along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from consent_gateway.page.elements import Element
from consent_gateway.page.patterns import compiled
from consent_gateway.page.positions import Carrier
from consent_gateway.page.tags import Tag

_DECLARED = compiled(rb"\bfunction\s++([A-Za-z_$][A-Za-z0-9_$]{2,}+)\s*+\(")
_MOST = 20  # functions of one script that are looked for


def shared(data: bytes, elements: Iterable[Element], is_stand_in: Callable[[str], bool]) -> frozenset[int]:
    """The offsets of the inline scripts among the elements whose functions other code calls. Those that
    the guard script has a stand-in for do not count."""
    scripts = {element.tag.start: element.tag for element in elements if _boots(element)}
    return frozenset(start for start, tag in scripts.items() if _is_called(data, tag, is_stand_in))


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


def _is_called(data: bytes, tag: Tag, is_stand_in: Callable[[str], bool]) -> bool:
    end = tag.element_end(data)
    for name, _ in zip(_declared(data[tag.end : tag.body_end]), range(_MOST), strict=False):
        call = name + b"("
        elsewhere = data.find(call, end) >= 0 or data.find(call, 0, tag.start) >= 0
        if elsewhere and not is_stand_in(name.decode("ascii")):
            return True
    return False


def _declared(code: bytes) -> Iterator[bytes]:
    """The functions it declares for all to see: outside of any other."""
    depth = position = 0
    for match in _DECLARED.finditer(code):
        depth += code.count(b"{", position, match.start()) - code.count(b"}", position, match.start())
        position = match.start()
        if depth == 0:
            yield match[1]
