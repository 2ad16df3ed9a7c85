"""What browsers report of the policy, and what of it is counted."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from consent_gateway.messages import BadForm, Headers, Request
from consent_gateway.reports import MOST_A_MINUTE, MOST_IN_ONE, MOST_TOLD, Blocked, Intake, read
from consent_gateway.urls import Address

TODAY = date(2026, 11, 24)


def owner_of(address: Address) -> str:
    return "linkedin" if address.host.endswith("linkedin.com") else "unlisted"


def reported(content: Any, kind: str = "application/csp-report") -> list[Blocked]:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    request = Request(
        method="POST", scheme="https", host="www.example.com", target="/.privacy/reports",
        headers=Headers.of(Content_Type=kind), body=body,
    )  # fmt: skip
    return read(request, owner_of, lambda name: name == "sid", lambda name: name != "known", TODAY)


def blocked(host: str, directive: str, owner: str = "unlisted") -> Blocked:
    return Blocked(host=host, directive=directive, owner=owner, day="2026-11-24")


def test_there_is_no_room_for_page_address_browser_or_visitor() -> None:
    assert {field.name for field in fields(Blocked)} == {"host", "directive", "owner", "day"}


def test_of_a_report_only_the_blocked_host_and_the_directive_are_counted() -> None:
    report = {
        "document-uri": "https://www.example.com/patients/jane?mail=jane@example.org", "referrer": "https://r.example/",
        "blocked-uri": "https://jane:secret@Platform.LinkedIn.com:8443/in.js?mail=jane@example.org#x",
        "violated-directive": "script-src-elem 'self'", "effective-directive": "script-src-elem",
        "script-sample": "jane", "source-file": "https://www.example.com/jane.js",
    }  # fmt: skip
    assert reported({"csp-report": report}) == [
        blocked("platform.linkedin.com", "script-src-elem", "linkedin")
    ]


def test_reports_of_the_reporting_api_are_counted_alike() -> None:
    body = {"blockedURL": "https://cdn.example.net/x.js", "effectiveDirective": "img-src"}
    bundle = [
        {"type": "csp-violation", "body": body},
        {"type": "deprecation", "body": body},
        "x",
        {"type": "csp-violation"},
    ]
    assert reported(bundle, "application/reports+json; charset=utf-8") == [
        blocked("cdn.example.net", "img-src")
    ]
    assert len(reported([bundle[0]] * (MOST_IN_ONE + 1), "application/reports+json")) == MOST_IN_ONE


@pytest.mark.parametrize(
    "address",
    [
        "inline",
        "eval",
        "data",
        "blob:https://x.example/1",
        "chrome-extension://abc/x.js",
        "",
        "https://",
        "about",
        7,
    ],
)
def test_what_is_no_host_is_not_counted(address: object) -> None:
    assert reported({"csp-report": {"blocked-uri": address, "effective-directive": "img-src"}}) == []


def test_made_up_directives_are_one() -> None:
    assert reported({"csp-report": {"blocked-uri": "https://x.example", "effective-directive": "jane"}}) == [
        blocked("x.example", "other")
    ]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 60_000])
def test_what_is_no_report_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(BadForm):
        reported(body)


@pytest.mark.parametrize(
    "content", [{}, [], 1, None, {"csp-report": []}, {"csp-report": {"blocked-uri": None}}, [[]]]
)
def test_a_report_that_says_nothing_counts_as_nothing(content: object) -> None:
    assert reported(content) == []


def test_the_guard_script_may_tell_which_cookies_it_has_held_if_they_are() -> None:
    names = [{"type": "cookie", "name": name} for name in ("sid", "known", "s d", 1)]
    found = reported([*names, {"type": "cookie"}], "application/reports+json")
    assert found == [blocked("sid", "cookie")]
    assert reported({"csp-report": names[0]}) == []


def test_of_storage_it_may_tell_names_alone_and_without_whose_they_are() -> None:
    names = (
        "cart",
        "persist:root",
        "known",
        "basket-12345678",
        "jane@example.org",
        "a sentence",
        "1234567",
        "x" * 101,
        1,
    )
    found = reported([{"type": "storage", "name": name} for name in names], "application/reports+json")
    assert found == [blocked(name, "storage") for name in ("cart", "persist:root", "basket-*")]


def test_of_cookies_that_only_browsers_tell_of_the_first_are_heeded_and_go_on_being() -> None:
    intake = Intake()
    names = [f"made-up-{number}" for number in range(MOST_TOLD + 50)]
    for _ in range(2):
        assert [name for name in names if intake.heeds(name)] == names[:MOST_TOLD]


def test_another_type_is_refused() -> None:
    with pytest.raises(BadForm) as raised:
        reported({}, "text/plain")
    assert raised.value.field == "Content-Type"


def test_when_many_came_none_are_wanted_until_the_minute_is_over() -> None:
    intake, now = Intake(), datetime(2026, 11, 24, tzinfo=UTC)
    assert intake.wanted(now)
    intake.take(MOST_A_MINUTE - 1, now)
    assert intake.wanted(now)
    intake.take(1, now + timedelta(seconds=30))
    assert not intake.wanted(now + timedelta(seconds=59))
    assert intake.wanted(now + timedelta(seconds=60))
    intake.take(1, now + timedelta(seconds=61))
    assert intake.wanted(now + timedelta(seconds=61))
