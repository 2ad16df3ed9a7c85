"""HARs, whole, damaged and hostile."""

from __future__ import annotations

import json
import os
import tracemalloc
from pathlib import Path

import pytest

from consent_gateway.captures.opening import BadCapture, opened
from tests.captures.hars import entry, fields, har, read

PAGE = "https://www.example.com/"


def test_a_bad_entry_costs_no_other(tmp_path: Path) -> None:
    """H22"""
    bad = [None, 7, {}, {"request": {"url": 5}}, entry("https://"), entry(PAGE, request={"method": "G T"})]
    found, skipped = read(tmp_path, har(entry(PAGE), *bad, entry(f"{PAGE}last")))
    assert [one.request.target for one in found] == ["/", "/last"]
    assert skipped == (
        "entry 2: it is no object",
        "entry 3: it is no object",
        "entry 4: request.url: missing",
        "entry 5: request.url: missing",
        "entry 6: request.url: no address of the network",
        "entry 7: request.method: missing",
    )


def test_a_har_that_is_cut_off_is_read_up_to_there(tmp_path: Path) -> None:
    whole = har(entry(PAGE, "<p>one"), entry(f"{PAGE}second", "<p>two"), entry(f"{PAGE}third"))
    for cut in (whole.index("/third"), whole.index('"<p>two"') + 3000):
        found, skipped = read(tmp_path, whole[:cut])
        assert len(found) == (2 if cut < len(whole) else 3) and found[0].response
        assert cut > len(whole) or skipped[0].startswith("entry 3 and whatever follows cannot be read")


def test_bytes_that_are_no_utf_8_and_zeros_at_the_end_cost_nothing(tmp_path: Path) -> None:
    text = har(entry(PAGE, "gr\u00fc\u00dfe")).replace("\\u00fc", "\x7f").encode().replace(b"\x7f", b"\xfc")
    found, skipped = read(tmp_path, text + b"\0" * 3)
    assert found[0].response and found[0].response.body.decode() == "gr\ufffdße"
    assert len(skipped) == 1


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    found, skipped = read(tmp_path, b"\xef\xbb\xbf" + har(entry(PAGE)).encode())
    assert len(found) == 1 and skipped == ()


def test_pages_that_stand_after_the_entries_are_found(tmp_path: Path) -> None:
    """As `jq -S` sorts them."""
    log = {
        "entries": [entry(f"{PAGE}x.js", pageref="p1", _resourceType="script")],
        "pages": [{"id": "p1", "title": f"{PAGE}#top"}],
        "version": "1.2",
    }
    found, _ = read(tmp_path, json.dumps({"log": log}))
    assert (found[0].page, found[0].destination) == (PAGE, "script")


def test_the_page_is_that_of_devtools_where_no_referer_tells_it(tmp_path: Path) -> None:
    pages = [{"id": "p1", "title": PAGE}, {"id": "p2", "title": f"{PAGE}b"}]
    found, _ = read(
        tmp_path,
        har(
            entry(PAGE, pageref="p1", _resourceType="document"),
            entry("https://x.example.org/f", pageref="p1", _resourceType="document"),
            entry(f"{PAGE}b", pageref="p2", _resourceType="document"),
            entry("https://x.example.org/i", pageref="p1", _resourceType="image"),
            entry("https://x.example.org/i", pageref="p2", _resourceType="image"),
            pages=pages,
        ),
    )
    assert [one.destination for one in found] == ["document", "iframe", "document", "image", "image"]
    assert [one.page for one in found] == [PAGE, PAGE, f"{PAGE}b", PAGE, f"{PAGE}b"]


def test_in_a_tab_of_playwright_one_page_follows_another(tmp_path: Path) -> None:
    def of(url: str, kind: str, frame: str) -> object:
        return entry(url, pageref="page@1", _resourceType=kind, _frameref=frame)

    found, _ = read(
        tmp_path,
        har(
            of(PAGE, "document", "main"),
            of("https://x.example.org/frame", "document", "inner"),
            of("https://x.example.org/i", "image", "inner"),
            of("https://other.example/", "document", "main"),
            of("https://x.example.org/i", "image", "main"),
            pages=[{"id": "page@1", "title": "A title"}],
        ),
    )
    assert [one.destination for one in found] == ["document", "iframe", "image", "document", "image"]
    assert [one.page for one in found] == [
        PAGE,
        PAGE,
        PAGE,
        "https://other.example/",
        "https://other.example/",
    ]


