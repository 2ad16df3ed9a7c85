"""Which installed distributions one of them needs, found by its metadata as pip finds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


class NotInstalled(Exception):
    """A distribution that is needed is not in the folder."""


@dataclass(frozen=True)
class Needed:
    """A distribution, and the names of those it needs in turn."""

    name: str
    distribution: Distribution
    needs: frozenset[str]


def needed(name: str, folders: Sequence[Path], python: str) -> dict[str, Needed]:
    """The distribution and all that it needs on this Python ("3.12"), by name. Raises NotInstalled.

    Extras count where something needed asks for them."""
    paths = [str(folder) for folder in folders]
    installed: dict[str, Distribution] = {
        canonicalize_name(found.name): found for found in reversed([*distributions(path=paths)])
    }
    made: dict[str, Needed] = {}
    extras: dict[str, frozenset[str]] = {}
    waiting: list[tuple[str, frozenset[str]]] = [(canonicalize_name(name), frozenset())]
    while waiting:
        wanted, asked = waiting.pop()
        if wanted in made and asked <= extras[wanted]:
            continue
        if wanted not in installed:
            raise NotInstalled(f"{wanted} is needed and not in {', '.join(paths)}")
        extras[wanted] = extras.get(wanted, frozenset()) | asked
        found = _requirements(installed[wanted], extras[wanted], python)
        made[wanted] = Needed(wanted, installed[wanted], frozenset(found))
        waiting += found.items()
    return dict(sorted(made.items()))


def _requirements(found: Distribution, extras: frozenset[str], python: str) -> Mapping[str, frozenset[str]]:
    environment = {"python_version": python, "python_full_version": f"{python}.0"}
    asked: dict[str, frozenset[str]] = {}
    for line in found.requires or ():
        requirement = Requirement(line)
        marker = requirement.marker
        if marker and not any(marker.evaluate({**environment, "extra": extra}) for extra in ("", *extras)):
            continue
        name = canonicalize_name(requirement.name)
        asked[name] = asked.get(name, frozenset()) | requirement.extras
    return asked
