"""What a page says of itself and of who runs it."""

from __future__ import annotations

import json

import pytest

from consent_gateway.page.charset import UTF8, sniff, to_bytes_like_ascii
from consent_gateway.survey.documents import LONGEST_DATA, Document

PAGE = "https://www.solarhof.de/de/"


def document(html: str) -> Document:
    return Document(html.encode(), UTF8, PAGE)


def links(html: str) -> list[str]:
    return [address for _, address in document(html).policy_links()]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="datenschutz">Datenschutz</a>',
        "<A HREF=/de/datenschutz#cookies><span>Daten</span>schutz</A>",
        '<a href="/de/datenschutz" aria-label="Datenschutz"><svg></svg></a>',
        '<a href="/de/datenschutz"><img src=x></a>',
        '<a href="/de/datenschutz">Datenschutz',
        '<a href="&#47;de/datenschutz">Datenschutz&shy;erkl&auml;rung</a>',
    ],
)
def test_a_link_is_found_however_it_is_written(link: str) -> None:
    assert links(f"<body>{link}</body>") == ["https://www.solarhof.de/de/datenschutz"]


@pytest.mark.parametrize(
    "link",
    [
        "<a>Datenschutz</a>",
        '<a href="javascript:x()">Datenschutz</a>',
        '<!-- <a href="/x">Datenschutz</a> -->',
    ],
)
def test_what_leads_nowhere_is_none(link: str) -> None:
    assert links(f"<body>{link}</body>") == []


def test_a_page_of_another_encoding_is_read_as_browsers_read_it() -> None:
    html = '<a href="/p">Datenschutzerklärung</a>'.encode("utf-16")
    encoding = sniff(html, "text/html")
    found = Document(to_bytes_like_ascii(html, encoding), encoding, PAGE)
    assert [address for _, address in found.policy_links()] == ["https://www.solarhof.de/p"]


def data(value: object) -> list[tuple[str, str]]:
    text = value if isinstance(value, str) else json.dumps(value)
    return list(document(f'<script type="application/ld+json">{text}</script>').proposals())


def test_an_organisation_in_the_data_of_a_page_and_its_mail_are_proposals() -> None:
    one = {
        "@type": "https://schema.org/LocalBusiness",
        "name": "Hof",
        "telephone": "+49 30 1",
        "address": "Gasse 1",
    }
    assert data([one]) == [("name", "Hof"), ("telephone", "+49 30 1"), ("address", "Gasse 1")]
    assert list(document('<a href="mailto:a@b.de?subject=x">').proposals()) == [("contact", "a@b.de")]


@pytest.mark.parametrize("country", ["DE", {"@type": "Country", "name": "DE"}])
def test_a_country_is_told_by_its_name_in_the_language_of_the_page(country: object) -> None:
    one = json.dumps(
        {"@type": "Organization", "address": {"streetAddress": "Gasse 1", "addressCountry": country}}
    )
    for language, name in (("de", "Deutschland"), ("fr", "Allemagne"), ("ja", "Germany")):
        page = document(f'<html lang="{language}"><script type="application/ld+json">{one}</script>')
        assert list(page.proposals()) == [("address", f"Gasse 1, {name}")]


def test_its_lines_are_what_is_shown() -> None:
    html = "<style>a{}</style><p>Dr.&nbsp;Ada <b>Mus</b>ter<br>a@b.de<!-- <p>x --><script>c</script></p><!-- <p>y"
    assert document(html).lines() == ["Dr. Ada Muster", "a@b.de"]


def test_what_data_are_stored_for_is_told_by_forms_and_links() -> None:
    html = """<template><form><input type="password"></form></template>
        <form role="search"><input name="q"></form><a href="https://x.net/cart">x</a>
        <form action="/send"><input name="E-Mail"><textarea></textarea></form><form><input type="PASSWORD">"""
    assert list(document(html).purposes()) == [("shop", "https://x.net/cart"), ("contact", PAGE)]
    assert list(document(f"{html}</form>").purposes())[-1] == ("account", PAGE)


@pytest.mark.parametrize(
    "value",
    ["{", "[" * 100_000, {"@type": 7, "name": "x"}, {"@type": "Person", "name": "x"}, {"@type": ["Organization"], "name": {"x": 1}},
     f'{{"@type": "Organization", "name": "{"x" * LONGEST_DATA}"}}', {"@type": "Organization", "address": {"streetAddress": 7}}],
    ids=["broken", "deep", "type", "person", "name", "long", "address"],
)  # fmt: skip
def test_what_is_none_or_hostile_says_nothing(value: object) -> None:
    assert data(value) == []
