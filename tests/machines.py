"""Gateways put together as `serve` does it, with state and database but without a proxy in front."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from consent_gateway.key_file import KEYS_VARIABLE
from consent_gateway.running import Running
from consent_gateway.starting import Settings, start
from tests.asking import Asking

KEYS = {KEYS_VARIABLE: f"a:{base64.b64encode(bytes(range(32))).decode()}"}
PAGE = '<!doctype html><html lang="en"><body><iframe src="https://www.youtube.com/embed/abcdefghijk" width="560" height="315"></iframe></body></html>'


def machine_in(
    state: Path, site: str, now: datetime, *, database: str = "", environment: Mapping[str, str] | None = None
) -> Running:
    """One with its state in a folder, whose clock stands still."""
    file = state.with_name(f"{state.name}.toml")
    file.write_text(site)
    settings = Settings(
        origin="http://127.0.0.1:9",
        origin_hosts=(),
        site_file=file,
        state=state,
        database=database,
        environment=environment or {},
    )
    return start(settings, now=lambda: now)


def loads(asking: Asking) -> bool:
    """Whether the video of the page loads for a browser."""
    return b'src="https://www.youtube.com/embed/' in asking.page(PAGE).body
