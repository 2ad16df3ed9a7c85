"""What is inline in a page and runs: whom its code contacts, and whom the JSON that a browser obeys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import unquote_to_bytes

from consent_gateway.page import code, instructions
from consent_gateway.page.charset import Encoding, text_of
from consent_gateway.urls import Address

T = TypeVar("T")
Found = tuple[T, Address]


class Contact(NamedTuple, Generic[T]):
    """A contact that code makes; `uses` says that it only works where somebody else makes one."""

    owner: T
    address: Address | None = None
    uses: bool = False


class Inline(Generic[T]):
    """Reads the code of one page by what is recognised in it. `written` says which owners' elements
    are held where code writes them into the document: all others are the guard script's."""

    def __init__(
        self,
        *,
        of_code: Callable[[bytes], Sequence[T]],
        of_use: Callable[[bytes], Sequence[T]],
        owner_of: Callable[[str], Found[T] | None],
        written: Callable[[T], bool],
        encoding: Encoding,
    ) -> None:
        self._of_code = of_code
        self._of_use = of_use
        self._owner_of = owner_of
        self._written = written
        self._encoding = encoding

    def contacts(self, text: bytes, *, module: bool = False) -> Iterator[Contact[T]]:
        """What code loads that has to be held before it runs, and what it needs to be there."""
        if code.is_streamed(text):
            return
        plain = code.spelt_out(text)
        loaded = self._of_code(text)
        if plain != text and code.is_snippet(plain):
            loaded = list(dict.fromkeys((*loaded, *self._of_code(plain))))
        yield from (Contact(owner) for owner in loaded)
        if not loaded:
            yield from (Contact(owner, uses=True) for owner in self._of_use(text))
        for address in code.imported(plain, module=module):
            if found := self._owner_of(text_of(address, self._encoding)):
                yield Contact(*found)
        for address in code.written(plain):
            found = self._owner_of(text_of(address, self._encoding))
            if found and self._written(found[0]):
                yield Contact(*found)

    def of_javascript_address(self, value: str) -> Iterator[Contact[T]]:
        """The same of a `javascript:` address in a frame, where no guard script is: any address counts."""
        scheme, _, rest = value.lstrip().partition(":")
        if scheme.lower() != "javascript":
            return
        text = unquote_to_bytes(rest)
        yield from self.contacts(text)
        for address in code.addresses(code.spelt_out(text)):
            if found := self._owner_of(text_of(address, self._encoding)):
                yield Contact(*found)

    def of_handler(self, text: bytes) -> Iterator[Contact[T]]:
        """The same of an event handler: only if there is an address in it. The rest is the guard script's."""
        if code.has_address(text):
            yield from (contact for contact in self.contacts(text) if not contact.uses)

    def of_instructions(
        self, text: bytes, kind: str
    ) -> Iterator[tuple[instructions.Instruction, Contact[T]]]:
        """The addresses in an import map or in speculation rules, and where they stand."""
        for instruction in instructions.instructions(text):
            if found := self._owner_of(instruction.address):
                yield instruction, Contact(*found)
