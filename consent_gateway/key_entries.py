"""Keys as they are written down: which of them signs, which only verify, which no cookie needs any more."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from consent_gateway.consent import OBJECTION_LIFE
from consent_gateway.keys import Key
from consent_gateway.periods import Period

# Until then every process has seen a new key, and verifies what it signs: each looks every ten seconds.
SETTLES = timedelta(seconds=30)
# A month longer than what is remembered longest, an objection: no cookie signed before is valid then.
NEEDED = Period(OBJECTION_LIFE.number + 1, OBJECTION_LIFE.unit)
# Of 32 random bytes about 30 differ; a word repeated or a row of zeros is no secret.
FEWEST_DIFFERENT = 12


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key with the moment it was made, if that is known."""

    key: Key
    created: datetime | None = None

    @classmethod
    def of(cls, id: str, secret: str, created: datetime | None = None) -> KeyEntry:
        """From an id and a secret in base64. Raises ValueError, which never shows the secret."""
        key = Key(id, decoded(secret) if id else b"")
        if len(set(key.secret)) < FEWEST_DIFFERENT:
            raise ValueError("the secret is not random")
        return cls(key, created)


def in_order(entries: Sequence[KeyEntry], now: datetime) -> tuple[Key, ...]:
    """The keys, the one that signs last: the newest that has settled, or the oldest where none has."""
    settled = [entry for entry in entries if entry.created is None or entry.created + SETTLES <= now]
    known = settled or entries[:1]
    fresh = [entry for entry in entries if entry not in known]
    return tuple(entry.key for entry in (*known[:-1], *fresh, *known[-1:]))


def superseded(entries: Sequence[KeyEntry], now: datetime) -> list[KeyEntry]:
    """The keys that signed nothing that is still valid: the next was made long enough ago."""
    return [
        entry for entry, after in pairwise(entries) if after.created and NEEDED.after(after.created) <= now
    ]


def decoded(text: str) -> bytes:
    """Bytes from base64. Raises ValueError."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ValueError("the secret is not base64") from error


def encoded(value: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(value).decode("ascii")
