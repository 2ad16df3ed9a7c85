"""A certificate that cannot be served with is refused, with the file that is at fault."""

from __future__ import annotations

import re
import ssl
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from consent_gateway.commands.certificate import BadCertificate, joined


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate and its key."""
    issued = trustme.CA().issue_cert("www.example.com")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_bytes(b"".join(pem.bytes() for pem in issued.cert_chain_pems))
    key.write_bytes(issued.private_key_pem.bytes())
    return cert, key


def refusal(cert: Path, key: Path) -> str:
    with pytest.raises(BadCertificate) as raised:
        joined(cert, key)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_a_certificate_and_its_key_come_together(files: tuple[Path, Path], tmp_path: Path) -> None:
    together = tmp_path / "together.pem"
    together.write_bytes(joined(*files))
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(together)


def test_two_files_that_hold_both_are_taken_apart(files: tuple[Path, Path]) -> None:
    cert, key = files
    expected = joined(cert, key)
    other = trustme.CA().issue_cert("other.example.com")
    cert.write_bytes(cert.read_bytes() + other.private_key_pem.bytes())
    key.write_bytes(other.cert_chain_pems[0].bytes() + key.read_bytes())
    assert joined(cert, key) == expected


def test_a_file_without_a_certificate_or_without_a_key_is_named(files: tuple[Path, Path]) -> None:
    cert, key = files
    assert refusal(key, key) == f"{key}: there is no certificate in it (PEM)"
    assert refusal(cert, cert) == f"{cert}: there is no private key in it (PEM)"
    assert "Is a directory" in refusal(cert.parent, key)


def test_the_key_of_another_certificate_is_named(files: tuple[Path, Path]) -> None:
    cert, key = files
    key.write_bytes(trustme.CA().issue_cert("www.example.com").private_key_pem.bytes())
    assert refusal(cert, key) == f"{key}: not the key of the certificate in {cert}"


def test_a_damaged_certificate_or_key_is_named(files: tuple[Path, Path]) -> None:
    cert, key = files
    whole = cert.read_bytes(), key.read_bytes()
    cert.write_bytes(re.sub(rb"\n[A-Za-z0-9+/]{20}", b"\n????", whole[0]))
    assert refusal(cert, key).startswith(f"{cert}: the certificate is damaged")
    cert.write_bytes(whole[0])
    key.write_bytes(re.sub(rb"\n[A-Za-z0-9+/]{20}", b"\n????", whole[1]))
    assert refusal(cert, key).startswith(f"{key}: cannot be used with {cert}")


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_nobody_is_asked_for_a_passphrase(files: tuple[Path, Path], form: PrivateFormat) -> None:
    cert, key = files
    opened = load_pem_private_key(key.read_bytes(), password=None)
    key.write_bytes(opened.private_bytes(Encoding.PEM, form, BestAvailableEncryption(b"geheim")))
    assert refusal(cert, key).startswith(f"{key}: the key is encrypted")
