"""What is in a document is read without knowing of any visitor."""

from __future__ import annotations

from consent_gateway.catalogue import Catalogue
from consent_gateway.page.charset import UTF8
from consent_gateway.page.contents import Source, contents
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site

FILM = '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'


def test_elements_services_hosts_and_documents_in_attributes_are_found_in_one_reading(
    catalogue: Catalogue,
) -> None:
    site = Site.model_validate({"third_parties": {"unlisted": "hold"}})
    recognise = Recogniser(site, catalogue, ()).on("www.example.com")
    data = f'<head></head><body>{FILM}<img src="https://nobody.example/x.png"><iframe srcdoc="<p>within"></iframe>'
    found = contents(Source(data=data.encode(), encoding=UTF8, url="https://www.example.com/"), recognise)
    assert [(one.tag.name, one.owner) for one in found.elements if isinstance(one.owner, str)] == [
        (b"iframe", "youtube")
    ]
    assert found.services == {"youtube"}
    assert {host for host, _ in found.unlisted} == {"nobody.example"}
    assert [one.content for one in found.documents] == [b"<p>within"]
    assert found.where.notice == data.index(FILM)
    assert found.settled


def test_xml_is_read_as_xml_and_a_base_counts(catalogue: Catalogue) -> None:
    recognise = Recogniser(Site(), catalogue, ()).on("www.example.com")
    data = b'<html xmlns="http://www.w3.org/1999/xhtml"><head><base href="/a/"/></head><body/></html>'
    source = Source(data=data, encoding=UTF8, url="https://www.example.com/", xml=True)
    found = contents(source, recognise)
    assert found.reading.xml and found.base == "https://www.example.com/a/"
