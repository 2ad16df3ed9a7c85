"""Several gateways in one process, each with its own site, pages of its own and an end of its own."""

from __future__ import annotations

import socket
from pathlib import Path

import mitmproxy.ctx
import pytest

from consent_gateway.proxy import apart
from tests.loopback import gateway, showing
from tests.proxy.test_master import ask

VIDEO = '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'
MOVED = '[site]\nprefix = "/-/consent"\nlanguages = ["de"]\n[limits]\nrequest = 4096\n'
LARGE = {"Content_Type": "application/x-www-form-urlencoded"}


def is_ours(address: str, path: str) -> bool:
    return ask(address, "GET", path)[2] == b"ok\n"


def test_each_answers_as_itself_whichever_was_started_last(tmp_path: Path) -> None:
    with (
        showing(f"<p>one</p>{VIDEO}") as origin,
        showing(f"<p>two</p>{VIDEO}") as other,
        gateway(origin, tmp_path / "one") as one,
        gateway(other, tmp_path / "two", site=MOVED) as two,
    ):
        for _ in range(2):
            assert is_ours(one, "/.privacy/healthz") and is_ours(two, "/-/consent/healthz")
            assert not is_ours(one, "/-/consent/healthz") and not is_ours(two, "/.privacy/healthz")
            assert b"<p>one" in (first := ask(one, "GET", "/")[2]) and b"/.privacy/activate" in first
            assert b"<p>two" in (second := ask(two, "GET", "/")[2]) and b"/-/consent/activate" in second


def test_each_has_error_pages_and_limits_of_its_own(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with gateway(dead, tmp_path / "one") as one, gateway(dead, tmp_path / "two", site=MOVED) as two:
            assert b'lang="en"' in ask(one, "GET", "/")[2]
            assert b'lang="de"' in ask(two, "GET", "/")[2]
            form = b"decision=reject_all&x=" + b"x" * 5000
            assert ask(one, "POST", "/.privacy/choice", form, Origin=one, **LARGE)[0] == 303
            assert ask(two, "POST", "/-/consent/choice", form, Origin=two, **LARGE)[0] == 413


@pytest.mark.parametrize("first", [True, False])
def test_the_end_of_one_is_not_the_end_of_the_other(tmp_path: Path, first: bool) -> None:
    with showing(VIDEO) as origin:
        one, two = gateway(origin, tmp_path / "one"), gateway(origin, tmp_path / "two", site=MOVED)
        addresses = {one: one.__enter__(), two: two.__enter__()}
        ending, staying = (one, two) if first else (two, one)
        ending.__exit__(None, None, None)
        with pytest.raises(ConnectionRefusedError):
            ask(addresses[ending], "GET", "/")
        path = "/-/consent/healthz" if first else "/.privacy/healthz"
        assert is_ours(addresses[staying], path)
        staying.__exit__(None, None, None)
        with pytest.raises(ConnectionRefusedError):
            ask(addresses[staying], "GET", "/")


def test_who_has_set_nothing_of_his_own_finds_what_was_set_last() -> None:
    """So mitmproxy's own tools find their master everywhere, as ever."""
    apart.keep_apart()
    before = mitmproxy.ctx.options
    mitmproxy.ctx.options = other = type(before)()
    assert mitmproxy.ctx.options is other
    mitmproxy.ctx.options = before
    empty = apart.Own[int]("empty")
    with pytest.raises(AttributeError, match="empty"):
        empty.get()
