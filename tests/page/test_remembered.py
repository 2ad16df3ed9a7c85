"""What is in a page that comes again is known, and is the same for everybody."""

from __future__ import annotations

import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest

from consent_gateway.page import remembered
from consent_gateway.page.charset import UTF8
from consent_gateway.page.contents import Contents, Source, contents
from consent_gateway.page.elements import Recognition
from consent_gateway.page.remembered import Remembered, weight_of

NOBODYS = Recognition(of_address=lambda address, carrier: None, of_code=lambda code: [])


class Reader:
    """Reads, and keeps count."""

    def __init__(self) -> None:
        self.read: list[Source] = []

    def __call__(self, source: Source) -> Contents:
        self.read.append(source)
        return contents(source, NOBODYS)


def page(text: str, url: str = "https://www.example.com/") -> Source:
    return Source(data=f"<body>{text}".encode(), encoding=UTF8, url=url)


def test_a_page_that_comes_again_and_again_is_read_twice_and_no_more() -> None:
    known, reader = Remembered(), Reader()
    found = [known.contents(page("the same"), reader) for _ in range(5)]
    assert len(reader.read) == 2
    assert found[4] is found[1]
    assert found[0].where == found[4].where


@pytest.mark.parametrize(
    "other",
    [
        page("another"),
        page("the same", "https://www.example.com/elsewhere"),
        Source(data=b"<body>the same", encoding=UTF8, url="https://www.example.com/", xml=True),
        Source(data=b"<body>the same", encoding=UTF8, url="https://www.example.com/", host="other.example"),
    ],
)
def test_other_bytes_another_address_or_another_kind_is_read_by_itself(other: Source) -> None:
    known, reader = Remembered(), Reader()
    for source in (page("the same"), page("the same"), other):
        known.contents(source, reader)
    assert reader.read[-1] == other


def test_pages_that_are_different_each_time_take_up_no_room() -> None:
    known, reader = Remembered(), Reader()
    for number in range(50):
        known.contents(page(f"token {number}"), reader)
    known.contents(page("token 7"), reader)
    assert len(reader.read) == 51


def test_the_latest_are_kept_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [page(letter * 100) for letter in "abc"]
    weight = weight_of(pages[0], contents(pages[0], NOBODYS))
    monkeypatch.setattr(remembered, "MOST_BYTES", 2 * weight)
    known, reader = Remembered(), Reader()
    for source in pages:
        known.contents(source, reader)
        known.contents(source, reader)
    reader.read.clear()
    known.contents(pages[2], reader)
    known.contents(pages[1], reader)
    assert reader.read == []
    known.contents(pages[0], reader)
    assert reader.read == [pages[0]]  # driven out by the third, and now the third is the oldest
    known.contents(pages[1], reader)
    assert reader.read == [pages[0]]
    known.contents(pages[2], reader)
    assert reader.read == [pages[0], pages[2]]


@pytest.mark.parametrize(
    ("text", "path", "least"),
    [
        ("", "", 3_000),
        ("", "x" * 60_000, 60_000),
        ("<img src=x>" * 100, "", 60_000),
        ("<svg><a>" * 100, "", 60_000),
    ],
)
def test_no_page_is_so_short_that_any_number_of_them_is_kept(text: str, path: str, least: int) -> None:
    source = page(text, f"https://www.example.com/{path}")
    tracemalloc.start()
    found = contents(source, NOBODYS)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    weight = weight_of(source, found)
    assert weight > least
    assert 0.7 * kept < weight < 2 * kept + len(source.url)


def test_addresses_that_a_visitor_makes_up_drive_out_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_BYTES", 40_000)
    known, reader = Remembered(), Reader()
    nothing = [Source(data=b"", encoding=UTF8, url=f"https://www.example.com/{i}") for i in range(20)]
    for source in nothing:
        known.contents(source, reader)
        known.contents(source, reader)
    reader.read.clear()
    for source in reversed(nothing):
        known.contents(source, reader)
    assert 10 < len(reader.read) < 20


def test_bytes_are_known_as_long_as_a_document_of_them_is(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there, other = page("a" * 100), page("a" * 100, "https://www.example.com/there"), page("b" * 100)
    weight = weight_of(there, contents(there, NOBODYS))
    monkeypatch.setattr(remembered, "MOST_BYTES", 2 * weight)
    known, reader = Remembered(), Reader()
    assert not known.knows(here.data)
    for source in (here, here, there, there):
        known.contents(source, reader)
    assert known.knows(here.data) and not known.knows(other.data)
    for source in (other, other):  # drives out the first
        known.contents(source, reader)
    assert known.knows(here.data) and known.knows(other.data)
    third = page("c" * 100)
    for source in (third, third):
        known.contents(source, reader)
    assert not known.knows(here.data) and known.knows(third.data)


def test_a_page_that_would_drive_out_most_others_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_BYTES", 100_000)
    known, reader = Remembered(), Reader()
    for _ in range(4):
        known.contents(page("<img src=x>" * 1000), reader)
    assert len(reader.read) == 4


def test_what_is_larger_than_one_may_be_is_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "LARGEST", 50)
    known, reader = Remembered(), Reader()
    for _ in range(4):
        known.contents(page("x" * 100), reader)
    assert len(reader.read) == 4


def test_how_many_came_once_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_HASHES", 3)
    known, reader = Remembered(), Reader()
    for number in (0, 1, 2, 3, 0, 0):
        known.contents(page(f"page {number}"), reader)
    assert len(reader.read) == 6  # the first was forgotten before it came again


def test_threads_find_the_same() -> None:
    known, reader = Remembered(), Reader()
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda number: known.contents(page(str(number % 3)), reader), range(300)))
    assert {found[i].where for i in range(3)} == {one.where for one in found}
    again = len(reader.read)
    known.contents(page("1"), reader)
    assert len(reader.read) == again
