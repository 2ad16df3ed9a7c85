"""What is a capture, and what is told somebody whose file is none."""

from __future__ import annotations

import gzip
import hashlib
import os
import random
import zipfile
import zlib
from pathlib import Path

import pytest

from consent_gateway.captures.opening import DEFAULT_LIMIT, BadCapture, opened
from tests.captures.flows import bytes_of, flow_of
from tests.captures.hars import entry, fields, har
from tests.conftest import ROOT

PAGE = "https://www.example.com/"
FLOWS = bytes_of(
    flow_of(PAGE, b"<p>", content_type="text/html"), flow_of(f"{PAGE}b", fields={"Referer": PAGE})
)
HAR = har(entry(PAGE, "<p>"), entry(f"{PAGE}b", request={"headers": fields(Referer=PAGE)})).encode()


def test_a_capture_says_what_it_is_and_can_be_read_again_and_again(tmp_path: Path) -> None:
    for content, kind in ((FLOWS, "mitmproxy flows"), (HAR, "HAR")):
        path = tmp_path / "capture"  # the name says nothing
        path.write_bytes(content)
        capture = opened(path)
        assert (capture.path, capture.kind, capture.size) == (path, kind, len(content))
        assert capture.sha256 == hashlib.sha256(content).hexdigest()
        first, again = list(capture.exchanges()), list(capture.exchanges())
        assert [one.request.url for one in first] == [PAGE, f"{PAGE}b"] and first == again


def test_what_was_skipped_is_that_of_the_last_reading(tmp_path: Path) -> None:
    path = tmp_path / "capture"
    path.write_bytes(FLOWS + b"garbage")
    capture = opened(path)
    assert capture.skipped == ()
    assert len(list(capture.exchanges())) == 2 and len(list(capture.exchanges())) == 2
    assert len(capture.skipped) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (gzip.compress(HAR), "packed with gzip"),
        (zlib.compress(HAR, 9), "packed with zlib"),
        (HAR.decode().encode("utf-16"), "UTF-16"),
        (b"\xd4\xc3\xb2\xa1" + b"\0" * 20, "network trace"),
        (b"<!doctype html>", "neither a flow file of mitmproxy nor a HAR"),
        (b"12:hello world!,", "neither a flow file of mitmproxy nor a HAR"),
        (b"{nonsense", "neither a flow file of mitmproxy nor a HAR: "),
        (b"{}", "JSON, but no HAR"),
        (b'{"log": 5}', "JSON, but no HAR"),
        (b'{"log": {"version": "1.2"}}', "JSON, but no HAR"),
        (b'{"entries": []}', "JSON, but no HAR"),
        (b'{"log": {"version": "2.0", "entries": []}}', "a HAR of version '2.0': only 1.x"),
        (b'{"log": {"entries": [], "version": 3}}', "a HAR of version '3': only 1.x"),
        (b'{"log": ' + b"[" * 5000, "neither a flow file of mitmproxy nor a HAR: it is nested"),
    ],
)
def test_what_is_no_capture_is_refused_with_file_and_reason(
    content: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "some.file"
    path.write_bytes(content)
    with pytest.raises(BadCapture) as refused:
        opened(path)
    assert str(refused.value).startswith(f"{path}: ") and reason in str(refused.value)


def test_a_zip_of_playwright_is_refused_and_reads_when_unpacked(tmp_path: Path) -> None:
    digest = "0123456789abcdef0123456789abcdef01234567.html"
    packed = tmp_path / "har.zip"
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("har.har", har(entry(PAGE, None, content={"_file": digest})))
        file.writestr(digest, "<p>attached")
    with pytest.raises(BadCapture, match="it is a zip: unpack it and give the"):
        opened(packed)
    with zipfile.ZipFile(packed) as file:
        file.extractall(tmp_path)
    (found,) = opened(tmp_path / "har.har").exchanges()
    assert found.response and found.response.body == b"<p>attached"


def test_a_folder_a_pipe_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, reason in (
        (tmp_path, "a folder"),
        (tmp_path / "pipe", "no file on a disk"),
        (tmp_path / "gone", "No such file"),
    ):
        with pytest.raises(BadCapture, match=reason):
            opened(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked"
    path.write_bytes(HAR)
    path.chmod(0)
    with pytest.raises(BadCapture, match="Permission denied"):
        opened(path)


def test_a_file_that_is_gone_when_it_is_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "some.har"
    path.write_bytes(HAR)
    capture = opened(path)
    path.unlink()
    with pytest.raises(BadCapture, match=r"some\.har: No such file"):
        list(capture.exchanges())


@pytest.mark.parametrize("content", [FLOWS, HAR], ids=["flows", "har"])
def test_a_damaged_file_is_read_or_refused_and_nothing_else(content: bytes, tmp_path: Path) -> None:
    chance = random.Random(5)
    path = tmp_path / "damaged"
    read = 0
    for _ in range(600):
        damaged = bytearray(content)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.choice((0, 1, 3))] = chance.randbytes(chance.choice((0, 1, 2)))
        path.write_bytes(damaged)
        try:
            capture = opened(path)
        except BadCapture:
            continue
        read += sum(1 for _ in capture.exchanges())
    assert read > 100


def test_the_limit_is_the_one_documented() -> None:
    assert f"({DEFAULT_LIMIT // 2**20} MiB)" in (ROOT / "docs" / "captures.md").read_text("utf-8")
