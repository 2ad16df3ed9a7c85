"""The files of the demo, with its addresses filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

MEDIA_TYPES = {
    "css": "text/css",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "svg": "image/svg+xml",
    "toml": "application/toml",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is served."""

    media_type: str
    text: str


def read(path: str, marks: Mapping[str, str]) -> File:
    """A file of this package, each {{mark}} in it replaced. Raises FileNotFoundError."""
    text = resources.files(__package__).joinpath(path).read_text(encoding="utf-8")
    return File(MEDIA_TYPES[path.rpartition(".")[2]], filled(text, marks))


def filled(text: str, marks: Mapping[str, str]) -> str:
    """The text with each {{mark}} replaced."""
    for mark, value in marks.items():
        text = text.replace("{{" + mark + "}}", value)
    return text
