"""A script for mitmdump in tests: no name is looked up, each leads to this machine."""

from __future__ import annotations

import os

from mitmproxy.proxy.server_hooks import ServerConnectionHookData


def server_connect(data: ServerConnectionHookData) -> None:
    assert data.server.address
    host, port = data.server.address[:2]
    is_ours = host == "127.0.0.1" or host.endswith("localhost")
    data.server.address = ("127.0.0.1", port if is_ours else int(os.environ["ELSEWHERE_PORT"]))
