"""Which addresses a pattern fits."""

from __future__ import annotations

import pytest

from consent_gateway.lists.patterns import can_be_read, fits, host_of, literal_of, words_of


@pytest.mark.parametrize(
    ("pattern", "address", "expected"),
    [
        ("||example.com^", "https://example.com/", True),
        ("||example.com^", "https://a.b.example.com:8443/x", True),
        ("||example.com^", "https://notexample.com/", False),
        ("||example.com^", "https://example.com.evil.test/", False),
        ("||example.com^", "https://evil.test/?u=https://example.com/", False),
        ("||example.", "https://www.example.co.uk/", True),
        ("|https://ads", "https://ads.example.com/", True),
        ("|https://ads", "https://example.com/?https://ads", False),
        (".js|", "https://example.com/a.js", True),
        (".js|", "https://example.com/a.js?1", False),
        ("/ad^", "https://example.com/ad", True),
        ("/ad^", "https://example.com/ad?x", True),
        ("/ad^", "https://example.com/ad-free", False),
        ("/ad^", "https://example.com/ad%2f", False),
        ("/ads/*/top.", "https://example.com/ads/728/90/top.gif", True),
        ("/ads/*/top.", "https://example.com/ads/top.gif", False),
        ("a.b+c", "https://example.com/a.b+c", True),
        ("a.b+c", "https://example.com/aXbbc", False),
        ("/pixel/v[0-9]+\\.gif$/", "https://example.com/pixel/v12.gif", True),
        ("/^https:\\/\\/s[0-9]\\./", "https://s1.example.com/", True),
        ("/^https:\\/\\/s[0-9]\\./", "https://example.com/?https://s1.", False),
    ],
)
def test_a_pattern_fits_where_its_form_says(pattern: str, address: str, expected: bool) -> None:
    assert bool(fits(pattern, exact_case=False)(address)) is expected
    if expected:
        assert literal_of(pattern) in address
        assert all(word in address for word in words_of(pattern))


def test_case_counts_in_an_expression_where_the_rule_says_so() -> None:
    assert fits("/Ad[0-9]/", exact_case=False)("https://example.com/ad1")
    assert not fits("/Ad[0-9]/", exact_case=True)("https://example.com/ad1")


def test_only_words_that_stand_whole_in_the_address_are_words_of_a_pattern() -> None:
    assert words_of("||track.example.com/pixel*gif?id=") == ["track", "example", "com", "id"]
    assert words_of("|https://ads") == ["https"]
    assert words_of("metrics") == []
    assert words_of("-ad.js|") == ["ad", "js"]
    assert words_of("/(a|b)/") == []


def test_what_is_for_a_whole_host_is_told_from_the_rest() -> None:
    assert host_of("||ads.example.com^") == "ads.example.com"
    assert host_of("||ads.example.com^*.js") == host_of("||ads.*^") == host_of("|ads.example.com^") == ""


def test_an_expression_that_is_none_is_told() -> None:
    assert can_be_read("/a{2,3}/")
    assert not can_be_read("/a(/")
