"""The lists that a site file names, read from disk."""

from __future__ import annotations

from pathlib import Path

from consent_gateway.datafile import Fault, Faulty, line_of
from consent_gateway.lists.matching import Lists
from consent_gateway.lists.reading import TrackerList, read
from consent_gateway.site import Site

KEY = ("third_parties", "lists")


def of_site(site: Site, file: Path | None) -> Lists:
    """The lists of a site; their paths are relative to its site file. Raises datafile.Faulty for one
    that is missing, is no text or has no rule in it."""
    read_ones, faults = [], []
    for name in site.third_parties.lists:
        try:
            read_ones.append(_one(name, (file.parent if file else Path()) / name))
        except ValueError as error:
            line = line_of(file.read_text("utf-8"), list(KEY)) if file else None
            faults.append(Fault(str(file), ".".join(KEY), f"{name}: {error}", line))
    if faults:
        raise Faulty(tuple(faults))
    return Lists(read_ones, pages=site.site.names)


def _one(name: str, path: Path) -> TrackerList:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(error.strerror or str(error)) from error
    if content.lstrip().startswith(b"<"):  # an error page that was saved under its name
        raise ValueError("is markup and no list")
    try:
        found = read(content.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is not UTF-8") from error
    if not found.rules:
        reasons = "; ".join(f"from line {left.line} on, {left.count} {left.reason}" for left in found.left)
        raise ValueError(f"no rule in it{reasons and f': {reasons}'}")
    return found
