"""Whom a style sheet contacts: its addresses, and those of the sheets that stand in its data: imports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from consent_gateway.page import css, nested
from consent_gateway.page.charset import Encoding, text_of
from consent_gateway.page.css import CssAddress

T = TypeVar("T")


def contacts(
    text: bytes, encoding: Encoding, owner_of: Callable[[str], T | None], *, depth: int = 0
) -> Iterator[tuple[CssAddress, T]]:
    """Every address in it of which `owner_of` knows the owner. One inside of a data: address is found
    where that stands."""
    for address in css.addresses(text):
        value = text_of(address.value, encoding).replace("\0", "\ufffd")  # CSS Syntax 3.3
        if owner := owner_of(value):
            yield address, owner
        elif depth < nested.DEEPEST and (inside := nested.content_of(value)):
            content, media_type = inside
            if nested.is_styles(media_type):
                for _, owner in contacts(content, encoding, owner_of, depth=depth + 1):
                    yield address, owner
