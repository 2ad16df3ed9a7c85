"""A webhook's message is signed as Standard Webhooks says: who has the secret can tell."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from consent_gateway.keys import Key, KeyRing
from consent_gateway.subject_requests.request import SubjectRequest
from consent_gateway.subject_requests.webhook import body_of, headers_of, secret_of, secret_text
from tests.conftest import ROOT
from tests.received import NOW, WORDS, new


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md,
    computed by another way than ours."""
    secret, body = b"s" * 32, b'{"type":"request.received"}'
    headers = headers_of("request-1-ab", body, secret, NOW)
    signed = f"request-1-ab.{int(NOW.timestamp())}.".encode() + body
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers == {
        "Content-Type": "application/json",
        "webhook-id": "request-1-ab",
        "webhook-timestamp": str(int(NOW.timestamp())),
        "webhook-signature": f"v1,{expected}",
    }


def test_any_other_id_time_body_or_secret_has_another_signature() -> None:
    def signature(id: str = "a", body: bytes = b"b", secret: bytes = b"s" * 32, day: int = 24) -> str:
        return headers_of(id, body, secret, NOW.replace(day=day))["webhook-signature"]

    assert len({signature(), signature(id="x"), signature(body=b"x"), signature(secret=b"x" * 32), signature(day=25)}) == 5  # fmt: skip


def test_the_body_has_the_request_and_not_its_key() -> None:
    request = SubjectRequest.of(new(), 3, NOW)
    content = json.loads(body_of(request))
    assert (content["type"], content["timestamp"]) == ("request.received", "2026-11-24T10:30:00+00:00")
    assert content["data"] == {
        "number": 3, "kind": "erase", "received": "2026-11-24T10:30:00+00:00", "due": "2026-12-24", "channel": "form",
        "host": "www.example.com", "language": "de", "reply_to": "anna@example.com", "message": WORDS,
    }  # fmt: skip
    assert request.key.encode() not in body_of(request)


def test_the_secret_outlives_a_rotation_and_is_written_as_receivers_take_it(ring: KeyRing) -> None:
    before = secret_of(ring)
    text = secret_text(before)
    assert text.startswith("whsec_") and base64.b64decode(text.removeprefix("whsec_")) == before
    assert secret_of(KeyRing((Key("new", b"n" * 32),), ring.root.secret)) == before
    assert secret_of(KeyRing((Key("other", b"o" * 32),))) != before


def test_the_documentation_shows_how_to_check_it() -> None:
    """The ten lines are those that are run here."""
    (lines,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "requests.md").read_text("utf-8"), re.S)
    known: dict[str, Any] = {}
    exec(lines, known)
    secret, now = b"s" * 32, datetime.now(UTC)
    body = body_of(SubjectRequest.of(new(), 3, now))

    def is_genuine(sent: datetime, secret: bytes = secret, changed: dict[str, str] = {}) -> bool:  # noqa: B006
        headers = headers_of("request-3-ab", body, b"s" * 32, sent) | changed
        right = known["is_genuine"](headers, body, secret_text(secret))
        assert isinstance(right, bool)
        return right

    assert is_genuine(now)
    of_two_keys = f"v1,x {headers_of('request-3-ab', body, secret, now)['webhook-signature']}"
    assert is_genuine(now, changed={"webhook-signature": of_two_keys})
    assert not is_genuine(now, changed={"webhook-id": "other"})
    assert not is_genuine(now, b"x" * 32)
    assert not is_genuine(now - timedelta(minutes=6))
