"""`consent-gateway requests add`"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.commands.test_requests import kept, of, served, today, verified
from tests.received import NOW

__all__ = ["served", "today"]  # fixtures

LETTER = ["add", "--kind", "access", "--reply-to", "Anna Muster, Weg 1, 12345 Ort"]


def test_what_came_by_post_is_due_a_month_after_the_day_it_came(served: Path) -> None:
    """PRC-09"""
    result = of(served, *LETTER, "--message", "All about me, please.", "--received", "2026-10-31", "--language", "de")  # fmt: skip
    first, words, _, where = result.stdout.splitlines()
    book = kept(served)
    (request,) = book.all()
    book.close()
    assert (result.exit_code, first) == (0, "request 1, to be answered by 2026-11-30")
    assert words == "recorded: 21 characters: All about me, please."
    assert where == f"    /.privacy/request?number=1&key={request.key}&language=de"
    assert (request.received, request.due, request.channel) == (datetime(2026, 10, 31, tzinfo=UTC), date(2026, 11, 30), "post")  # fmt: skip
    assert (request.kind, request.message, request.language, request.steps[0].time) == ("access", "All about me, please.", "de", NOW)  # fmt: skip
    assert verified(served).exit_code == 0


def test_the_words_may_be_in_a_file_or_come_by_standard_input(served: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("From a file, ü.\n", encoding="utf-8")
    of(served, *LETTER, "--message-file", str(letter))
    of(served, *LETTER, "--message-file", "-", "--by", "e-mail", stdin="From standard input.\n")
    book = kept(served)
    assert [(one.message, one.channel, one.received) for one in book.all()] == [
        ("From a file, ü.\n", "post", NOW),
        ("From standard input.\n", "e-mail", NOW),
    ]
    book.close()


def test_its_recipients_are_to_be_told(served: Path) -> None:
    """PRC-10"""
    of(served, "add", "--kind", "erase", "--reply-to", "x", "--message", "y", "--recipient", "CRM", "--recipient", "Mailing service")  # fmt: skip
    book = kept(served)
    assert [(one.name, one.request) for one in book.notices.open()] == [("CRM", 1), ("Mailing service", 1)]
    book.close()


def test_it_is_sent_on_where_the_site_file_says_so(served: Path) -> None:
    site = served / "site.toml"
    site.write_text(
        '[notify]\nsmtp = "smtp://localhost"\nto = "a@b.de"\nwebhook = "https://intern.example.com"'
    )
    result = of(served, *LETTER, "--message", "x", "--site", str(site))
    assert "goes to smtp and webhook as soon as the gateway runs" in result.stdout
    of(served, *LETTER, "--message", "x")
    book = kept(served)
    assert [(one.request, one.route) for one in book.outbox.waiting()] == [(1, "smtp"), (1, "webhook")]
    book.close()


SITE = """
[recipients.hosting]
kind = "it"
name = "Host GmbH"
[recipients.lawyers]
kind = "legal"
"""


@pytest.mark.parametrize(
    ("kind", "told"),
    [("erase", 3), ("rectify", 3), ("restrict", 3), ("access", 0), ("object", 0)],
)
def test_with_the_site_file_its_recipients_are_to_be_told_as_of_the_form(
    served: Path, kind: str, told: int
) -> None:
    """PRC-10"""
    (served / "site.toml").write_text(SITE)
    named = ["--recipient", "CRM", "--recipient", "Host GmbH", "--recipient", "lawyers"]
    of(served, "add", "--kind", kind, "--reply-to", "x", "--message", "y", "--site", str(served / "site.toml"), *named)  # fmt: skip
    book = kept(served)
    assert [(one.recipient, one.name, one.request) for one in book.notices.open()] == [
        ("hosting", "Host GmbH", 1), ("lawyers", "legal", 1), ("CRM", "CRM", 1),
    ][:told]  # fmt: skip
    book.close()


@pytest.mark.parametrize(
    ("site", "start"),
    [
        ("", "/.privacy/request?number=1&key="),
        ('[site]\nprefix = "/p"', "/p/request?number=1&key="),
        ('[site]\nhosts = ["www.example.com", "b.example"]', "https://www.example.com/.privacy/request?number=1&key="),
        ('[site]\nhosts = ["localhost:8080"]\nscheme = "http"', "http://localhost:8080/.privacy/request?number=1&key="),
    ],
)  # fmt: skip
def test_the_address_is_printed_at_which_the_person_can_look(served: Path, site: str, start: str) -> None:
    (served / "site.toml").write_text(site)
    result = of(served, *LETTER, "--message", "x", "--site", str(served / "site.toml"))
    book = kept(served)
    assert result.stdout.splitlines()[-1] == f"    {start}{book.all()[0].key}"
    book.close()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--received", "2026-11-25"], "--received: 2026-11-25 is still to come"),
        (["--received", "24.11.2026"], "is no day such as 2026-11-24"),
        (["--kind", "delete"], "'delete' is not one of"),
        (["--by", "form"], "'form' is not one of"),
        (["--reply-to", ""], "--reply-to: must not be empty"),
        (["--message", "x" * 10_001], "--message: must have 10000 characters at most"),
        (["--message-file", "lettre.txt"], "lettre.txt: No such file or directory"),
        (["--site", "none.toml"], "none.toml: No such file or directory"),
    ],
)
def test_what_is_not_taken_is_named_and_nothing_is_kept(
    served: Path, arguments: list[str], reason: str
) -> None:
    message = [] if any(one.startswith("--message") for one in arguments) else ["--message", "x"]
    result = of(served, *LETTER, *message, *arguments)
    assert result.exit_code == 2 and reason in result.stderr
    book = kept(served)
    assert book.all() == []
    book.close()
