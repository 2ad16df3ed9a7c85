"""The page rewriter: held addresses are gone, and every other byte is as it came."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent_gateway.catalogue import Catalogue, Known, Mount, Selector
from consent_gateway.page.charset import Encoding
from consent_gateway.page.elements import Recognition
from consent_gateway.page.mounts import Mounts
from consent_gateway.page.positions import Carrier
from consent_gateway.page.rewriting import Insertions, Rewriter
from consent_gateway.page.view import Plugin, View
from consent_gateway.urls import Address

UTF8 = Encoding("utf-8")
ADVERSARIAL: dict[str, str] = json.loads((Path(__file__).parent / "adversarial.json").read_text("utf-8"))


def no_placeholder(plugin: Plugin, *, first: bool) -> bytes:
    return b"<placeholder>"


VIEW = View(
    url="https://www.example.com/",
    prefix="/.privacy",
    loads=lambda service: False,
    once=frozenset(),
    placeholder=no_placeholder,
    forms=lambda services: b"",
    mounts=lambda service: (),
)


def of_address(address: Address, carrier: Carrier) -> Known | None:
    return Known("Tracker", "marketing") if address.host == "t.co" else None


@pytest.fixture(scope="session")
def rewriter(catalogue: Catalogue) -> Rewriter:
    return Rewriter(catalogue, Recognition(of_address=of_address, of_code=lambda c: []))


def undone(html: bytes) -> bytes:
    """The document with every inert attribute and script turned back."""
    for quote in (b'"', b""):
        html = html.replace(b" type=%stext/plain%s data-privacy-service=%sknown%s" % ((quote,) * 4), b"")
    html = html.replace(b"data-privacy-kept-", b"")
    html = re.sub(
        rb' data-privacy-text="([^"]*)"([^>]*>)', lambda match: match[2] + base64.b64decode(match[1]), html
    )
    return re.sub(
        rb"data-privacy-([^\s=>]+)([\s]*=[\s]*[\"']?)([A-Za-z0-9+/=]*)",
        lambda match: match[1] + match[2] + base64.b64decode(match[3]),
        html,
    )


@pytest.mark.parametrize("name", sorted(ADVERSARIAL))
def test_a_hostile_document_is_the_same_but_for_what_is_held(rewriter: Rewriter, name: str) -> None:
    """What a browser still fetches from them is tested in a browser: tests/browser/test_hostile_pages.py."""
    data = ADVERSARIAL[name].encode("utf-8", "surrogatepass")
    assert undone(rewriter.page(data, encoding=UTF8, view=VIEW).body) == data


def held(catalogue: Catalogue, html: bytes) -> bytes:
    def of_address(address: Address, carrier: Carrier) -> str | None:
        return "facebook" if address.host == "connect.facebook.net" else None

    like = Mount(id="like", size=(0, 0))
    page = Mount(id="page", alone=True, size=(0, 0))
    recognition = Recognition(
        of_address=of_address,
        of_code=lambda code: [],
        of_use=lambda code: ["facebook"] if b"FB." in code else [],
        mounts=Mounts(
            [(Selector.parse(".fb-like"), "facebook", like), (Selector.parse(".fb-page"), "facebook", page)]
        ),
    )
    return Rewriter(catalogue, recognition).page(html, encoding=UTF8, view=VIEW).body


LOADER = b'<script src="https://connect.facebook.net/en_US/sdk.js"></script>'
LIKE = b'<body><div class="fb-like"></div>'
USE = b"<script>FB.init({})</script>"


def test_a_plug_in_counts_only_where_its_loader_is(catalogue: Catalogue) -> None:
    assert held(catalogue, LIKE) == LIKE
    assert held(catalogue, LIKE + LOADER).startswith(b"<body><placeholder>")


def test_one_that_is_itself_the_proof_counts_anywhere(catalogue: Catalogue) -> None:
    assert held(catalogue, b'<body><p class="fb-page"></p>') == b"<body><placeholder>"


def test_of_plug_ins_within_one_another_the_outermost_is_replaced(catalogue: Catalogue) -> None:
    nested = b'<body><div class="fb-page"><p class="fb-page"></p></div><p class="fb-page"></p>'
    assert held(catalogue, nested) == b"<body>" + 2 * b"<placeholder>"


def test_code_that_needs_a_service_is_held_with_its_loader_and_only_then(catalogue: Catalogue) -> None:
    assert held(catalogue, USE) == USE
    with_loader = held(catalogue, LOADER + USE)
    assert b'data-privacy-service="facebook" data-privacy-uses data-privacy-text="' in with_loader
    assert b"FB.init" not in with_loader and base64.b64encode(b"FB.init({})") in with_loader


def test_a_page_without_services_comes_out_as_it_went_in(rewriter: Rewriter) -> None:
    data = (
        b"\xef\xbb\xbf<!DOCTYPE html>\r\n<html\n><IMG SRC=a.png ALT='\xff\x00'><p>&copy;</p>\r\n</html>\n\n"
    )
    result = rewriter.page(data, encoding=UTF8, view=VIEW)
    assert result.body == data
    assert not result.ours and result.services == frozenset()


@given(st.text(alphabet="<>/=\"' \nabimgscriptstyle!-&;:#[]t.co", max_size=300))
def test_any_text_at_all_is_rewritten_and_can_be_undone(rewriter: Rewriter, text: str) -> None:
    assert undone(rewriter.page(text.encode(), encoding=UTF8, view=VIEW).body) == text.encode()


def test_insertions_know_what_was_found(rewriter: Rewriter, catalogue: Catalogue) -> None:
    told: list[frozenset[str]] = []

    def insert(services: frozenset[str]) -> Insertions:
        told.append(services)
        return Insertions(guard=b"<G>", notice=b"<N>", settings=b"<S>")

    html = b"<head></head><body>x</body>"
    assert (
        rewriter.page(html, encoding=UTF8, view=VIEW, insert=insert).body
        == b"<head><G></head><body><N>x<S></body>"
    )
    assert told == [frozenset()]


def test_a_frameset_gets_the_guard_only(rewriter: Rewriter) -> None:
    parts = Insertions(guard=b"<G>", notice=b"<N>", settings=b"<S>")
    html = b"<head></head><frameset><frame src=//t.co/1></frameset>"
    result = rewriter.page(html, encoding=UTF8, view=VIEW, insert=lambda services: parts).body
    assert b"<N>" not in result and b"<S>" not in result and b"<G>" in result and b"//t.co" not in result


def test_a_script_that_two_services_claim_is_made_inert_once(catalogue: Catalogue) -> None:
    both = Recognition(of_address=of_address, of_code=lambda c: ["hotjar", "meta-pixel"])
    html = b"<script>boot()</script>"
    result = Rewriter(catalogue, both).page(html, encoding=UTF8, view=VIEW).body
    assert result.count(b'type="text/plain"') == 1 and result.count(b"data-privacy-text") == 1
