"""Plug-ins are known by their looks; where those are a part of an address, its host counts as well."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Known, Mount, Selector
from consent_gateway.page.charset import Encoding
from consent_gateway.page.elements import Recognition
from consent_gateway.page.lookup import Lookup
from consent_gateway.page.mounts import Mounts
from consent_gateway.page.plugins import Plugins
from consent_gateway.page.positions import Carrier
from consent_gateway.page.reading import read
from consent_gateway.urls import Address

FORM = Mount(id="form", selectors=('script[src*="forms.example/embed"]',), size=(0, 0))
POST = Mount(id="post", selectors=("iframe.post",), size=(0, 0), server="src")
MOUNTS = Mounts(
    [(Selector.parse(text), owner, mount) for owner, mount in (("forms", FORM), ("posts", POST)) for text in mount.selectors]
)  # fmt: skip


OWNERS: dict[str, str | Known] = {"forms.example": "forms", "t.co": Known("Tracker", "marketing")}


def of_address(address: Address, carrier: Carrier) -> str | Known | None:
    return OWNERS.get(address.host)


def found(html: str) -> list[str]:
    data, url = html.encode(), "https://www.example.com/"
    recognise = Recognition(
        of_address=of_address, of_code=lambda code: [], mounts=MOUNTS, is_own=lambda address: address.host == "www.example.com"
    )  # fmt: skip
    reading = read(data)
    lookup = Lookup(data, reading, recognise, Encoding("utf-8"), url)
    plugins = Plugins(data, reading, recognise, lookup)
    owners = [str(element.owner) for element in plugins.learn()]
    for tag in reading.tags:
        of = {b"script": plugins.of_script, b"iframe": plugins.of_frame}.get(tag.name)
        owners += [str(element.owner) for element in of(tag, tag.attributes(data))] if of else []
    return owners


def test_a_script_stands_for_the_plug_in_that_it_writes_in_its_place() -> None:
    assert found('<script src="https://forms.example/embed.js"></script>') == ["forms"]


@pytest.mark.parametrize("host", ["", "/local", "//www.example.com", "https://mirror.example.net", "//t.co"])
def test_a_path_that_reads_like_its_address_is_none(host: str) -> None:
    assert found(f'<script src="{host}/forms.example/embed.js"></script>') == []


def test_a_frame_is_known_by_its_looks_on_any_server_but_the_sites_own() -> None:
    assert (
        found('<iframe class="post" src="https://anywhere.example/1" data-src="/2"></iframe>')
        == ["posts"] * 2
    )
    assert found('<iframe class="post" src="/1"></iframe>') == []
