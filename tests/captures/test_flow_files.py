"""Flow files of mitmproxy, whole, damaged and hostile."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest
from mitmproxy import flow
from mitmproxy.io import tnetstring
from mitmproxy.test import tflow

from consent_gateway.captures.opening import BadCapture, opened
from tests.captures.flows import bytes_of, flow_of, read

PAGE = "https://www.example.com/"


def state_of(one: flow.Flow, **changes: object) -> bytes:
    state = one.get_state()
    state.update(changes)
    return tnetstring.dumps(state)


def test_a_body_is_decoded_by_our_own_decoder_within_the_limit(tmp_path: Path) -> None:
    two_members = gzip.compress(b"first ") + gzip.compress(b"second")  # mitmproxy's would drop the second
    flows = bytes_of(
        flow_of(PAGE, two_members, content_encoding="gzip"),
        flow_of(PAGE, gzip.compress(b"x" * 5000), content_encoding="gzip"),
        flow_of(PAGE, gzip.compress(b"page")[:-3], content_encoding="gzip"),
        flow_of(PAGE, b"page", content_encoding="lzma"),
        flow_of(PAGE, None),
    )
    found, skipped = read(tmp_path, flows, limit=4096)
    assert [one.response and one.response.body for one in found] == [b"first second", b"", b"", b"", b""]
    reasons = [one.unreadable for one in found]
    assert reasons[0] == "" and reasons[1] == "more than 4096 bytes"
    assert "truncated" in reasons[2] and "lzma" in reasons[3] and "streamed" in reasons[4]
    assert found[0].response and found[0].response.headers.fields == ()
    assert skipped == ()


def test_a_file_that_is_cut_off_is_read_up_to_there(tmp_path: Path) -> None:
    two = bytes_of(flow_of(PAGE), flow_of(f"{PAGE}second"))
    third, whole = len(two), two + bytes_of(flow_of(f"{PAGE}third"))
    for cut in (third + 3, third + 40, len(whole) - 1):
        found, skipped = read(tmp_path, whole[:cut])
        assert [one.request.target for one in found] == ["/", "/second"]
        assert skipped == ("flow 3 is cut off: the file ends in the middle of it",)


def test_a_bad_flow_costs_no_other(tmp_path: Path) -> None:
    bad = [
        state_of(flow_of(PAGE), request=None),
        state_of(flow_of(PAGE), version=9999),
        state_of(flow_of(PAGE), type="smoke signals"),
        tnetstring.dumps({"version": 1}),
        tnetstring.dumps([1, 2, 3]),
        b"10:aaaaaaaaaa,",
    ]
    content = bytes_of(flow_of(PAGE)) + b"".join(bad) + bytes_of(flow_of(f"{PAGE}last"))
    found, skipped = read(tmp_path, content)
    assert [one.request.target for one in found] == ["/", "/last"]
    assert len(skipped) == len(bad) and "flow format version 9999" in skipped[1]


def test_after_a_length_that_is_none_nothing_is_guessed(tmp_path: Path) -> None:
    found, skipped = read(tmp_path, bytes_of(flow_of(PAGE)) + b"garbage" + bytes_of(flow_of(PAGE)))
    assert len(found) == 1 and skipped == (
        "flow 2 does not begin as one: it and whatever follows cannot be read",
    )


@pytest.mark.parametrize("length", [b"999999999999:", b"000000000099:", b"5:", b"9:" * 200_000])
def test_a_length_that_is_a_lie_costs_no_memory_and_ends(length: bytes, tmp_path: Path) -> None:
    tracemalloc.start()
    found, skipped = read(tmp_path, bytes_of(flow_of(PAGE)) + length)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == 1 and skipped and peak < 20 * 2**20


def test_a_flow_that_is_deeply_nested_is_refused(tmp_path: Path) -> None:
    nested = b"0:~"
    for _ in range(5000):
        nested = b"%d:%s]" % (len(nested), nested)
    found, skipped = read(tmp_path, bytes_of(flow_of(PAGE)) + nested + bytes_of(flow_of(PAGE)))
    assert len(found) == 2 and len(skipped) == 1


def test_what_is_no_http_is_counted(tmp_path: Path) -> None:
    flows = bytes_of(tflow.ttcpflow(), flow_of(PAGE), tflow.ttcpflow(), tflow.tdnsflow(resp=True))
    found, skipped = read(tmp_path, flows)
    assert len(found) == 1
    assert skipped == ("2 of the flows are no HTTP (tcp)", "1 of the flows are no HTTP (dns)")


def test_a_flow_that_failed_has_no_response_and_a_socket_is_one_exchange(tmp_path: Path) -> None:
    failed, socket = tflow.tflow(resp=False, err=True), tflow.twebsocketflow()
    found, _ = read(tmp_path, bytes_of(failed, socket))
    assert found[0].response is None
    assert [one.destination for one in found][1] == "websocket"


def test_a_tunnel_is_said_and_is_no_exchange(tmp_path: Path) -> None:
    tunnel = flow_of(PAGE)
    tunnel.request.method = "CONNECT"
    found, skipped = read(tmp_path, bytes_of(tunnel, flow_of(PAGE)))
    assert len(found) == 1 and "a tunnel to www.example.com" in skipped[0]


def test_http_2_names_its_host_in_the_authority(tmp_path: Path) -> None:
    made = flow_of("https://198.51.100.7/", fields={"accept": "text/html"})
    made.request.http_version = "HTTP/2.0"
    made.request.authority = "Www.Example.Com:8443"
    found, _ = read(tmp_path, bytes_of(made))
    assert found[0].request.host == "www.example.com:8443"
    assert found[0].is_page and found[0].page == "https://www.example.com:8443/"


def test_a_file_of_a_newer_mitmproxy_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "new.mitm"
    path.write_bytes(state_of(flow_of(PAGE), version=9999))
    with pytest.raises(BadCapture, match=r"new\.mitm: .*flow format version 9999"):
        opened(path)


def test_five_hundred_pages_take_the_memory_of_a_few(tmp_path: Path) -> None:
    path = tmp_path / "many.mitm"
    with path.open("wb") as file:
        for number in range(500):
            body = b"<html>%d" % number + b"x" * 40_000
            file.write(bytes_of(flow_of(f"{PAGE}{number}", body, content_type="text/html")))
    capture = opened(path)
    told: list[int] = []
    tracemalloc.start()
    pages = sum(one.is_page for one in capture.exchanges(told.append))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert pages == 500 and peak < capture.size / 5
    assert told == sorted(told) and told[-1] == capture.size and len(told) > 100
