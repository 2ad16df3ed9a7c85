"""Parts of pages that differ from page to page only in the way back: rendered once, and filled in for each."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import quote

from consent_gateway.rendering import in_attribute

# Nothing else of a rendering can look like it. What stands before it comes out otherwise in an attribute than in an
# address.
_WORD = f"way-back-{secrets.token_hex(12)}"
_MARK = f">{_WORD}"
_IN_ATTRIBUTE = f"&gt;{_WORD}".encode("ascii")
_IN_ADDRESS = f"%3E{_WORD}".encode("ascii")
_TRIED = '/A long way/back?to="it\'s"&more=<b>#\u00fc-' + "x" * 300


def blank(render: Callable[[str], bytes]) -> bytes | None:
    """A part to be filled in; None where a template of the operator's makes something else of the way back than the
    value of an attribute and of a parameter in an address."""
    part = render(_MARK)
    return part if filled(part, _TRIED) == render(_TRIED) else None


def filled(part: bytes, way_back: str) -> bytes:
    """A part as it would be rendered with this way back."""
    in_address = quote(way_back, safe="/").encode("ascii")
    return part.replace(_IN_ATTRIBUTE, in_attribute(way_back)).replace(_IN_ADDRESS, in_address)
