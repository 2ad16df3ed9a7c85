"""What stands at the end of a page, before the settings link."""

from __future__ import annotations

from dataclasses import replace

from consent_gateway.catalogue import Catalogue
from consent_gateway.page.charset import Encoding
from consent_gateway.page.rewriting import Insertions, Rewriter
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site
from tests.page.test_rewriting import VIEW


def undo(service: str, *, first: bool, place: str) -> bytes:
    return f"[undo {service} {place}]".encode()


def test_what_code_of_the_page_loads_is_switched_off_before_the_settings_link(catalogue: Catalogue) -> None:
    rewriter = Rewriter(catalogue, Recogniser(Site(), catalogue, ()).on("www.example.com"))
    view = replace(VIEW, undo=undo, loads=lambda service: service == "youtube")
    films = "<script>films('https://www.youtube.com/embed/abcdefghijk')</script>"
    body = rewriter.page(
        f"<body>{films}</body>".encode(),
        encoding=Encoding("utf-8"),
        view=view,
        insert=lambda services: Insertions(settings=b"[settings]"),
    ).body.decode()
    assert body == f"<body>{films}[undo youtube apart][settings]</body>"
