"""What was recorded is found again: the very answer, or the nearest."""

from __future__ import annotations

import io
from dataclasses import replace

from consent_gateway.messages import Response
from consent_gateway.replay.recording import RecordedPage, Recording
from tests.replay.leaky import HTML, JSON, RECORDED, SITE, exchange


def recording(*exchanges: object) -> Recording:
    return Recording.of(exchanges or RECORDED, io.BytesIO())  # type: ignore[arg-type]


def body(found: Recording, target: str, method: str = "GET") -> str:
    answer = found.find(method, SITE, target)
    assert answer is not None
    return answer.response.body.decode()


def test_the_answer_to_the_very_query_is_given() -> None:
    made = recording(
        *(exchange(f"https://{SITE}/list?page={number}", JSON, str(number)) for number in range(3))
    )
    assert body(made, "/list?page=2") == "2"
    assert made.find("GET", SITE, "/list?page=2") != made.find("GET", SITE, "/list?page=1")


def test_where_only_the_query_differs_the_nearest_is_given() -> None:
    made = recording(
        exchange(f"https://{SITE}/find?q=roof&lang=de&_=1", JSON, "roof"),
        exchange(f"https://{SITE}/find?q=wall&lang=de&_=2", JSON, "wall"),
    )
    found = made.find("GET", SITE, "/find?q=wall&lang=de&_=9")
    assert found and found.near and found.response.body == b"wall"


def test_neither_another_path_nor_another_method_nor_another_host_is() -> None:
    made = recording()
    assert made.find("GET", SITE, "/nothing") is None
    assert made.find("POST", SITE, "/") is None
    assert made.find("GET", "other.example", "/") is None


def test_a_head_is_answered_as_a_get_was() -> None:
    assert "Shop" in body(recording(), "/", "HEAD")


def test_an_answer_that_failed_gives_way_to_one_that_did_not() -> None:
    failed = exchange(f"https://{SITE}/", HTML, "down", status=503)
    worked = exchange(f"https://{SITE}/", HTML, "up")
    assert body(recording(failed, worked), "/") == "up"
    assert body(recording(worked, failed), "/") == "up"


def test_what_came_without_a_body_is_known_as_asked_for_and_not_given() -> None:
    unchanged = replace(exchange(f"https://{SITE}/a", HTML, ""), response=Response(status=304))
    nothing = replace(exchange(f"https://{SITE}/b", HTML, ""), response=None)
    unreadable = replace(exchange(f"https://{SITE}/c", HTML, ""), unreadable="damaged gzip")
    made = recording(unchanged, nothing, unreadable)
    for path in ("/a", "/b", "/c"):
        assert made.find("GET", SITE, path) is None
        assert made.has_path(SITE, path) == ["GET"]


def test_pages_are_what_somebody_navigated_to() -> None:
    made = recording()
    assert list(made.pages) == [
        RecordedPage(name=f"{SITE}.localhost", target="/"),
        RecordedPage(name=f"{SITE}.localhost", target="/about?from=mail"),
    ]
    assert made.is_page(SITE, "/about?from=elsewhere")
    assert not made.is_page(SITE, "/style.css")


def test_the_coding_of_the_wire_is_forgotten() -> None:
    fields = (("Content-Encoding", "br"), ("Content-Length", "3"), ("X-Kept", "1"))
    found = recording(exchange(f"https://{SITE}/", HTML, "page", fields=fields)).find("GET", SITE, "/")
    assert found and [name for name, _ in found.response.headers] == ["Content-Type", "X-Kept"]
