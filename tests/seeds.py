"""Pages to begin with: the project's own, or those of a folder."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import ROOT


def own_pages() -> list[str]:
    """The hostile documents, the pages of the services and those of the demo, in a fixed order."""
    hostile = json.loads((ROOT / "tests" / "page" / "adversarial.json").read_text("utf-8"))
    services = sorted((ROOT / "tests" / "services").glob("*/page.html"))
    demo = sorted((ROOT / "consent_gateway" / "demo").rglob("*.html"))
    return [*hostile.values(), *(file.read_text("utf-8") for file in (*services, *demo))]


def pages_of(folder: Path) -> list[str]:
    return [file.read_bytes().decode("utf-8", "replace") for file in sorted(folder.rglob("*.html"))]
