"""What is recorded for good is what was meant: words are words, files are files."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from consent_gateway.commands.requests_words import recorded, words


@click.command()
@click.argument("number", type=int)
@words("text", "What is said")
def say(number: int, text: str) -> None:
    click.echo(f"{number} {text!r}")


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(say, ["1", *arguments], input=stdin)


def test_words_are_taken_as_they_are_also_where_a_file_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "answer.txt").write_text("From the file, ü.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run("--text", "answer.txt").stdout == "1 'answer.txt'\n"
    assert run("--text-file", "answer.txt").stdout == "1 'From the file, ü.\\n'\n"


def test_standard_input_is_a_file_called_hyphen() -> None:
    assert run("--text-file", "-", stdin="Grüße".encode()).stdout == "1 'Grüße'\n"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--text-file", "antwrot.txt"], "antwrot.txt: No such file or directory"),
        (["--text-file", "."], ".: Is a directory"),
        (["--text-file", "latin"], "latin: is not UTF-8"),
        (["--text-file", "-"], "-: is not UTF-8"),
        (["--text", "-"], "--text: - is no text; --text-file - reads standard input"),
        ([], "exactly one of --text TEXT and --text-file FILE is needed"),
        (["--text", "a", "--text-file", "good"], "exactly one of --text TEXT and --text-file FILE is needed"),
        (["--text", "", "--text-file", "good"], "exactly one of --text TEXT and --text-file FILE is needed"),
    ],
)
def test_whatever_else_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], reason: str
) -> None:
    (tmp_path / "latin").write_bytes("Grüße".encode("latin-1"))
    (tmp_path / "good").write_text("a")
    monkeypatch.chdir(tmp_path)
    result = run(*arguments, stdin="Grüße".encode("latin-1"))
    assert (result.exit_code, result.stdout) == (2, "") and reason in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("antwrot.txt", "recorded: 11 characters: antwrot.txt"),
        ("x", "recorded: 1 character: x"),
        ("Dear Anna,\n\nhere it is.", "recorded: 23 characters in 3 lines, the first: Dear Anna,"),
        ("\nDear Anna\n", "recorded: 11 characters: Dear Anna"),
        ("", "recorded: 0 characters"),
        ("y" * 61, f"recorded: 61 characters: {'y' * 60}…"),
    ],
)
def test_what_was_recorded_is_said_so_that_a_mistake_is_seen(text: str, said: str) -> None:
    assert recorded(text) == said
