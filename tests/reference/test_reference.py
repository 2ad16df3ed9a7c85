"""The reference in docs/ is what the code says, and leads nowhere but to what is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from consent_gateway.reference import pages
from consent_gateway.reference.__main__ import main
from consent_gateway.reference.markdown import anchor
from tests.conftest import ROOT
from tests.docs.blocks import steps

RENEW = "the code says something else: make docs (python -m consent_gateway.reference docs) renews the page"
PAGES = pages()
NAMES = sorted(PAGES)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_what_the_code_says(name: str) -> None:
    # Compared by itself: a difference of a thousand lines is nothing to print.
    is_the_same = (ROOT / "docs" / name).read_text("utf-8") == PAGES[name]
    assert is_the_same, RENEW


def test_the_command_writes_it_into_a_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "consent_gateway.reference", str(tmp_path)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == PAGES


@pytest.mark.parametrize("arguments", [[], ["no-such-folder"], ["docs", "docs"]])
def test_without_a_folder_it_says_what_it_takes(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err == "usage: python -m consent_gateway.reference FOLDER\n"


@pytest.mark.parametrize("name", NAMES)
def test_every_link_to_a_heading_leads_to_one(name: str) -> None:
    for page, wanted in re.findall(r"\]\(([\w.-]*)#([\w-]+)\)", PAGES[name]):
        text = PAGES.get(page or name) or (ROOT / "docs" / page).read_text("utf-8")
        headings = [anchor(one) for one in re.findall(r"^#+ (.*)$", text, re.M)]
        assert headings.count(wanted) == 1, f"{page}#{wanted}"


@pytest.mark.parametrize("name", NAMES)
def test_every_row_of_a_table_has_as_many_cells_as_its_head(name: str) -> None:
    width = 0
    for line in PAGES[name].splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert not (width and cells) or cells == width, line
        width = cells


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_it_is_a_step_for_its_reader(name: str) -> None:
    assert steps(ROOT / "docs" / name) == []


def test_readme_and_the_page_about_the_site_file_lead_to_it() -> None:
    assert "](docs/reference.md)" in (ROOT / "README.md").read_text("utf-8")
    assert "](reference.md#site-file)" in (ROOT / "docs" / "site-file.md").read_text("utf-8")
