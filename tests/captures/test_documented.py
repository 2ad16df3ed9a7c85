"""What docs/captures.md tells people to run."""

from __future__ import annotations

import re
import shlex
import urllib.request
from pathlib import Path

from consent_gateway.captures.opening import DEFAULT_LIMIT, opened
from tests.captures.recording import mitmdump
from tests.conftest import ROOT
from tests.loopback import showing

PAGE = (ROOT / "docs" / "captures.md").read_text("utf-8")


def test_mitmdump_records_as_documented(tmp_path: Path) -> None:
    command = re.search(r"^    (mitmdump .*)$", PAGE, re.M)
    also = re.search(r"`(--set hardump=\S+)`", PAGE)
    assert command and also
    options = [*shlex.split(command[1])[1:], *shlex.split(also[1])]
    options = [re.sub(r"\bshop\.", f"{tmp_path}/shop.", one) for one in options]
    with showing("<p>text") as server, mitmdump(tmp_path, *options) as port:
        proxy = urllib.request.ProxyHandler({"http": f"http://127.0.0.1:{port}"})
        assert urllib.request.build_opener(proxy).open(server.address, timeout=10).read() == b"<p>text"
    for name in ("shop.mitm", "shop.har"):
        (found,) = opened(tmp_path / name).exchanges()
        assert found.is_page and found.page == f"{server.address}/"
        assert found.response and found.response.body == b"<p>text"


def test_the_limit_is_the_one_documented() -> None:
    assert f"({DEFAULT_LIMIT // 2**20} MiB)" in PAGE
