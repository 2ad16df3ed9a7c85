"""Every command and every piece of Python in README and docs works as printed, from top to bottom."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from consent_gateway.testing import STATES, Page, SiteUnderTest, Visitor
from consent_gateway.testing.serving import of_wsgi
from tests.conftest import ROOT
from tests.docs.blocks import Code, Command, File, Step, steps
from tests.docs.preparing import NOTHING, PREPARATIONS
from tests.docs.running import is_as_printed, is_looked_at, reading
from tests.testing.applications import wsgi

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TO_DO = [document for document in DOCUMENTS if steps(document)]


@pytest.fixture(scope="module")
def website() -> Iterator[str]:
    """The reader's own."""
    with of_wsgi(wsgi) as address:
        yield address


@pytest.mark.slow
@pytest.mark.parametrize("document", TO_DO, ids=lambda document: document.name)
def test_what_a_document_says_can_be_done(document: Path, website: str, tmp_path: Path) -> None:
    preparation = PREPARATIONS.get(document.name, NOTHING)
    with reading(tmp_path, preparation, website) as reader:
        for step in steps(document):
            reader.follow(step)


@pytest.mark.parametrize("document", TO_DO, ids=lambda document: document.name)
def test_what_is_only_looked_at_is_there(document: Path) -> None:
    """Targets of make, and the extras that pip is told to install."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    preparation = PREPARATIONS.get(document.name, NOTHING)
    for step in steps(document):
        if isinstance(step, Command) and is_looked_at(step.text, preparation):
            program, *arguments = shlex.split(step.text)
            if program == "make":
                assert [word for word in arguments if "=" not in word and word not in targets] == []
            if program == "pip":
                extras = re.findall(r"(?:\.|consent-gateway)\[([\w,-]+)\]", step.text)
                wanted = {extra for named in extras for extra in named.split(",")}
                assert wanted <= project["optional-dependencies"].keys()


def test_nothing_is_prepared_for_what_is_gone() -> None:
    assert PREPARATIONS.keys() <= {document.name for document in TO_DO}
    for name, preparation in PREPARATIONS.items():
        [document] = [document for document in TO_DO if document.name == name]
        commands = {step.text for step in steps(document) if isinstance(step, Command)}
        assert {*preparation.exits, *preparation.left_out} <= commands


def test_blocks_are_read_as_a_reader_reads_them(tmp_path: Path) -> None:
    document = tmp_path / "x.md"
    document.write_text(
        "Words.\n\n    consent-gateway keys new   # the first\n\n```toml\n# site.toml\n[site]\n```\n\n"
        "```console\n$ one 'a # b' \\\n    --two  # exit code 1\nsaid\n\n$ three\n```\n\n```python\nx = 1\n```\n"
        "```toml\n[not-a-file]\n```\n"
    )
    assert steps(document) == [
        Command(3, "consent-gateway keys new"),
        File(6, "site.toml", "# site.toml\n[site]\n"),
        Command(11, "one 'a # b' --two", ("said", ""), 1),
        Command(15, "three"),
        Code(19, "x = 1\n"),
    ]


@pytest.mark.parametrize(
    ("output", "printed", "same"),
    [
        ("a\nb\n", ("a", "b"), True),
        ("a\nb\n", ("a",), False),
        ("a\nx\ny\nb\n", ("a", "…", "b", ""), True),
        ("took 12 s\n", ("took … s",), True),
        ("took long\n", ("took … s",), False),
        ("on 2026-11-29, 0123456789abcdef\n", ("on 2020-01-01, ffffffffffffffff",), True),
    ],
)
def test_what_is_printed_is_compared(output: str, printed: tuple[str, ...], same: bool) -> None:
    assert is_as_printed(output, printed) is same


def test_what_does_not_work_as_printed_fails(website: str, tmp_path: Path) -> None:
    wrong: list[tuple[Step, str]] = [
        (Command(7, "consent-gateway nonsense"), "line 7"),
        (Command(8, "consent-gateway --version", ("something else",)), "line 8"),
        (Command(9, "consent-gateway serve --origin nonsense"), "line 9"),
        (Code(10, "assert 1 == 2, 'no'"), "no"),
    ]
    for number, (step, reason) in enumerate(wrong):
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(AssertionError, match=reason), reading(folder, NOTHING, website) as reader:
            reader.follow(step)


def test_developers_are_told_of_every_state_and_of_all_they_may_use() -> None:
    text = (ROOT / "docs" / "developers.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` \| ((?:ha[sd]|agreed|sends) .*) \|$", text, re.M) == [
        (one.id, one.sentence) for one in STATES
    ]
    public = {"gateway", "STATES", *dir(Visitor), *dir(SiteUnderTest), "url", *Page.__slots__} - {
        "path",
        "state",
    }
    assert {name for name in public if name[0] != "_"} <= set(re.findall(r"\w+", text))
