"""What is recognised in a document, why, what becomes of it, and what comes back."""

from __future__ import annotations

from datetime import datetime

import pytest

from consent_gateway.explaining import Explanation, Held, explained
from consent_gateway.gateway import Gateway
from consent_gateway.grounds import Means, Rule
from tests.asking import Asking
from tests.conftest import MakeGateway

STRICT = '[third_parties]\nunlisted = "hold"\n'
YOUTUBE = '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'
CRISP = '<script src="https://client.crisp.chat/l.js"></script>'


def found(gateway: Gateway, now: datetime, html: str, *, cookie: str = "") -> list[Explanation]:
    request = Asking(gateway, now, cookie).request("GET", "/page")
    return explained(html.encode(), gateway, request, now, content_type="text/html; charset=utf-8")


@pytest.fixture
def strict(make_gateway: MakeGateway) -> Gateway:
    return make_gateway(STRICT)


def test_a_frame_is_explained_with_rule_place_treatment_and_what_a_click_restores(
    strict: Gateway, now: datetime
) -> None:
    [one] = found(strict, now, f"<body>\n<p>Übung {YOUTUBE}")
    assert (one.service, one.owner) == ("youtube", "YouTube")
    assert one.rule == Rule(Means.ADDRESS, "*.youtube.com")
    assert (str(one.place), one.place.element, one.place.attribute) == ("2:18", "iframe", "src")
    assert one.treatment is Held.PLACEHOLDER and one.is_held
    assert one.address == "https://www.youtube.com/embed/abcdefghijk"
    assert one.original == YOUTUBE


@pytest.mark.parametrize(
    ("html", "rule", "treatment"),
    [
        (f'<div class="fb-like"></div>{CRISP}<script src="//connect.facebook.net/en_US/sdk.js"></script>', "selector .fb-like", Held.PLACEHOLDER),
        ('<script>hjSettings.src = "x"</script>', r"inline code hjSettings\b", Held.REMOVAL),
        (CRISP, "address *.crisp.chat", Held.AT_THE_END),
        ('<script src="https://www.googletagmanager.com/gtag/js?id=G-ABC"></script>', "address *.googletagmanager.com/gtag/", Held.MEASUREMENT),
        ('<script>document.cookie = "_fbp=1";</script>', "cookie _fbp", Held.AT_RUN_TIME),
        ('<script>var where = "https://static.hotjar.com/x";</script>', r"inline code static\.hotjar\.com", Held.REMOVAL),
        ('<script>var film = "https://www.youtube.com/embed/abcdefghijk";</script>', "inline code names www.youtube.com", Held.AT_RUN_TIME),
        ('<img src="https://shop.example.org/matomo.php?rec=1">', "address as the software Matomo makes it", Held.REMOVAL),
        ('<img src="https://example.org/t?x" width="1" height="1">', "unlisted example.org", Held.REMOVAL),
        ('<style>p { background: url(https://fonts.gstatic.com/x) }</style>', "address fonts.gstatic.com", Held.REMOVAL),
    ],
)  # fmt: skip
def test_each_kind_of_rule_is_named_as_the_catalogue_has_it(
    strict: Gateway, now: datetime, html: str, rule: str, treatment: Held
) -> None:
    assert (rule, treatment) in [
        (str(one.rule), one.treatment) for one in found(strict, now, f"<body>{html}")
    ]


def test_a_tracker_has_an_owner_and_no_service_and_nothing_brings_it_back(
    strict: Gateway, now: datetime
) -> None:
    [one] = found(strict, now, '<script src="https://mc.example.org/matomo.js"></script>')
    assert (one.service, one.owner, one.original) == ("", "Matomo", "")


def test_a_third_party_that_nobody_knows_is_named_as_such_whether_the_site_holds_it_or_not(
    gateway: Gateway, strict: Gateway, now: datetime
) -> None:
    html = '<script src="https://cdn.example.org/x.js"></script><script src="/own.js"></script>'
    for one_of, treatment in ((strict, Held.REMOVAL), (gateway, Held.NOT)):
        [one] = found(one_of, now, html)
        assert (one.owner, one.is_unknown, one.treatment) == ("cdn.example.org", True, treatment)


def test_code_is_placed_where_its_expression_fits(strict: Gateway, now: datetime) -> None:
    [one] = found(
        strict, now, "<p>\n<script>\nvar a;\n  s.src = 'https://client.crisp.chat/l.js';\n</script>"
    )
    assert (str(one.place), one.place.element) == ("4:20", "script")


def test_what_stands_in_a_document_in_an_attribute_is_found_at_its_attribute(
    strict: Gateway, now: datetime
) -> None:
    [one] = found(strict, now, f"<body><iframe srcdoc='{YOUTUBE}'></iframe>")
    assert (one.service, str(one.place), one.place.attribute) == ("youtube", "1:15", "srcdoc")
    assert one.treatment is Held.REMOVAL


def test_a_list_of_the_operators_is_named(make_gateway: MakeGateway, now: datetime) -> None:
    gateway = make_gateway(own_list="||listed.example.org^\n")
    [one] = found(gateway, now, '<script src="https://listed.example.org/x.js"></script>')
    assert (one.rule, one.treatment) == (Rule(Means.LIST, "own.txt"), Held.REMOVAL)


def test_for_a_visitor_who_has_agreed_it_says_that_it_loads(gateway: Gateway, now: datetime) -> None:
    visitor = Asking(gateway, now)
    response = visitor.post("/.privacy/choice", {"decision": ["accept_all"]}).response
    cookie = response.headers.get("set-cookie").partition(";")[0]
    [one] = found(gateway, now, f"<body>{YOUTUBE}", cookie=cookie)
    assert one.treatment is Held.NOT and not one.is_held


def test_a_page_without_third_parties_has_nothing_to_explain(strict: Gateway, now: datetime) -> None:
    assert found(strict, now, '<p><a href="https://www.youtube.com/">A link</a><img src="/x.png">') == []