def test_the_initiator_is_the_script_that_chromium_names(tmp_path: Path) -> None:
    frames = [{"url": "chrome-extension://abc/hook.js"}, {"url": f"{PAGE}own.js#x"}]
    by_parent = {"callFrames": [], "parent": {"callFrames": [{"url": f"{PAGE}late.js"}]}}
    found, _ = read(
        tmp_path,
        har(
            entry(f"{PAGE}1", _initiator={"type": "script", "stack": {"callFrames": frames}}),
            entry(f"{PAGE}2", _initiator={"type": "parser", "url": PAGE, "lineNumber": 3}),
            entry(f"{PAGE}3", _initiator={"type": "script", "stack": by_parent}),
            entry(f"{PAGE}4", _initiator={"type": "other"}, request={"headers": fields(Referer=f"{PAGE}r")}),
            entry(f"{PAGE}5", _initiator="nonsense"),
        ),
    )
    assert [one.initiator for one in found] == [f"{PAGE}own.js", PAGE, f"{PAGE}late.js", f"{PAGE}r", ""]


@pytest.mark.parametrize(
    "text",
    [
        '{"log": {"version": "1.2", "entries": [' + "[" * 50_000,
        '{"log": {"version": "1.2", "entries": [' + "9" * 20_000 + "]}}",
        '{"log": {"version": "1.2", "entries": [{"a": ' + "1" * 10_000 + "}, NaN]}}",
        '{"log": {"version": "1.2", "entries": ["\\ud800", {"request": {"url": "http://\\u0000/"}}]}}',
        '{"log": {"version": "1.2", "entries": {"0": 1}}, "entries": [1]}',
    ],
)
def test_hostile_json_ends_with_a_sentence_or_nothing(text: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.har"
    path.write_text(text)
    try:
        capture = opened(path)
    except BadCapture:
        return
    assert list(capture.exchanges()) == []


def test_a_large_har_takes_the_memory_of_a_few_entries(tmp_path: Path) -> None:
    path = tmp_path / "large.har"
    with path.open("w") as file:
        file.write('{"log": {"version": "1.2", "entries": [')
        for number in range(200):
            file.write(json.dumps(entry(f"{PAGE}{number}", "<html>" + "ü" * 30_000)) + ",")
        file.write(
            '{"request": {"method": "GET", "url": "https://v.example.org/"}, "response": {"status": 200,'
        )
        file.write('"content": {"encoding": "base64", "text": "')
        for _ in range(200):
            file.write("QUJD" * 25_000)  # a video
        file.write('"}}}]}}')
    capture = opened(path, limit=2**20)
    tracemalloc.start()
    pages, last = 0, None
    for last in capture.exchanges():
        pages += last.is_page
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert pages == 200 and capture.size > 50 * 2**20 and peak < 30 * 2**20
    assert last and last.unreadable == f"more than {2**20} bytes" and capture.skipped == ()


PIPE, FOLDER = f"{'a' * 40}.html", f"{'b' * 40}.html"  # as Playwright names files


def test_a_body_in_a_pipe_or_a_folder_beside_it_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / PIPE)
    (tmp_path / FOLDER).mkdir()
    entries = []
    for name in (PIPE, FOLDER):
        one = entry(f"https://www.example.com/{name}")
        one["response"]["content"] = {"size": 9, "mimeType": "text/html", "_file": name}
        entries.append(one)
    found, _ = read(tmp_path, har(*entries))
    assert [one.unreadable for one in found] == [
        f"the body is in a file of its own, {name}: it is no file on a disk" for name in (PIPE, FOLDER)
    ]


def test_whether_the_end_of_a_har_was_read_is_known(tmp_path: Path) -> None:
    whole = har(entry("https://www.example.com/"), entry("https://www.example.com/b"))
    for text, is_lost in ((whole, False), (whole[: len(whole) // 2], True)):
        (tmp_path / "some.har").write_text(text)
        capture = opened(tmp_path / "some.har")
        list(capture.exchanges())
        assert ("whatever follows cannot be read" in capture.lost) is is_lost
