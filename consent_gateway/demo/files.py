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


def example() -> str:
    """The site file of the company whose website this is."""
    return resources.files("consent_gateway").joinpath("example.toml").read_text(encoding="utf-8")


# What the panel beside the demo's pages keeps.
_PANEL = """
[cookies.demo-visit]
purpose = "necessary"
reason = { en = "lets the panel of this demonstration count from the beginning of your visit", de = "damit das Feld dieser Vorführung ab dem Beginn Ihres Besuchs zählt" }
duration = "session"
"""


def for_demo(site_file: str, *, google: str) -> str:
    """The same for stand-ins on this computer, under whatever name it goes by."""
    for written, instead in (
        ('hosts = ["www.morgenrot-solar.example"]\n', ""),
        ('scheme = "https"\n', ""),
        ('unlisted = "hold"\n', 'unlisted = "hold"\nlocal_stand_ins = true\n'),
        ('"https://www.googletagmanager.com"', f'"{google}"'),
        ('"https://region1.google-analytics.com"', f'"{google}"'),
    ):
        if written not in site_file:
            raise ValueError(f"the example has no {written.strip()}")
        site_file = site_file.replace(written, instead)
    return site_file + _PANEL
