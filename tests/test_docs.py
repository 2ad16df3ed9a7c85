"""What README and docs name is there; how they are followed (tests/docs) sees what does not work as printed."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from consent_gateway.commands import main
from consent_gateway.testing import STATES, Page, SiteUnderTest, Visitor
from tests.conftest import ROOT
from tests.docs.blocks import Code, Command, File, Step, steps
from tests.docs.following import DOCUMENTS, OF_OPERATORS, OF_QA, TO_DO
from tests.docs.preparing import NOTHING, PREPARATIONS, Preparation
from tests.docs.running import is_as_printed, is_looked_at, reading

# Options of mitmproxy, Chromium, Playwright, PostgreSQL, systemd and the verifier, and properties of style sheets.
OF_OTHERS = {
    "--check", "--exclude-table", "--fail", "--head", "--help", "--host-resolver-rules", "--ignore-certificate-errors", "--mode",
    "--privacy-on-accent", "--privacy-on-accent-dark", "--proxy-server", "--set", "--set-cookie", "--user-data-dir", "--with-deps",
    "--file", "--now", "--quiet", "--without",
}  # fmt: skip
NOWHERE = "http://127.0.0.1:1"


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
    assert {*PREPARATIONS, *OF_QA, *OF_OPERATORS} <= {document.name for document in TO_DO}
    for name, preparation in PREPARATIONS.items():
        [document] = [document for document in TO_DO if document.name == name]
        commands = {step.text for step in steps(document) if isinstance(step, Command)}
        told = {*preparation.exits, *preparation.said, *preparation.unsaid, *preparation.left_out}
        assert told <= commands, told - commands


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


def test_what_does_not_work_as_printed_fails(tmp_path: Path) -> None:
    wrong: list[tuple[Step, str]] = [
        (Command(7, "consent-gateway nonsense"), "line 7"),
        (Command(8, "consent-gateway --version", ("something else",)), "line 8"),
        (Command(9, "consent-gateway serve --origin nonsense"), "line 9"),
        (Code(10, "assert 1 == 2, 'no'"), "no"),
    ]
    for number, (step, reason) in enumerate(wrong):
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(AssertionError, match=reason), reading(folder, NOTHING, NOWHERE) as reader:
            reader.follow(step)


@pytest.mark.parametrize(
    "told", [Preparation(said={"echo here": ("there",)}), Preparation(unsaid={"echo here": ("here",)})]
)
def test_what_is_seen_after_a_command_is_looked_at(told: Preparation, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="line 3"), reading(tmp_path, told, NOWHERE) as reader:
        reader.follow(Command(3, "echo here"))


def test_a_gateway_that_serves_is_asked_for_its_notice(tmp_path: Path) -> None:
    serve = Command(5, "consent-gateway serve --origin http://127.0.0.1:9000")
    with pytest.raises(AssertionError, match="line 5"), reading(tmp_path, NOTHING, NOWHERE) as reader:
        reader.follow(serve)


@pytest.mark.parametrize("name", ["developers.md", "qa.md"])
def test_the_ten_states_are_told_with_their_sentences(name: str) -> None:
    text = (ROOT / "docs" / name).read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ((?:ha[sd]|agreed|sends) .*) \|$", text, re.M)
    assert rows == [(one.id, one.sentence) for one in STATES]


def test_developers_are_told_of_all_they_may_use() -> None:
    text = (ROOT / "docs" / "developers.md").read_text("utf-8")
    public = {"gateway", "STATES", *dir(Visitor), *dir(SiteUnderTest), "url", *Page.__slots__} - {
        "path",
        "state",
    }
    assert {name for name in public if name[0] != "_"} <= set(re.findall(r"\w+", text))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_what_a_sentence_names_is_there(document: Path) -> None:
    """Commands within a sentence, and options."""
    text = document.read_text("utf-8")
    ours = dict(_commands(main, ()))
    for words in map(shlex.split, re.findall(r"`consent-gateway ([a-z][^`]*)`", text)):
        command = max((path for path in ours if path == tuple(words[: len(path)])), key=len, default=())
        assert command, words
        assert {word for word in words if word.startswith("--")} <= ours[command], words
    options = set().union(*ours.values(), OF_OTHERS)
    assert set(re.findall(r"(?<![\w-])(--[a-z][a-z-]+)", text)) <= options


def _commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """Every command with its options."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (
            (*path, name),
            {option for param in command.params for option in (*param.opts, *param.secondary_opts)},
        )
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))


def test_readme_leads_to_every_page_of_the_documentation() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    pages = {f"docs/{page.name}" for page in DOCUMENTS if page.parent.name == "docs"}
    assert pages - set(re.findall(r"\]\((docs/[\w-]+\.md)", text)) == set()


def test_links_between_pages_lead_somewhere() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def anchors(document: Path) -> set[str]:
    """The names that its headings have on the web: as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", document.read_text("utf-8"), re.M)
    words = (re.sub(r"\[([^\]]*)\]\([^)]*\)|[`*]", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", one).replace(" ", "-") for one in words}


def test_links_into_a_page_lead_to_a_heading_that_is_there() -> None:
    checked = 0
    for document in DOCUMENTS:
        for page, anchor in re.findall(r"\]\(((?!https?:)[^)#\s]*)#([^)]+)\)", document.read_text("utf-8")):
            target = document.parent / page if page else document
            if target.suffix == ".md":
                checked += 1
                assert anchor in anchors(target), f"{document.name}: {page}#{anchor}"
    assert checked > 50
