"""Bytes that only who has the key can read or change."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken


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
