"""HARs for tests, made of entries as the programs write them that record some."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.opening import opened


def entry(url: str, text: str | None = "", **more: Any) -> dict[str, Any]:
    """An entry; members of request, response and content are given by `request`, `response`, `content`."""
    content: dict[str, Any] = {"size": len(text or ""), "mimeType": "text/html; charset=utf-8"}
    if text is not None:
        content["text"] = text
    response = {"status": 200, "headers": [], "content": content | more.pop("content", {})}
    return {
        "startedDateTime": "2026-11-29T10:00:00.000Z",
        "time": 1.5,
        "request": {"method": "GET", "url": url, "headers": []} | more.pop("request", {}),
        "response": response | more.pop("response", {}),
        **more,
    }


def fields(**values: str) -> list[dict[str, str]]:
    return [{"name": name.replace("_", "-"), "value": value} for name, value in values.items()]


def har(*entries: object, pages: object = (), **log: Any) -> str:
    return json.dumps(
        {"log": {"version": "1.2", "creator": {"name": "t"}, "pages": pages, **log, "entries": entries}}
    )


def read(folder: Path, text: str | bytes, limit: int = 2**20) -> tuple[list[Exchange], tuple[str, ...]]:
    """The exchanges of a HAR, and what was skipped."""
    path = folder / "some.har"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    capture = opened(path, limit=limit)
    return list(capture.exchanges()), capture.skipped
