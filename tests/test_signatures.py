"""Software is known by its addresses, on any host, and nothing else is taken for it."""

from __future__ import annotations

from time import perf_counter

import pytest

from consent_gateway.signatures import Signature, Signatures

RULES = [
    (Signature(words=("ads", "stat"), folders=("adserver", "www/delivery")), "advertisements"),
    (Signature(files=("matomo.js", "prebid*.js", "pixel.gif?*", "collect?*tid=g-*", "*-sync.html")), "files"),
]


@pytest.fixture
def signatures() -> Signatures[str]:
    return Signatures(RULES)


@pytest.mark.parametrize(
    ("host", "rest", "owner"),
    [
        ("ads.example.com", "/", "advertisements"),
        ("ads2.example.com", "/", "advertisements"),
        ("eu-ads.example.com", "/", "advertisements"),
        ("ads-eu.example.co.uk", "/", "advertisements"),
        ("cdn.ads.example.com", "/", None),
        ("ads.com", "/", None),
        ("adsense.example.com", "/", None),
        ("roads.example.com", "/", None),
        ("status.example.com", "/", None),
        ("cdn.example.com", "/a/adserver/b.jpg", "advertisements"),
        ("cdn.example.com", "/a/AdServer/b.jpg", "advertisements"),
        ("cdn.example.com", "/adserver/", "advertisements"),
        ("cdn.example.com", "/adserver", None),
        ("cdn.example.com", "/myadserver/b.jpg", None),
        ("cdn.example.com", "/x/www/delivery/ajs.php?zone=1", "advertisements"),
        ("cdn.example.com", "/delivery/ajs.php", None),
        ("cdn.example.com", "/matomo.js", "files"),
        ("cdn.example.com", "/a/b/Matomo.js?v=1", "files"),
        ("cdn.example.com", "/matomo.json", None),
        ("cdn.example.com", "/my-matomo.js", None),
        ("cdn.example.com", "/matomo.js/other.js", None),
        ("cdn.example.com", "/go?to=/matomo.js", None),
        ("cdn.example.com", "/prebid.js", "files"),
        ("cdn.example.com", "/prebid-8.1.min.js?x", "files"),
        ("cdn.example.com", "/prebid/other.js", None),
        ("cdn.example.com", "/prebid?a.js", None),
        ("cdn.example.com", "/pixel.gif?id=1", "files"),
        ("cdn.example.com", "/pixel.gif", None),
        ("cdn.example.com", "/g/collect?v=2&tid=G-ABC", "files"),
        ("cdn.example.com", "/g/collect?v=2", None),
        ("cdn.example.com", "/user-sync.html", "files"),
    ],
)
def test_an_address_shows_the_software(
    signatures: Signatures[str], host: str, rest: str, owner: str | None
) -> None:
    assert signatures.find(host, rest) == owner


def test_a_local_stand_in_counts_as_what_it_stands_for_where_the_site_says_so() -> None:
    assert Signatures(RULES).find("ads.localhost", "/") is None
    assert Signatures(RULES, stand_ins=True).find("ads.example.com.localhost", "/") == "advertisements"


@pytest.mark.parametrize("part", ["/", "/prebid", "a-sync.htm", "/x-sync.html-sync.htm", "/collect?tid=g"])
def test_an_address_of_any_length_is_read_in_time(signatures: Signatures[str], part: str) -> None:
    rest = "/" + part * (1_000_000 // len(part))
    before = perf_counter()
    signatures.find("cdn.example.com", rest)
    assert perf_counter() - before < 2
