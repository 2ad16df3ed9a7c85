"""Bytes that only who has the key can read or change."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class Seal:
    """Closes and opens with one key of 32 bytes (https://github.com/fernet/spec)."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(urlsafe_b64encode(key))

    def seal(self, content: bytes) -> str:
        """A text of URL-safe letters, another one each time."""
        return self._fernet.encrypt(content).decode("ascii")

    def unseal(self, sealed: str, *, younger_than: int | None = None) -> bytes:
        """The content. Raises ValueError for what was not closed with this key, or, in seconds, not
        recently enough."""
        try:
            return self._fernet.decrypt(sealed.encode("ascii", "replace"), ttl=younger_than)
        except InvalidToken as error:
            raise ValueError("not sealed with this key, or too long ago") from error


class Box:
    """Closes and opens with one key of 32 bytes, without saying when as a Seal does, and in one place
    only: AES-256-GCM (NIST SP 800-38D), with the place as associated data."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, content: bytes, place: str) -> str:
        """A text of URL-safe letters, another one each time."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, content, place.encode())).decode("ascii")

    def unseal(self, sealed: str, place: str) -> bytes:
        """The content. Raises ValueError for what was not closed with this key for this place, and for
        any other spelling of it."""
        try:
            data = urlsafe_b64decode(sealed.encode("ascii", "replace"))
            if urlsafe_b64encode(data).decode("ascii") != sealed:
                raise ValueError("not sealed with this key: spelt in another way")
            return self._cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise ValueError("not sealed with this key for this place") from error
