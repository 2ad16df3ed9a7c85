"""What of an address stays with the visitor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.click_ids import without_click_ids
from consent_gateway.messages import Headers, Request

PLAIN = Request(method="GET", scheme="https", host="www.example.com", target="/")


@pytest.mark.parametrize(
    ("target", "left"),
    [
        ("/?gclid=x", "/"),
        ("/a?b=1&gclid=x", "/a?b=1"),
        ("/a?gclid=x&b=1", "/a?b=1"),
        ("/a?b=1&fbclid=x&c=%2F+%41&&d", "/a?b=1&c=%2F+%41&&d"),
        ("/a?b=1;msclkid=2;c=3", "/a?b=1;c=3"),
        ("/a?%67clid=x&GCLID=y&gclid[]=z&ScCid=1&b", "/a?b"),
        ("/a?gclid", "/a"),
        ("/a?gclid=x&fbclid=y", "/a"),
    ],
)
def test_they_are_taken_out_and_every_other_byte_stays(target: str, left: str, catalogue: Catalogue) -> None:
    assert without_click_ids(replace(PLAIN, target=target), catalogue.click_ids).target == left


@pytest.mark.parametrize(
    "target",
    ["/", "/?", "/a?b=1&&c=&=d;e", "/gclid=1", "/a?x=gclid", "/a?gclidx=1&my_gclid=2", "/a?b=%C3%BC+ü?&utm_source=n", "*"],
)  # fmt: skip
def test_an_address_without_them_passes_as_it_is(target: str, catalogue: Catalogue) -> None:
    asked = replace(PLAIN, target=target, headers=Headers.of(Referer=f"https://www.example.com{target}"))
    assert without_click_ids(asked, catalogue.click_ids) == asked


@pytest.mark.parametrize(
    "target",
    ["/unsubscribe?mc_eid=1", "/mail/Unsubscription/a?vero_id=1&b", "/m?do=opt-out&mkt_tok=1", "/OptOut?_hsenc=1",
     "/index.php/email/emailWebview?mkt_tok=1"],
)  # fmt: skip
def test_by_which_somebody_unsubscribes_passes_whole_and_so_does_its_referer(
    target: str, catalogue: Catalogue
) -> None:
    asked = replace(PLAIN, target=target, headers=Headers.of(Referer=f"https://www.example.com{target}"))
    assert without_click_ids(asked, catalogue.click_ids) == asked


@pytest.mark.parametrize("host", ["unsubscribe.example", "www.example.com"])
def test_neither_a_host_nor_a_fragment_says_that_somebody_unsubscribes(
    host: str, catalogue: Catalogue
) -> None:
    asked = replace(PLAIN, headers=Headers.of(Referer=f"https://{host}/a?gclid=1#unsubscribe"))
    left = without_click_ids(asked, catalogue.click_ids)
    assert left.headers.get("referer") == f"https://{host}/a#unsubscribe"


def test_a_referer_loses_them_whoever_it_is_and_a_body_keeps_them(catalogue: Catalogue) -> None:
    headers = Headers((("Referer", "https://www.google.com/x?q=1&gclid=2"), ("X-Note", "/?gclid=2")))
    asked = replace(PLAIN, method="POST", headers=headers, body=b"gclid=1")
    left = without_click_ids(asked, catalogue.click_ids)
    assert left.headers.fields == (("Referer", "https://www.google.com/x?q=1"), ("X-Note", "/?gclid=2"))
    assert left.body == b"gclid=1"


def test_each_is_in_lower_case_and_has_its_company(catalogue: Catalogue) -> None:
    assert {"gclid", "gbraid", "wbraid", "dclid", "gclsrc", "fbclid", "msclkid", "ttclid", "twclid",
            "li_fat_id", "yclid", "igshid", "mc_eid", "_hsenc", "vero_id"} <= catalogue.click_ids.keys()  # fmt: skip
    assert all(name == name.lower() and company for name, company in catalogue.click_ids.items())
    assert not [name for name in catalogue.click_ids if name.startswith("utm_")]
