"""Documents that are followed from top to bottom, and by which test file: several workers share them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import chromium
from tests.conftest import ROOT
from tests.docs.blocks import steps
from tests.docs.preparing import NOTHING, PREPARATIONS
from tests.docs.running import reading

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TO_DO = [document for document in DOCUMENTS if steps(document)]
OF_QA = ("audit-reports.md", "captures.md", "qa.md")
OF_OPERATORS = ("README.md", "live-audits.md", "operators.md", "production.md")


def among(names: tuple[str, ...]) -> list[Path]:
    return [document for document in TO_DO if document.name in names]


def others() -> list[Path]:
    return [document for document in TO_DO if document.name not in (*OF_QA, *OF_OPERATORS)]


def follow(document: Path, folder: Path) -> None:
    """Does in a folder what a document says. Raises AssertionError where it does not work as printed."""
    preparation = PREPARATIONS.get(document.name, NOTHING)
    if preparation.in_browser and not chromium.is_there():
        pytest.skip(chromium.NONE)
    with preparation.website() as website, reading(folder, preparation, website) as reader:
        for step in steps(document):
            reader.follow(step)
