"""Certificate and key as files, checked before anything is served."""

from __future__ import annotations

import re
import ssl
from pathlib import Path

_BLOCK = r"-----BEGIN %s-----\s.*?-----END %s-----"
CERTIFICATE = re.compile((_BLOCK % ("CERTIFICATE", "CERTIFICATE")).encode(), re.S)
KEY = re.compile((_BLOCK % ("[A-Z ]*PRIVATE KEY", "[A-Z ]*PRIVATE KEY")).encode(), re.S)
ENCRYPTED = re.compile(rb"BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED")


class BadCertificate(Exception):
    """A certificate or key that cannot be served with; names the file and the reason."""


def joined(cert: Path, key: Path) -> bytes:
    """Key and certificate chain in one text, as mitmproxy wants them. Raises BadCertificate."""
    chain, secret = CERTIFICATE.findall(_read(cert)), KEY.findall(_read(key))
    if not chain:
        raise BadCertificate(f"{cert}: there is no certificate in it (PEM)")
    if not secret:
        raise BadCertificate(f"{key}: there is no private key in it (PEM)")
    if ENCRYPTED.search(secret[0]):
        raise BadCertificate(f"{key}: the key is encrypted; the gateway needs it without a passphrase")
    _check(cert, key)
    return b"\n".join([secret[0], *chain, b""])


def _check(cert: Path, key: Path) -> None:
    """Raises BadCertificate if the two do not belong together or one is damaged."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cert)
    except ssl.SSLError as error:
        raise BadCertificate(f"{cert}: the certificate is damaged ({_words(error)})") from error
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise BadCertificate(f"{key}: not the key of the certificate in {cert}") from error
        raise BadCertificate(f"{key}: cannot be used with {cert} ({_words(error)})") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadCertificate(f"{path}: {error.strerror}") from error


def _words(error: ssl.SSLError) -> str:
    return (error.reason or "unreadable").lower().replace("_", " ")
