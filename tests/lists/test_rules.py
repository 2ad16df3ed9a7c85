"""A line of a list is a rule, or it is said why not."""

from __future__ import annotations

import pytest

from consent_gateway.lists import kinds
from consent_gateway.lists.kinds import ANY, IMAGE, SCRIPT
from consent_gateway.lists.rules import Rule, Skipped, When, parse


def rule(line: str) -> Rule:
    found = parse(line, "own.txt")
    assert isinstance(found, Rule)
    return found


def when(options: str) -> When:
    return rule(f"||example.com^${options}").when


def test_a_rule_without_options_holds_everything_a_page_fetches() -> None:
    assert rule("||Example.com^") == Rule("||example.com^", When(list="own.txt", kinds=ANY))
    assert rule("@@||example.com^").excepts


def test_kinds_are_those_named_or_all_but_those_excluded() -> None:
    assert when("script,image").kinds == SCRIPT | IMAGE
    assert when("~script").kinds == ANY & ~SCRIPT
    assert when("script,~third-party").kinds == SCRIPT
    assert when("popup,document").kinds == kinds.DOCUMENT
    assert when("all").kinds == ANY | kinds.DOCUMENT
    assert when("xhr").kinds == when("xmlhttprequest").kinds == kinds.XMLHTTPREQUEST


def test_what_a_rule_is_restricted_to_is_read() -> None:
    assert [when(text).party for text in ("third-party", "3p", "~third-party", "1p", "image")] == [
        3,
        3,
        1,
        1,
        0,
    ]
    found = when("domain=a.example|~b.a.example|shop.*,denyallow=x.com|y.com")
    assert found.domains == {"a.example", "shop.*"}
    assert found.not_domains == {"b.a.example"}
    assert found.not_to == {"x.com", "y.com"}
    assert when("important").important and not when("script").important


def test_case_is_kept_only_where_it_matters() -> None:
    assert rule("/Ads/Top.$match-case").pattern == "/Ads/Top."
    assert rule("/Ads/Top.$script").pattern == "/ads/top."
    assert rule("/\\D+Ad/").pattern == "/\\D+Ad/"


def test_a_dollar_sign_within_an_address_begins_no_options() -> None:
    assert rule("/a$b/c^").pattern == "/a$b/c^"
    assert rule("/ads$/").pattern == "/ads$/"
    assert rule("/ads$/$script").when.kinds == SCRIPT


def test_a_path_in_slashes_with_a_star_is_no_expression() -> None:
    assert rule("/banner.ad/*").pattern == "/banner.ad/*"
    assert rule("*-ad.js*").pattern == "-ad.js"


def test_an_address_is_compared_as_browsers_write_it() -> None:
    assert rule("||bücher.example^").pattern == "||xn--bcher-kva.example^"
    assert rule("/größe.gif").pattern == "/gr%c3%b6%c3%9fe.gif"


def test_a_replacement_is_a_hold_and_a_rule_can_take_back_another() -> None:
    assert rule("||example.com/a.js$script,redirect=noop.js").when.kinds == SCRIPT
    assert rule("||example.com^$badfilter").cancels
    assert rule("||example.com^$third-party,_____,badfilter").when == when("third-party")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("||example.com^$popup", "about windows"),
        ("@@||example.com^$generichide", "about windows"),
        ("||example.com^$csp=script-src 'none'", "change what is loaded"),
        ("$removeparam=utm_source", "change what is loaded"),
        ("@@||example.com^$redirect=noop.js", "change what is loaded"),
        ("||example.com^$method=post", "cannot be judged here: method"),
        ("||example.com^$script,domain=/^a/", "cannot be judged here: domain"),
        ("||example.com^$script,surprise", "cannot be judged here: surprise"),
        ("*", "every address"),
        ("@@||", "every address"),
        ("/a(/", "cannot be read"),
        ("ads here", "blank"),
    ],
)
def test_what_is_no_rule_here_says_why(line: str, reason: str) -> None:
    found = parse(line, "own.txt")
    assert isinstance(found, Skipped)
    assert reason in found.reason


def test_a_rule_for_every_address_stands_where_it_is_restricted() -> None:
    assert rule("*$ping,third-party").pattern == ""
