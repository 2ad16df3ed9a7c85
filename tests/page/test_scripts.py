"""What the scripts of a page load, wherever their code stands."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Known
from consent_gateway.page.charset import UTF8
from consent_gateway.page.elements import Element, Recognition
from consent_gateway.page.finding import Finder
from consent_gateway.page.positions import Carrier
from consent_gateway.page.reading import read
from consent_gateway.urls import Address

TRACKER = Known("Tracker", "marketing")


def recognise(address: Address, carrier: Carrier) -> Known | None:
    return TRACKER if address.host == "t.co" else None


RECOGNITION = Recognition(
    of_address=recognise,
    of_code=lambda code: ["one", "two"] if b"boot(" in code else [],
    of_use=lambda code: ["one"] if b"use(" in code else [],
)


def found(html: str) -> list[Element]:
    data = html.encode()
    return list(Finder(data, read(data), RECOGNITION, UTF8, "https://www.example.com/"))


def test_code_that_needs_a_service_is_found_unless_it_loads_one() -> None:
    elements = found("<script>use()</script><script>boot() + use()</script>")
    assert [(element.owner, element.uses) for element in elements] == [
        ("one", True),
        ("one", False),
        ("two", False),
    ]


def test_code_that_boots_several_services_is_found_for_each() -> None:
    assert [element.owner for element in found("<script>boot()</script>")] == ["one", "two"]
    assert found('<script type="text/template">boot()</script>') == []


@pytest.mark.parametrize(
    ("html", "carrier", "attribute"),
    [
        ("<svg><script>&#98;oot()</script></svg>", Carrier.SCRIPT, b""),
        ("<svg><script>bo<g/>ot()</script></svg>", Carrier.SCRIPT, b""),
        ('<script src="data:text/javascript,boot()"></script>', Carrier.SCRIPT, b"src"),
        ('<iframe src="javascript:boot()"></iframe>', Carrier.FRAME, b"src"),
        ("<p onclick=\"boot('https://a.example')\">", Carrier.HANDLER, b"onclick"),
    ],
)
def test_code_is_read_in_elements_attributes_and_addresses(
    html: str, carrier: Carrier, attribute: bytes
) -> None:
    element = found(html)[0]
    assert (element.owner, element.carrier, element.attribute) == ("one", carrier, attribute)


def test_with_a_source_the_text_of_a_script_does_not_run() -> None:
    assert found('<script src="/own.js">boot()</script>') == []
