"""Secrets as values: a ring of signing keys, and what is derived from them for each use."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

KEY_BYTES = 32


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """A secret with the name it goes by. Its repr never shows the secret."""

    id: str
    secret: bytes

    def __post_init__(self) -> None:
        # Without the id in the message: what stands in its place may be a secret.
        if not self.id:
            raise ValueError("there is no id")
        if len(self.secret) < KEY_BYTES:
            raise ValueError(f"the secret is shorter than {KEY_BYTES} bytes")

    def __repr__(self) -> str:
        return f"Key({self.id})"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys, oldest first: the last one signs, all of them verify (itsdangerous: key rotation)."""

    keys: tuple[Key, ...]

    def __post_init__(self) -> None:
        if not self.keys:
            raise ValueError("a key ring needs at least one key")
        if len({key.id for key in self.keys}) != len(self.keys):
            raise ValueError("two keys of the ring have the same id")

    @property
    def secrets(self) -> list[bytes]:
        return [key.secret for key in self.keys]

    def pepper(self, use: str) -> bytes:
        """A secret for one use, derived from the oldest key, so that adding a key keeps it."""
        return hkdf(self.keys[0].secret, salt=b"consent-gateway", info=use.encode())


def hkdf(material: bytes, *, salt: bytes, info: bytes, length: int = 32) -> bytes:
    """HKDF-SHA256 (RFC 5869): `length` bytes."""
    extracted = hmac.digest(salt, material, hashlib.sha256)
    output = block = b""
    counter = 1
    while len(output) < length:
        block = hmac.digest(extracted, block + info + bytes([counter]), hashlib.sha256)
        output += block
        counter += 1
    return output[:length]
