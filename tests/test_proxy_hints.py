"""A proxy in front that speaks TLS, of which the site file does not know."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from consent_gateway.messages import Headers, Request
from consent_gateway.proxy_hints import ProxyHints
from tests.loopback import gateway, showing
from tests.proxy.test_master import ask

BY_TLS = Headers((("X-Forwarded-Proto", "https"),))
NEAR = Request(method="GET", scheme="http", host="site.test", target="/", headers=BY_TLS, peer="10.0.0.10")
TRUSTED = replace(NEAR, scheme="https", through_trusted=True)
FAR = replace(NEAR, peer="8.8.8.8")
PLAIN = replace(TRUSTED, scheme="http", headers=Headers((("X-Forwarded-Proto", "http"),)))


@pytest.mark.parametrize(
    ("scheme", "request_", "said"),
    [
        ("http", TRUSTED, 'write scheme = "https"'),
        ("http", NEAR, "[site] trusted_proxies"),
        ("http", FAR, ""),  # anybody may write what he likes
        ("http", PLAIN, ""),
        ("http", replace(TRUSTED, headers=Headers()), ""),
        ("https", TRUSTED, ""),
    ],
    ids=["trusted", "near", "far", "plain", "silent", "told"],
)
def test_the_operator_is_told_once_what_the_site_file_lacks(
    scheme: str, request_: Request, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    hints = ProxyHints(scheme)
    for _ in range(3):
        hints.look(request_)
    assert len(caplog.messages) == bool(said) and said in caplog.text
    assert "10.0.0.10" not in caplog.text and "8.8.8.8" not in caplog.text


def test_over_the_wire_too(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    site = '[site]\ntrusted_proxies = ["127.0.0.1"]\n'
    with showing("page") as origin, gateway(origin, tmp_path / "state", site=site) as base:
        ask(base, "GET", "/", X_Forwarded_Proto="https")
    assert 'write scheme = "https"' in caplog.text
