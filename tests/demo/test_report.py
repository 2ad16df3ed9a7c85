"""What was recognised, as lines for people."""

from __future__ import annotations

from datetime import datetime

import pytest

from consent_gateway.demo.embeds import document
from consent_gateway.demo.examining import HOST, recognised, strict_gateway
from consent_gateway.demo.report import LONGEST, summary, text
from consent_gateway.explaining import Explanation
from consent_gateway.gateway import Gateway


@pytest.fixture(scope="module")
def strict() -> Gateway:
    return strict_gateway()


def found(gateway: Gateway, now: datetime, markup: str) -> list[Explanation]:
    return recognised(gateway, document(markup.encode(), "snippet.html"), HOST, now)


def test_a_thing_is_told_with_place_rule_treatment_and_what_comes_back(
    strict: Gateway, now: datetime
) -> None:
    one = found(strict, now, '\n<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>')
    assert text(one, strict.catalogue, "snippet.html") == (
        "snippet.html: 1 place of 1 third party, all held before consent\n"
        "\n"
        "snippet.html:2:9  YouTube (youtube): media; Google Ireland Limited\n"
        "  what        <iframe src> https://www.youtube.com/embed/abcdefghijk\n"
        "  known by    address *.youtube.com\n"
        "  while held  placeholder: of its size, with a button that loads it\n"
        "  after that  a click on its button restores:\n"
        '              <iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>\n'
    )


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ('<script src="https://cdn.example.org/x.js"></script>', 'first_party = ["cdn.example.org"]'),
        ('<script src="https://x.example.org/matomo.js"></script>', "trackers are never released"),
        ('<script src="https://client.crisp.chat/l.js"></script>', "placeholder at the end of the page"),
        ('<script src="https://www.googletagmanager.com/gtag/js?id=G-A"></script>', "by way of the gateway"),
        ('<script>document.cookie = "_fbp=1"</script>', "known by    cookie _fbp"),
        ("<p>Nothing</p>", "nothing of a third party is recognised"),
    ],
)
def test_what_to_know_of_each_kind_is_said(strict: Gateway, now: datetime, markup: str, words: str) -> None:
    assert words in text(found(strict, now, markup), strict.catalogue, "snippet.html")


def test_unknown_third_parties_are_counted(strict: Gateway, now: datetime) -> None:
    two = found(strict, now, '<img src="https://a.example.org/x.png"><img src="https://b.example.org/x.png">')
    assert summary(two) == "2 places of 2 third parties, all held before consent; 2 unknown"


def test_long_markup_is_cut_off(strict: Gateway, now: datetime) -> None:
    padded = f'<iframe src="https://www.youtube.com/embed/abcdefghijk" title="{"x" * LONGEST}"></iframe>'
    assert max(map(len, text(found(strict, now, padded), strict.catalogue, "f").splitlines())) < LONGEST + 20
