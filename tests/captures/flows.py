"""Flow files for tests, written by mitmproxy's own writer."""

from __future__ import annotations

import io
from pathlib import Path

from mitmproxy import flow, http
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow

from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.opening import opened


def flow_of(
    url: str, body: bytes | None = b"", *, fields: dict[str, str] | None = None, **answer: str
) -> http.HTTPFlow:
    """A flow of a GET; `fields` are the request's, `answer` the response's header fields."""
    made = tflow.tflow(resp=True)
    made.request = http.Request.make("GET", url)
    made.request.headers.update(fields or {})
    made.response = http.Response.make(200)
    made.response.raw_content = body  # as it is: mitmproxy would code it, or drop the coding
    for name, value in answer.items():
        made.response.headers[name.replace("_", "-")] = value
    return made


def bytes_of(*flows: flow.Flow) -> bytes:
    file = io.BytesIO()
    for one in flows:
        FlowWriter(file).add(one)
    return file.getvalue()


def read(folder: Path, content: bytes, limit: int = 2**20) -> tuple[list[Exchange], tuple[str, ...]]:
    """The exchanges of a flow file, and what was skipped."""
    path = folder / "some.mitm"
    path.write_bytes(content)
    capture = opened(path, limit=limit)
    return list(capture.exchanges()), capture.skipped
