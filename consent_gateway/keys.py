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

    @property
    def mark(self) -> str:
        """Four letters by which a signed text says which key it was signed with."""
        return hashlib.sha256(self.id.encode()).hexdigest()[:4]


class KeyRing:
    """Keys, oldest first: the last one signs, all of them verify. What is derived comes from `root`, or
    from the oldest key, and does not change when keys come and go."""

    def __init__(self, keys: tuple[Key, ...], root: bytes = b"") -> None:
        _must_differ(keys)
        self._keys = keys
        self._root = root or keys[0].secret

    @property
    def keys(self) -> tuple[Key, ...]:
        return self._keys

    @property
    def root(self) -> Key:
        """What outlives every rotation, as a key."""
        return Key(f"root-{hashlib.sha256(self._root).hexdigest()[:8]}", self._root)

    @property
    def signing(self) -> Key:
        return self._keys[-1]

    def marked(self, mark: str) -> list[Key]:
        """The keys that a mark may be of, newest first."""
        return [key for key in reversed(self._keys) if key.mark == mark]

    def turn(self, keys: tuple[Key, ...]) -> None:
        """Puts other keys in the place of these, for everyone who holds the ring."""
        _must_differ(keys)
        self._keys = keys

    def pepper(self, use: str) -> bytes:
        """A secret for one use."""
        return hkdf(self._root, salt=b"consent-gateway", info=use.encode())


def _must_differ(keys: tuple[Key, ...]) -> None:
    if not keys:
        raise ValueError("a key ring needs at least one key")
    if len({key.id for key in keys}) != len(keys):
        raise ValueError("two keys of the ring have the same id")


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
