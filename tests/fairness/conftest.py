"""Templates of an operator's, judged as `serve` and `check` judge them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol

import pytest

from consent_gateway import fairness
from consent_gateway.analytics.pseudonym import Salt
from consent_gateway.catalogue import Catalogue
from consent_gateway.datafile import parse
from consent_gateway.gateway import Gateway
from consent_gateway.keys import KeyRing
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.seen import Seen
from consent_gateway.site import Site

SITE = '[controller]\nname = "Example AG"\n[services.google-analytics]\n[services.youtube]\n'
LANGUAGES = ("en",)  # each takes its time
BOTH = ("en", "de")


class Judge(Protocol):
    def __call__(
        self, own_files: dict[str, str], site: str = SITE, languages: tuple[str, ...] = LANGUAGES
    ) -> list[str]: ...


def built_in(name: str) -> str:
    return (templates_folder() / name).read_text("utf-8")


def changed(name: str, old: str, new: str) -> dict[str, str]:
    """A built-in template with one passage replaced."""
    source = built_in(name)
    assert old in source, old
    return {name: source.replace(old, new)}


def with_templates(
    catalogue: Catalogue,
    ring: KeyRing,
    now: datetime,
    *,
    site: str = SITE,
    languages: tuple[str, ...] = LANGUAGES,
    own: Path | None = None,
) -> tuple[Gateway, Rendering]:
    """A gateway, and how it renders: with an operator's templates where he has any."""
    read = parse(site, Site, file="site.toml")
    rendering = Rendering(templates_folder(), languages, own=own, prefix=read.prefix)
    gateway = Gateway(
        site=read,
        catalogue=catalogue,
        ring=ring,
        salts=lambda start: Salt(start, b"s" * 32),
        rendering=rendering,
        origin="http://127.0.0.1:9000",
        origin_hosts=("127.0.0.1",),
        seen=Seen(),
        started=now,
    )
    return gateway, rendering


@pytest.fixture
def judge(tmp_path: Path, catalogue: Catalogue, ring: KeyRing, now: datetime) -> Judge:
    """What is wrong with these files in an operator's folder, without the name of the folder."""

    def judged(
        own_files: dict[str, str], site: str = SITE, languages: tuple[str, ...] = LANGUAGES
    ) -> list[str]:
        for name, content in own_files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        gateway, rendering = with_templates(
            catalogue, ring, now, site=site, languages=languages, own=tmp_path
        )
        found = fairness.faults(gateway, rendering, tmp_path, now)
        return [str(fault).removeprefix(f"{tmp_path}/") for fault in found]

    return judged
