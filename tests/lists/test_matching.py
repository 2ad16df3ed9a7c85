"""Which fetches of a page a list holds."""

from __future__ import annotations

import re
from itertools import product

import pytest

from consent_gateway.lists import kinds
from consent_gateway.lists.kinds import IMAGE, SCRIPT
from consent_gateway.lists.matching import Fetch, Lists
from consent_gateway.lists.reading import read
from consent_gateway.urls import resolve

PAGE = "www.example.org"
LIST = """\
[Adblock Plus 2.0]
||ads.example.com^
||sites.example.com^$third-party
||own.example.com^$~third-party
||pictures.example.com^$image
||notscript.example.com^$~script
/collect?tid=
/Campaign/$match-case
|http://insecure.
/track*.gif|
/^https:\\/\\/s\\d+\\.numbered\\.example\\//
@@||ads.example.com/needed.js$script
||here.example.com^$domain=example.org
||notthere.example.com^$domain=~example.org
||deeper.example.com^$domain=example.org|~www.example.org
||entity.example.com^$domain=example.*
||elsewhere.example.com^$domain=other.test
||all.example.com^$denyallow=good.all.example.com
||strong.example.com^$important
@@||strong.example.com^
||gone.example.com^
||gone.example.com^$badfilter
*$ping,third-party
"""
TABLE = [
    ("https://ads.example.com/a.js", SCRIPT, True),
    ("https://x.ads.example.com:8443/a.js", SCRIPT, True),
    ("https://ads.example.com.test/a.js", SCRIPT, False),
    ("https://ads.example.com/needed.js", SCRIPT, False),
    ("https://ads.example.com/needed.js", IMAGE, True),
    ("https://sites.example.com/", SCRIPT, True),
    ("https://own.example.com/", SCRIPT, False),
    ("https://pictures.example.com/", IMAGE, True),
    ("https://pictures.example.com/", SCRIPT, False),
    ("https://notscript.example.com/", SCRIPT, False),
    ("https://notscript.example.com/", IMAGE, True),
    ("https://cdn.example.net/collect?tid=1", IMAGE, True),
    ("https://cdn.example.net/Collect?TID=1", IMAGE, True),
    ("https://cdn.example.net/Campaign/1", IMAGE, True),
    ("https://cdn.example.net/campaign/1", IMAGE, False),
    ("http://insecure.example.net/", SCRIPT, True),
    ("https://insecure.example.net/", SCRIPT, False),
    ("https://cdn.example.net/track/1/a.gif", IMAGE, True),
    ("https://cdn.example.net/track/1/a.gif?x", IMAGE, False),
    ("https://s12.numbered.example/", SCRIPT, True),
    ("https://sx.numbered.example/", SCRIPT, False),
    ("https://here.example.com/", SCRIPT, True),
    ("https://notthere.example.com/", SCRIPT, False),
    ("https://deeper.example.com/", SCRIPT, False),
    ("https://entity.example.com/", SCRIPT, True),
    ("https://elsewhere.example.com/", SCRIPT, False),
    ("https://bad.all.example.com/", SCRIPT, True),
    ("https://good.all.example.com/", SCRIPT, False),
    ("https://strong.example.com/", SCRIPT, True),
    ("https://gone.example.com/", SCRIPT, False),
    ("https://cdn.example.net/beat", kinds.PING, True),
    ("https://cdn.example.net/beat", kinds.XMLHTTPREQUEST, False),
]


def lists(*texts: str) -> Lists:
    return Lists(read(text, f"{number}.txt") for number, text in enumerate(texts))


def held_by(found: Lists, url: str, kind: int, *, page: str = PAGE, foreign: bool = True) -> str:
    address = resolve(url, f"https://{PAGE}/")
    assert address
    return found.held_by(Fetch(address.url, address.host, foreign, found.page(page)), kind)


