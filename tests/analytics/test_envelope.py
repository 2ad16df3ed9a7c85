"""What goes on to Google is built from nothing."""

from __future__ import annotations

from consent_gateway.analytics.envelope import outbound
from consent_gateway.analytics.filter import Filtered


def test_a_single_hit_is_a_get_with_two_headers() -> None:
    request = outbound(
        Filtered([("v", "2"), ("dl", "https://a/b c")], ()), collect_url="https://c", user_agent="UA"
    )
    assert request.method == "GET"
    assert request.url == "https://c/g/collect?v=2&dl=https%3A%2F%2Fa%2Fb%20c"
    assert request.headers == (("User-Agent", "UA"), ("Accept", "*/*"))
    assert request.body == b""


def test_a_batch_is_a_post_with_an_event_a_line() -> None:
    request = outbound(
        Filtered([("v", "2")], ([("en", "a")], [], [("en", "b"), ("x", "1&2")])),
        collect_url="https://c",
        user_agent="UA",
    )
    assert request.method == "POST"
    assert request.body == b"en=a\r\nen=b&x=1%262"
    assert dict(request.headers)["Content-Type"] == "text/plain;charset=UTF-8"
