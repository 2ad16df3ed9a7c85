"""A list is read line by line; what is no rule is counted, not guessed at."""

from __future__ import annotations

from consent_gateway.lists.reading import Left, read

LIST = """\
[Adblock Plus 2.0]
! Title: own
||ads.example.com^
||track.example.net^$third-party
@@||ads.example.com/needed.js

example.org##.banner
example.org#@#.banner
##.advert
||pop.example.com^$popup
||x.example.com^$badfilter
ads.js
"""


def patterns(text: str) -> list[str]:
    return [rule.pattern for rule in read(text, "own.txt").rules]


def test_rules_are_read_and_the_rest_is_counted_with_its_first_line() -> None:
    found = read(LIST, "own.txt")
    assert [rule.pattern for rule in found.rules] == [
        "||ads.example.com^", "||track.example.net^", "||ads.example.com/needed.js", "ads.js",
    ]  # fmt: skip
    assert found.exceptions == 1
    assert [rule.pattern for rule in found.cancelled] == ["||x.example.com^"]
    assert [(left.count, left.line) for left in found.left] == [(3, 7), (1, 10)]
    assert {rule.when.list for rule in found.rules} == {"own.txt"}


def test_a_hosts_file_and_a_plain_list_of_hosts_are_lists_too() -> None:
    text = "# from a hosts file\n127.0.0.1 localhost\n::1 ip6-localhost\n0.0.0.0 Ads.Example.com t.example.com # two\n"
    assert patterns(text) == ["||ads.example.com^", "||t.example.com^"]
    assert patterns("ads.example.com\n#comment\n_x.example.com\n") == [
        "||ads.example.com^",
        "||_x.example.com^",
    ]


def test_lines_of_windows_and_a_mark_at_the_start_of_the_file_are_no_hindrance() -> None:
    assert patterns("\ufeff[Adblock Plus 2.0]\r\n||ads.example.com^\r\n") == ["||ads.example.com^"]


def test_what_is_for_one_browser_only_or_in_another_file_is_not_taken_for_this_one() -> None:
    found = read("!#if env_firefox\n||a.example^\n!#endif\n||b.example^\n!#include more.txt\n", "own.txt")
    assert [rule.pattern for rule in found.rules] == ["||b.example^"]
    assert found.left == (
        Left("are for some browsers only", 1, 2),
        Left("stand for another file", 1, 5),
    )
