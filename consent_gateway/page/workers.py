"""The code of workers that have an address of the site's: no guard script runs before it, so the
addresses in its strings are read."""

from __future__ import annotations

from collections.abc import Iterator

from consent_gateway.page.edits import Edit
from consent_gateway.page.patterns import compiled

# A string or template that begins with an absolute address, its slashes escaped or not.
_ADDRESS = compiled(
    rb"(?<=[\"'`])(?:(?:https?|wss?):)?\\?/\\?/[a-zA-Z0-9-]+\.[^\"'`\s$\\]*+(?:\\/[^\"'`\s$\\]*+)*+"
)


def addresses(code: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where addresses stand in strings of the code, and what they are."""
    for match in _ADDRESS.finditer(code):
        yield match.start(), match.end(), match[0].replace(rb"\/", b"/")


def emptied(start: int, end: int, nothing: str) -> Edit:
    """The edit that leaves an address of the site's at which there is no code; what the code adds
    to an address then is a query."""
    return Edit(start, end, f"{nothing}?".encode("ascii"))