@pytest.mark.parametrize(("url", "kind", "expected"), TABLE)
def test_an_address_is_held_as_the_rules_say(url: str, kind: int, expected: bool) -> None:
    assert bool(held_by(lists(LIST), url, kind)) is expected


def test_a_rule_for_the_same_website_only_is_heeded_there() -> None:
    found = lists(LIST)
    assert held_by(found, "https://own.example.com/", SCRIPT, foreign=False)
    assert not held_by(found, "https://sites.example.com/", SCRIPT, foreign=False)


def test_what_can_be_fetched_for_several_things_is_held_if_one_of_them_is() -> None:
    found = lists(LIST)
    assert held_by(found, "https://ads.example.com/needed.js", SCRIPT | IMAGE)
    assert held_by(found, "https://pictures.example.com/", SCRIPT | IMAGE)


def test_it_is_said_which_list_holds_and_one_may_except_from_another() -> None:
    first, second = "||a.example^\n", "||b.example^\n@@||a.example/needed\n"
    found = lists(first, second)
    assert held_by(found, "https://a.example/", SCRIPT) == "0.txt"
    assert held_by(found, "https://b.example/", SCRIPT) == "1.txt"
    assert held_by(found, "https://a.example/needed", SCRIPT) == ""


def test_a_list_may_leave_whole_pages_alone_or_hold_there_only_what_names_them() -> None:
    text = "||a.example^\n||b.example^$domain=shop.example\n@@||shop.example^$genericblock\n@@||quiet.example^$document\n"
    found = lists(text)
    assert held_by(found, "https://a.example/", SCRIPT)
    assert not held_by(found, "https://a.example/", SCRIPT, page="www.shop.example")
    assert held_by(found, "https://b.example/", SCRIPT, page="www.shop.example")
    assert not held_by(found, "https://a.example/", SCRIPT, page="quiet.example")


def test_an_endless_address_is_judged_by_its_beginning() -> None:
    assert held_by(lists(LIST), f"https://ads.example.com/?{'x-' * 10**6}", IMAGE)


def test_no_list_holds_nothing() -> None:
    assert not Lists()
    assert not held_by(Lists(), "https://ads.example.com/", SCRIPT)


NAMES = {SCRIPT: "script", IMAGE: "image", kinds.PING: "ping", kinds.XMLHTTPREQUEST: "xmlhttprequest"}
UNKNOWN_TO_IT = re.compile(r"entity|all\.example|campaign", re.I)
WAYS = (
    "https://{}/",
    "http://x.{}/pixel.gif?id=1",
    "https://cdn.test/track/a.gif?u=https://{}/",
    "https://{}/Campaign/a.gif",
)


def test_the_verdicts_are_those_of_an_engine_of_blockers() -> None:
    """Runs where the package `adblock` (Brave's engine) is installed. It knows no `denyallow`,
    no `example.*` and no case."""
    adblock = pytest.importorskip("adblock")
    text = "\n".join(line for line in LIST.splitlines() if not UNKNOWN_TO_IT.search(line))
    rules = adblock.FilterSet()
    rules.add_filter_list(text)
    engine, own = adblock.Engine(rules), lists(text)
    hosts = [line.strip("@|").partition("^")[0] for line in text.splitlines() if line.lstrip("@")[:2] == "||"]
    made = [way.format(host) for way, host in product(WAYS, hosts)]
    for url, kind in product([*made, *(url for url, _, _ in TABLE if not UNKNOWN_TO_IT.search(url))], NAMES):
        theirs = engine.check_network_urls(url, f"https://{PAGE}/", NAMES[kind])
        assert bool(held_by(own, url, kind)) == (theirs.matched and theirs.exception is None), (url, kind)


def test_rules_for_none_of_the_pages_there_are_are_left_out() -> None:
    found = Lists([read(LIST, "own.txt")], pages=["www.example.org"])
    assert held_by(found, "https://here.example.com/", SCRIPT)
    assert held_by(found, "https://entity.example.com/", SCRIPT)
    assert "elsewhere.example.com" not in found.holding.hosts
