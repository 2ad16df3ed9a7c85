"""Where mail is handed in: the address of an SMTP server as the site file writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from consent_gateway.urls import is_loopback

PASSWORD_VARIABLE = "CONSENT_GATEWAY_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
PORTS = {"smtp": 25, "smtps": 465}

# One address as RFC 5321 4.1.2 has it, without quoted names and address literals.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,254}}$)(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")


def is_address(text: str) -> bool:
    """Whether a text is a single mail address and nothing else."""
    return _ADDRESS.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server; `secure` means TLS from the first byte (RFC 8314 3)."""

    host: str
    port: int
    user: str = ""
    secure: bool = False

    @classmethod
    def parse(cls, url: str) -> MailServer:
        """Raises ValueError, never with what may be a password in it."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ValueError("has no valid host or port") from error
        if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError("must be 'smtp://host:25', 'smtp://user@host:587' or 'smtps://user@host'")
        if parts.password is not None:
            raise ValueError(f"must not have a password in it: put that into {PASSWORD_VARIABLE}")
        user = unquote(parts.username or "")
        return cls(parts.hostname, port or PORTS[parts.scheme], user, parts.scheme == "smtps")

    @property
    def is_here(self) -> bool:
        """Whether what is sent to it stays on this machine."""
        return is_loopback(self.host)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
