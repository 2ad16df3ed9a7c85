"""The reference of paths, cookies and headers."""

from __future__ import annotations

from consent_gateway.analytics import endpoints
from consent_gateway.own_cookies import OWN_COOKIES
from consent_gateway.own_paths import PATHS
from consent_gateway.reference.paths import part
from consent_gateway.replies import OWN_PAGE_HEADERS

PART = part()


def test_every_path_is_there_with_its_method_and_fields() -> None:
    for one in PATHS:
        assert f"| `{one.method} /.privacy{one.path}` | {one.status} | " in PART
        for field in one.sent:
            assert f"| `{field.name}` | {field.meaning} |" in PART
    assert "| `GET /.well-known/gpc.json` |" in PART


def test_every_endpoint_of_google_is_there() -> None:
    for one in endpoints.load().endpoint:
        path = f"/x/{one.host}{one.path}" if one.host else one.path
        assert f"| `{path}` | {one.meaning} | " in PART


def test_every_cookie_and_header_of_the_gateways_own_is_there() -> None:
    for one in OWN_COOKIES:
        assert f"| `{one.name('https')}` | `{one.name('http')}` |" in PART
    for name, value in OWN_PAGE_HEADERS:
        assert f"| `{name}` | `{value}` |" in PART
