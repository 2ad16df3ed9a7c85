"""What a Content Security Policy lets a browser fetch, as CSP 3 says."""

from __future__ import annotations

import pytest

from consent_gateway.audit.policies import allowed
from consent_gateway.urls import resolve

HOST = "www.example.com"


def lets(policy: str, url: str, destination: str = "empty") -> bool:
    address = resolve(url, "about:blank")
    assert address
    return allowed([policy] if policy else [], address, destination, HOST)


@pytest.mark.parametrize(
    ("policy", "url", "destination"),
    [
        ("", "https://t.example/", "image"),
        ("img-src 'none'", "https://t.example/", "script"),
        ("default-src *", "https://t.example/", "image"),
        ("default-src 'none'; img-src t.example", "https://t.example/x", "image"),
        ("default-src https:", "https://t.example/", "empty"),
        ("default-src 'self'", "https://www.example.com/x", "script"),
        ("frame-src *.t.example", "https://a.b.t.example/", "iframe"),
        ("script-src http://t.example", "https://t.example/", "script"),
        ("connect-src t.example:*", "https://t.example:8443/", "empty"),
        ("script-src 'nonce-a' 'strict-dynamic'", "https://t.example/", "script"),
    ],
)
def test_what_is_let_pass(policy: str, url: str, destination: str) -> None:
    assert lets(policy, url, destination)


@pytest.mark.parametrize(
    ("policy", "url", "destination"),
    [
        ("default-src 'self'", "https://t.example/", "image"),
        ("default-src *; connect-src 'self'", "https://t.example/", "empty"),
        ("frame-src *.t.example", "https://t.example/", "iframe"),
        ("img-src nott.example", "https://t.example/", "image"),
        ("script-src https://t.example", "http://t.example/", "script"),
        ("connect-src t.example", "https://t.example:8443/", "empty"),
        ("default-src 'self'; default-src *", "https://t.example/", "font"),
        ("media-src 'none'", "https://t.example/", "video"),
    ],
)
def test_what_is_stopped(policy: str, url: str, destination: str) -> None:
    assert not lets(policy, url, destination)


def test_every_policy_has_to_agree() -> None:
    address = resolve("https://t.example/", "about:blank")
    assert address
    assert not allowed(["img-src *", "img-src 'self'"], address, "image", HOST)
