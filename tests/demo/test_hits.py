"""What a hit says, as its receiver reads it."""

from __future__ import annotations

from consent_gateway.demo.hits import read

CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
)
HINTS = "uaa=x86&uab=64&uafvl=Chromium%3B156.0.8078.79%7CNot%253AA-Brand%3B8.0.0.0&uam=&uap=Linux&uapv=6.1.0"


def test_an_address_keeps_the_encoding_it_had_in_the_page() -> None:
    hit = read("en=page_view&dl=http%3A%2F%2Fsite%2F%3Femail%3Danna%2540example.org", CHROME)
    assert hit.page == "http://site/?email=anna%40example.org"


def test_client_hints_tell_more_of_a_browser_than_its_name() -> None:
    assert read("en=page_view", CHROME).browser == "Chrome 156 on Linux"
    assert (
        read(HINTS, CHROME).browser == "Chrome 156 on Linux, Chromium 156.0.8078.79, Linux 6.1.0, x86 64 bit"
    )


def test_what_was_not_sent_is_empty() -> None:
    hit = read("en=page_view&cid=1.2", CHROME)
    assert (hit.client, hit.user, hit.before) == ("1.2", "", "")
