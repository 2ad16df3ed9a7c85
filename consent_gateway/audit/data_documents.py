"""HTML documents that stand in an address."""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote_to_bytes


def data_document(address: str) -> bytes:
    """The bytes of an HTML document in a data: address (Fetch standard 6), else none."""
    address = re.sub(r"[\t\n\r]", "", address.strip("".join(map(chr, range(33)))))
    head, comma, body = address.partition("#")[0].partition(",")
    if not comma or head[:5].lower() != "data:" or head[5:].partition(";")[0].strip().lower() != "text/html":
        return b""
    content = unquote_to_bytes(body)
    if not re.search(r"; *base64 *$", head, re.I):
        return content
    content = re.sub(rb"[\t\n\f\r ]", b"", content).rstrip(b"=")
    if len(content) % 4 == 1 or re.search(rb"[^A-Za-z0-9+/]", content):
        return b""
    return base64.b64decode(content + b"==")
