"""The plug-ins of a page that are known by what they look like, wherever they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from consent_gateway.catalogue import Mount
from consent_gateway.page.elements import Element, Recognition
from consent_gateway.page.lookup import Lookup
from consent_gateway.page.positions import Carrier, carrier_of
from consent_gateway.page.reading import Reading
from consent_gateway.page.tags import Attribute, Tag


class Plugins:
    """Finds the plug-ins of one page."""

    def __init__(self, data: bytes, reading: Reading, recognise: Recognition, lookup: Lookup) -> None:
        self._data = data
        self._reading = reading
        self._recognise = recognise
        self._lookup = lookup
        self._frames: dict[int, tuple[str, Mount]] = {}  # by the offset of their tags

    def learn(self) -> list[Element]:
        """The plug-ins that are neither scripts nor frames, in order; the frames among them, and the
        servers they come from, are known from here on."""
        mounted = list(self._mounted())
        for tag in self._reading.tags:
            if tag.name == b"iframe":
                found = self._recognise.mounts.of_tag(tag, self._data)
                if found and self._is_foreign(tag, *found):
                    self._frames[tag.start] = found
        return mounted

    def _mounted(self) -> Iterator[Element]:
        for tag, end, service, mount in self._recognise.mounts.find(self._data):
            if self._is_foreign(tag, service, mount):
                yield Element(tag=tag, owner=service, carrier=Carrier.MOUNT, mount=mount, end=end)

    def _is_foreign(self, tag: Tag, service: str, mount: Mount) -> bool:
        """Whether a plug-in comes from another server than the site's own, which is remembered."""
        if not mount.server:
            return True
        attribute = tag.attributes(self._data).get(mount.server.encode())
        return attribute is not None and self._lookup.learn_server(self._lookup.text(attribute), service)

    def of_script(self, tag: Tag, attributes: Mapping[bytes, Attribute]) -> Iterator[Element]:
        """The plug-in that stands where a script stands."""
        found = self._recognise.mounts.of_tag(tag, self._data)
        if found and self._comes_from(*found, attributes):
            service, mount = found
            end = tag.element_end(self._data) if tag.closed else None
            yield Element(tag=tag, owner=service, carrier=Carrier.MOUNT, mount=mount, end=end)

    def _comes_from(self, service: str, mount: Mount, attributes: Mapping[bytes, Attribute]) -> bool:
        """A selector that asks for a part of an address says nothing about whose it is."""
        if not mount.by_address:
            return True
        owned = self._lookup.owned(self._lookup.value(attributes, "src"), Carrier.SCRIPT)
        return owned is not None and owned[0] == service

    def of_frame(self, tag: Tag, attributes: Mapping[bytes, Attribute]) -> Iterator[Element]:
        """Every address of a frame that is a plug-in."""
        if tag.start not in self._frames:
            return
        service, mount = self._frames[tag.start]
        for name, attribute in attributes.items():
            if carrier_of(tag.name, name) is Carrier.FRAME:
                value = self._lookup.text(attribute)
                yield Element(
                    tag=tag,
                    owner=service,
                    carrier=Carrier.FRAME,
                    attribute=name,
                    address=self._lookup.whole(value),
                    value=value,
                    mount=mount,
                    end=tag.element_end(self._data),
                )
