"""The message by which another system learns of a request, signed (https://www.standardwebhooks.com, 1.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

from consent_gateway.keys import KeyRing
from consent_gateway.subject_requests.request import SubjectRequest

PREFIX = "whsec_"
TYPE = "request.received"


def secret_of(ring: KeyRing) -> bytes:
    """What messages are signed with."""
    return ring.pepper("webhook")


def secret_text(secret: bytes) -> str:
    """The secret as who receives the messages is given it."""
    return f"{PREFIX}{base64.b64encode(secret).decode('ascii')}"


def body_of(request: SubjectRequest) -> bytes:
    data = {
        "number": request.number,
        "kind": request.kind,
        "received": _moment(request.received),
        "due": request.due.isoformat(),
        "channel": request.channel,
        "host": request.host,
        "language": request.language,
        "reply_to": request.reply_to,
        "message": request.message,
    }
    content = {"type": TYPE, "timestamp": _moment(request.received), "data": data}
    return json.dumps(content, ensure_ascii=False).encode()


def headers_of(id: str, body: bytes, secret: bytes, now: datetime) -> dict[str, str]:
    """The headers of one attempt; the id is the same in each."""
    timestamp = str(int(now.timestamp()))
    signed = hmac.digest(secret, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(signed).decode('ascii')}",
    }


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds")
