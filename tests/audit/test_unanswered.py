"""How many requests to third parties had no answer."""

from __future__ import annotations

from consent_gateway.audit.unanswered import Unanswered, not_in_the_capture
from tests.audit.sites import asked


def told(*exchanges: object) -> list[str]:
    unanswered = Unanswered()
    for one in exchanges:
        unanswered.note(one)  # type: ignore[arg-type]
    return list(unanswered.sentences)


def test_what_failed_or_had_no_answer_is_counted_by_address() -> None:
    [said] = told(
        asked("https://a.example/x.js", answered=False),
        asked("https://a.example/x.js", answered=False),
        asked("https://b.example/y.js", status=502),
        asked("https://c.example/z.js", unreadable="cut off"),
        asked("https://d.example/", status=204),
    )
    assert said.startswith("of 4 addresses of third parties that were asked for, 3 failed or had no answer")


def test_an_address_that_was_answered_once_has_an_answer() -> None:
    assert told(asked("https://a.example/x.js", answered=False), asked("https://a.example/x.js")) == []


def test_sockets_and_reports_have_no_answer_that_could_be_missed() -> None:
    assert told(asked("wss://a.example/", "websocket", answered=False)) == []


def test_what_pages_fetch_and_no_capture_holds_is_counted() -> None:
    assert list(not_in_the_capture(0)) == []
    assert [one.partition(":")[0] for one in not_in_the_capture(3)] == [
        "3 addresses of third parties that the pages make a browser fetch are not in the capture"
    ]
    assert next(not_in_the_capture(1)).startswith("1 address of a third party")
