"""Addresses become those of stand-ins, and mean the same to the gateway."""

from __future__ import annotations

import re

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.demo.localising import localised
from consent_gateway.page.charset import UTF8
from consent_gateway.page.rewriting import Rewriter, Rewritten
from consent_gateway.page.view import View
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site
from tests.services_pages import PAGE, short_placeholder


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('src="https://www.youtube.com/embed/x"', 'src="http://www.youtube.com.localhost:81/embed/x"'),
        ("url(//a.example.net:8443/x)", "url(//a.example.net.localhost:81/x)"),
        (r'"https:\/\/a.example.net\/x"', r'"http:\/\/a.example.net.localhost:81\/x"'),
        ("new WebSocket('wss://a.example.net')", "new WebSocket('ws://a.example.net.localhost:81')"),
        ("HTTPS://A.Example.NET/", "http://a.example.net.localhost:81/"),
        ("//a.example.net.localhost:9/x", "//a.example.net.localhost:9/x"),
        ('"//" + shop + ".example.net"', '"//" + shop + ".example.net"'),
        ("/own/path.js // a remark", "/own/path.js // a remark"),
        ("https://localhost:8080/x", "https://localhost:8080/x"),
    ],
)
def test_a_whole_address_gets_the_name_of_its_stand_in(written: str, instead: str) -> None:
    assert localised(written.encode(), 81).decode() == instead


def test_every_example_means_the_same_to_the_gateway_with_stand_ins(catalogue: Catalogue) -> None:
    plain, local = rewriter(catalogue, "false"), rewriter(catalogue, "true")
    for id, service in catalogue.services.items():
        html = f"<!doctype html><title>Example</title><body>\n{service.example}</body>".encode()
        as_written = rewritten(catalogue, plain, html)
        stood_in = rewritten(catalogue, local, localised(html, 81))
        assert as_written.services == stood_in.services == {id}
        assert held(as_written) == held(stood_in) != [], id


def rewriter(catalogue: Catalogue, stand_ins: str) -> Rewriter:
    tables = '{"third_parties": {"unlisted": "hold", "local_stand_ins": %s}}'
    site = Site.model_validate_json(tables % stand_ins)
    return Rewriter(catalogue, Recogniser(site, catalogue, ()).on("www.example.com"))


def rewritten(catalogue: Catalogue, by: Rewriter, html: bytes) -> Rewritten:
    view = View(
        url=PAGE,
        prefix="/.privacy",
        loads=lambda service: False,
        once=frozenset(),
        placeholder=short_placeholder,
        forms=lambda services: b"",
        mounts=lambda service: catalogue.services[service].mounts,
        network=catalogue.network,
    )
    return by.page(html, encoding=UTF8, view=view)


def held(page: Rewritten) -> list[bytes]:
    """What stands in a page for what is held, without its addresses."""
    return re.findall(
        rb"<placeholder \S+ \d+ \S+ x [^ >]+| data-privacy-[a-z-]+|type=\"text/plain\"", page.body
    )
