"""Which hosts of a capture are the site's own."""

from __future__ import annotations

from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.site_hosts import site_hosts
from consent_gateway.messages import Request, Response


def exchange(host: str, destination: str, status: int = 200) -> Exchange:
    request = Request(method="GET", scheme="https", host=host, target="/")
    return Exchange(
        request=request, response=Response(status=status) if status else None, destination=destination
    )


def test_the_hosts_of_the_domain_with_most_pages_those_with_most_pages_first() -> None:
    found = site_hosts(
        [
            exchange("sign-in.example.net", "document"),  # somebody was sent there once
            exchange("example.com", "document", 301),
            exchange("shop.example.com", "document"),
            *[exchange("www.example.com:8443", "document")] * 3,
            *[exchange("static.example.com", "image")] * 9,
            *[exchange("tracker.example.org", "iframe")] * 50,
        ]
    )
    assert found == ("www.example.com", "shop.example.com", "static.example.com", "example.com")


def test_pages_count_for_their_domain_together() -> None:
    found = site_hosts(
        [*[exchange("a.example.org", "document")] * 2]
        + [exchange(f"{name}.example.com", "document") for name in ("www", "shop", "blog")]
    )
    assert found == ("www.example.com", "shop.example.com", "blog.example.com")


def test_the_domains_of_named_hosts_are_the_sites_where_there_are_pages_of_them() -> None:
    seen = [
        exchange("www.example.com", "document"),
        exchange("static.example.com", "image"),
        *[exchange("example.org", "document")] * 2,
    ]
    assert site_hosts(seen, ["example.com"]) == ("www.example.com", "static.example.com")
    assert site_hosts(seen, ["example.com", "example.org"])[0] == "example.org"
    assert site_hosts(seen, ["elsewhere.example"]) == ("example.org",)


def test_a_capture_without_a_page_tells_no_host() -> None:
    assert site_hosts([exchange("a.example", "image"), exchange("b.example", "document", 0)]) == ()
    assert site_hosts([]) == ()
