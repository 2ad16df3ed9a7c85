"""What goes along with a page of ours, and where redirects lead."""

from __future__ import annotations

import pytest

from consent_gateway import headers
from consent_gateway.messages import Headers


def test_a_page_of_ours_is_private_asked_for_again_and_without_the_origins_validators() -> None:
    fields = headers.for_edited(
        Headers((("ETag", '"x"'), ("Last-Modified", "y"), ("Cache-Control", "public, max-age=60"), ("Vary", "cookie, Accept"),
                 ("Repr-Digest", "z"), ("Content-Length", "5"), ("Accept-Ranges", "bytes"), ("X-Own", "1")))
    )  # fmt: skip
    assert fields.fields == (
        ("X-Own", "1"), ("Cache-Control", "private, no-cache"), ("Vary", "cookie, Accept, Sec-GPC, DNT"),
    )  # fmt: skip


def test_what_was_not_to_be_stored_still_is_not() -> None:
    assert (
        headers.for_edited(Headers.of(Cache_Control="no-store")).get("Cache-Control") == "private, no-store"
    )


def test_a_redirect_by_the_origin_to_itself_leads_back_here() -> None:
    def location(value: str) -> str:
        left = headers.relocated(Headers.of(Location=value), "http://127.0.0.1:9000", "www.example.com")
        return left.get("Location")

    assert location("http://127.0.0.1:9000/a?b") == "/a?b"
    assert location("http://127.0.0.1:9000") == "/"
    assert location("http://127.0.0.1:90001/a") == "http://127.0.0.1:90001/a"
    assert location("//127.0.0.1:9000/a") == "/a"
    assert location("https://127.0.0.1:9000/a") == "https://127.0.0.1:9000/a"
    assert location("https://www.example.org/") == "https://www.example.org/"
    assert location("/there//127.0.0.1:9000") == "/there//127.0.0.1:9000"


@pytest.mark.parametrize(
    ("domain", "stays"),
    [
        ("; Domain=shop.internal", False),
        ("; domain = .internal", False),
        ("; Domain=www.example.com", True),
        ("; Domain=.example.com", True),
        ("; Domain=op.internal", True),
        ("; Domain=other.example", True),
        ("", True),
    ],
)
def test_a_cookie_for_the_domain_of_the_origin_becomes_one_for_the_host_it_was_asked_under(
    domain: str, stays: bool
) -> None:
    value = f"sid=domain{domain}; Path=/; Secure"
    fields = Headers((("Set-Cookie", value), ("X-Domain", value)))
    left = headers.relocated(fields, "http://shop.internal:9000", "www.example.com")
    assert left.get("Set-Cookie") == (value if stays else "sid=domain; Path=/; Secure")
    assert left.get("X-Domain") == value


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [("gzip", True), ("br;q=1, GZIP ;q=0.5", True), ("gzip;q=0", False), ("x-gzip, br", False), ("", False)],
)
def test_gzip_is_for_who_says_so(accepted: str, taken: bool) -> None:
    assert headers.takes_gzip(accepted) is taken


def test_an_event_stream_is_kept_back_by_no_proxy_and_the_sites_own_word_counts() -> None:
    stream = Headers((("Content-Type", "text/event-stream; charset=utf-8"),))
    assert headers.at_once(stream).all("x-accel-buffering") == ["no"]
    own = stream.adding("X-Accel-Buffering", "yes")
    assert headers.at_once(own) == own
    page = Headers((("Content-Type", "text/html"),))
    assert headers.at_once(page) == page
