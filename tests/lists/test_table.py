"""The lists for the browser: that it judges alike is tested in one, in tests/browser/test_lists.py."""

from __future__ import annotations

import json

from consent_gateway.lists.matching import Lists
from consent_gateway.lists.reading import read
from consent_gateway.lists.table import FEWEST, number_of, table


def made(text: str) -> str:
    return json.dumps(table(Lists([read(text, "own.txt")]), websites=["example.org"], stand_ins=False))


def test_hosts_of_many_rules_are_in_no_readable_form_and_take_about_five_characters_each() -> None:
    hosts = [f"tracker{number}.example.com" for number in range(10_000)]
    text = made("".join(f"||{host}^\n" for host in hosts))
    assert "tracker1" not in text
    assert len(text) - len(made("")) < 6.5 * len(hosts)


def test_few_hosts_with_the_same_restriction_stand_by_their_names() -> None:
    text = made("".join(f"||tracker{number}.example.com^$script\n" for number in range(FEWEST - 1)))
    assert "tracker1.example.com" in text


def test_numbers_of_hosts_differ_and_fit_into_forty_bits() -> None:
    numbers = {number_of(f"{number}.example.com") for number in range(50_000)}
    assert len(numbers) == 50_000
    assert max(numbers) < 2**40


def test_the_names_of_lists_stay_with_the_operator() -> None:
    assert "own.txt" not in made("||ads.example.com^\n/track*.gif\n")
