"""Where it listens, and where not."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.loopback import gateway


def test_for_a_site_that_speaks_tls_no_port_of_udp_is_opened(tmp_path: Path) -> None:
    """H30"""
    with gateway("https://127.0.0.1:1", tmp_path / "state") as base:
        host, _, port = base.removeprefix("http://").partition(":")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind((host, int(port)))
        socket.create_connection((host, int(port)), 5).close()
