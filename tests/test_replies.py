"""The kinds of answer the gateway gives."""

from __future__ import annotations

import pytest

from consent_gateway.replies import no_content, page, redirect, set_cookie, text


def test_a_page_of_ours_is_never_stored_framed_or_helped_by_others() -> None:
    """HTTP-09"""
    response = page(200, "<p>ü")
    assert response.body == "<p>ü".encode()
    assert response.headers.get("cache-control") == "no-store, no-transform"
    assert response.headers.get("x-frame-options") == "DENY"
    assert "default-src 'none'" in response.headers.get("content-security-policy")


def test_a_redirect_is_a_303_that_nobody_stores() -> None:
    response = redirect("/a")
    assert (response.status, response.headers.get("location")) == (303, "/a")
    assert "no-store" in response.headers.get("cache-control")


def test_plain_answers_are_plain() -> None:
    assert text(200, "ok\n").media_type == "text/plain"
    assert (no_content().status, no_content().body) == (204, b"")


def test_a_cookie_is_host_only_and_out_of_reach_of_scripts() -> None:
    name, field = set_cookie("a", "b", secure=True, max_age=60)
    assert name == "Set-Cookie"
    assert set(field.split("; ")) == {"a=b", "HttpOnly", "Max-Age=60", "Path=/", "SameSite=Lax", "Secure"}


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not a cookie"):
        set_cookie("a b", "c", secure=True, max_age=1)
