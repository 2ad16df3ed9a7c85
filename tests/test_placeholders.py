"""The placeholder of a plug-in that code makes is the one the page would have had."""

from __future__ import annotations

import base64
import re
import tracemalloc
from datetime import datetime
from urllib.parse import urlencode

import pytest

from tests.asking import Asking, consented
from tests.conftest import MakeGateway

FILM = {"service": "youtube", "url": "https://www.youtube.com/embed/abcdefghijk?a=1&b=2", "width": "480"}
FILM |= {"height": "270", "instance": "5001", "lang": "de", "return": "/films?x=1"}


def asked(asking: Asking, **changes: str) -> tuple[int, str]:
    response = asking.reply("GET", f"/.privacy/placeholder?{urlencode(FILM | changes)}").response
    return response.status, response.body.decode()


@pytest.fixture
def asking(make_gateway: MakeGateway, now: datetime) -> Asking:
    return Asking(make_gateway("[services.youtube]\n"), now)


def test_it_has_size_number_language_and_a_form_that_leads_back_to_the_page(asking: Asking) -> None:
    status, html = asked(asking)
    assert status == 200
    assert re.search(r'<svg[^>]* width="480px" height="270px"', html)
    assert 'data-instance="5001"' in html and 'lang="de"' in html
    assert '<input type="hidden" name="return" value="/films?x=1" />' in html
    assert 'href="https://www.youtube.com/watch?v=abcdefghijk"' in html
    original = base64.b64decode(re.findall(r'data-original="([^"]+)"', html)[0])
    assert original.startswith(b'<iframe src="https://www.youtube.com/embed/abcdefghijk?a=1&amp;b=2"')


def test_its_style_sheet_comes_along_once(asking: Asking) -> None:
    assert ".css" not in asked(asking)[1]
    assert "/static/placeholder." in asked(asking, first="1")[1]


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://www.example.org/x"},
        {"url": '"><script>alert(1)</script>'},
        {"width": "wide"},
        {"height": "1" * 6},
        {"instance": ""},
        {"width": "1"},
    ],
)
def test_what_is_no_plug_in_has_none(asking: Asking, changes: dict[str, str]) -> None:
    status, html = asked(asking, **changes)
    assert status == 404 and "alert" not in html


def test_what_loads_has_none(make_gateway: MakeGateway, now: datetime) -> None:
    gateway = make_gateway("[services.youtube]\n")
    asking = Asking(gateway, now, cookie=consented(gateway, now, service=["youtube"]))
    assert asked(asking)[0] == 404


ELEMENT = {"service": "linkedin", "mount": "share", "url": "", "width": "", "height": ""}


def test_that_of_an_element_has_the_usual_size_of_its_kind(make_gateway: MakeGateway, now: datetime) -> None:
    status, html = asked(Asking(make_gateway("[services.linkedin]\n"), now), **ELEMENT)
    assert status == 200 and 'data-service="linkedin"' in html and 'data-instance="5001"' in html
    assert re.search(r'<svg[^>]* width="102px" height="28px"', html)
    assert '<input type="hidden" name="return" value="/films?x=1" />' in html


@pytest.mark.parametrize("changes", [{"mount": "nothing"}, {"service": "nobody"}, {"service": "meta-pixel"}])
def test_a_kind_that_there_is_not_has_none(asking: Asking, changes: dict[str, str]) -> None:
    assert asked(asking, **(ELEMENT | changes))[0] == 404


def test_an_element_of_what_loads_has_none(make_gateway: MakeGateway, now: datetime) -> None:
    gateway = make_gateway("[services.linkedin]\n")
    asking = Asking(gateway, now, cookie=consented(gateway, now, service=["linkedin"]))
    assert asked(asking, **ELEMENT)[0] == 404


def test_its_link_is_made_of_the_tags_of_the_element(make_gateway: MakeGateway, now: datetime) -> None:
    """PLH-07"""
    asking = Asking(make_gateway("[services.linkedin]\n"), now)
    markup = '<script type="IN/Share" data-url="https://a.b/?c&amp;d">'
    html = asked(asking, **ELEMENT, markup=markup)[1]
    assert 'href="https://www.linkedin.com/sharing/share-offsite/?url=https%3A%2F%2Fa.b%2F%3Fc%26d"' in html
    html = asked(asking, **(ELEMENT | {"mount": "follow-company"}), markup='<script data-id="1337">')[1]
    assert 'href="https://www.linkedin.com/company/1337"' in html


@pytest.mark.parametrize("markup", ["", "<", "no tag", "<script", "<div data-url=javascript:alert(1)>"])
def test_without_tags_that_say_what_it_shares_the_page_is_shared(
    make_gateway: MakeGateway, now: datetime, markup: str
) -> None:
    """PLH-07"""
    status, html = asked(Asking(make_gateway("[services.linkedin]\n"), now), **ELEMENT, markup=markup)
    assert status == 200 and "javascript:" not in html
    assert "share-offsite/?url=https%3A%2F%2Fwww.example.com%2Ffilms%3Fx%3D1" in html


def test_nobody_can_have_it_link_to_anybody_else(make_gateway: MakeGateway, now: datetime) -> None:
    """PLH-07"""
    asking = Asking(make_gateway("[services.linkedin]\n"), now)
    profile = ELEMENT | {"mount": "member-profile"}
    assert "evil" not in asked(asking, **profile, markup='<script data-id="https://evil.example/">')[1]
    assert (
        "linkedin.com/in/a"
        in asked(asking, **profile, markup='<script data-id="https://www.linkedin.com/in/a">')[1]
    )


def test_what_anybody_asks_for_takes_up_no_memory(make_gateway: MakeGateway, now: datetime) -> None:
    """A link into the service may be as long as a request."""
    asking = Asking(make_gateway("[services.facebook]\n"), now)
    tracemalloc.start()
    for number in range(40):
        link = f"https://www.facebook.com/{number}/{'x' * 40_000}"
        element = {"service": "facebook", "mount": "like", "markup": f'<div data-href="{link}">'}
        status, html = asked(asking, **element)
        assert status == 200 and "x" * 40_000 in html
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 3 * 40 * 40_000  # the standard library's urlsplit remembers 128 addresses
