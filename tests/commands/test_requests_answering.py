"""`consent-gateway requests answer` and `extend`"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from consent_gateway.subject_requests.request import SubjectRequest
from tests.commands.test_requests import kept, move, of, receive, served, today, verified
from tests.received import NOW

__all__ = ["served", "today"]  # fixtures


def only(state: Path) -> SubjectRequest:
    book = kept(state)
    (found,) = book.all()
    book.close()
    return found


def test_an_answer_is_noted_with_its_words_and_is_in_the_ledger(served: Path, tmp_path: Path) -> None:
    """PRC-09"""
    receive(served, "access")
    answer = tmp_path / "answer.txt"
    answer.write_text("Here it is.\n")
    result = of(served, "answer", "1", "--text-file", str(answer))
    assert (result.exit_code, result.stdout) == (
        0,
        "request 1 is answered\nrecorded: 11 characters: Here it is.\n",
    )
    found = only(served)
    assert (found.status, found.closed, found.steps[-1].text) == ("answered", NOW, "Here it is.")
    assert verified(served).exit_code == 0


def test_a_refusal_is_noted_with_its_reason(served: Path) -> None:
    """PRC-09"""
    receive(served, "erase")
    assert of(served, "answer", "1", "--refuse", "--text", "Invoices are kept.").stdout.startswith("request 1 is refused\n")  # fmt: skip
    assert only(served).steps[-1].what == "refused"


def test_a_late_answer_is_one_and_says_so(served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(served, "access")
    move(monkeypatch, NOW + timedelta(days=33))
    assert of(served, "answer", "1", "--text", "Sorry.").stdout.startswith(
        "request 1 is answered, 3 days late\n"
    )


def test_more_time_is_noted_once_and_in_time(served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PRC-09"""
    receive(served, "access")
    with monkeypatch.context() as late:
        move(late, NOW + timedelta(days=31))
        result = of(served, "extend", "1", "--reason", "Many systems.")
        assert result.exit_code == 2 and "within a month of receipt" in result.stderr
    result = of(served, "extend", "1", "--reason", "Many systems.")
    assert (
        result.stdout == "request 1 is to be answered by 2027-02-24\nrecorded: 13 characters: Many systems.\n"
    )
    assert of(served, "extend", "1", "--reason", "again").exit_code == 2
    assert of(served, "extend", "1", "--reason", "x", "--months", "3").exit_code == 2


@pytest.mark.parametrize(
    ("command", "code", "reason"),
    [
        (["answer", "1", "--text-file", "antwrot.txt"], 2, "antwrot.txt: No such file or directory"),
        (["answer", "1"], 2, "exactly one of --text TEXT and --text-file FILE is needed"),
        (["extend", "1"], 2, "exactly one of --reason TEXT and --reason-file FILE is needed"),
        (["answer", "2", "--text", "x"], 1, "there is no request 2"),
        (["answer", "1", "--text", " "], 2, "--text: must not be empty"),
        (["answer", "1", "--refuse", "--text", ""], 2, "--text: must not be empty"),
        (["extend", "1", "--reason", ""], 2, "--reason: must not be empty"),
    ],
)
def test_what_cannot_be_noted_is_not(served: Path, command: list[str], code: int, reason: str) -> None:
    receive(served, "access")
    result = of(served, *command)
    assert result.exit_code == code and reason in result.stderr
    assert only(served).status == "open"


def test_what_was_answered_stays_so(served: Path) -> None:
    receive(served, "access")
    of(served, "answer", "1", "--text", "Here it is.")
    result = of(served, "answer", "1", "--text", "Another.")
    assert (result.exit_code, result.stderr) == (2, "consent-gateway: request 1 is already answered\n")
    assert len(only(served).steps) == 2
