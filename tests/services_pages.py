"""The before and after pages of a service, as files: what the visitor gets."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from consent_gateway.catalogue import Catalogue, Treatment
from consent_gateway.page.charset import Encoding
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.page.view import Plugin, View
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site

SERVICES = Path(__file__).parent / "services"
PAGE = "https://www.example.com/page"


def rewritten(
    catalogue: Catalogue, page: bytes, *, released: frozenset[str] = frozenset(), unlisted: str = "load"
) -> bytes:
    """The page with these services released and everything else held; the placeholder is written
    short, so that the files show what stands where."""
    rewriter = _rewriter(id(catalogue), catalogue, unlisted)
    view = View(
        url=PAGE,
        prefix="/.privacy",
        loads=released.__contains__,
        once=frozenset(),
        placeholder=short_placeholder,
        forms=lambda services: b"",
        mounts=lambda service: catalogue.services[service].mounts,
        network=catalogue.network,
        click_ids=catalogue.click_ids,
    )
    return rewriter.page(page, encoding=Encoding("utf-8"), view=view).body


_REWRITERS: dict[tuple[int, str], Rewriter] = {}


def _rewriter(key: int, catalogue: Catalogue, unlisted: str) -> Rewriter:
    """One per catalogue: to read its rules takes longer than to rewrite a page."""
    if (key, unlisted) not in _REWRITERS:
        site = Site.model_validate_json(f'{{"third_parties": {{"unlisted": "{unlisted}"}}}}')
        recogniser = Recogniser(site, catalogue, ())
        _REWRITERS[key, unlisted] = Rewriter(catalogue, recogniser.on("www.example.com"))
    return _REWRITERS[key, unlisted]


def short_placeholder(plugin: Plugin, *, first: bool) -> bytes:
    link = f' link="{plugin.alternative}"' if plugin.alternative else ""
    link += "".join(f' share-{id}="{address}"' for id, address in plugin.shares)
    return f"<placeholder {plugin.service} {plugin.instance} {plugin.width} x {plugin.height}{link}>".encode()


def write(catalogue: Catalogue, ids: Sequence[str] = ()) -> None:
    """Writes held.html of these services anew, of all if none is named, and loaded.html of measurement, to be
    looked at before they are kept."""
    for id in ids or sorted(folder.name for folder in SERVICES.iterdir()):
        folder = SERVICES / id
        page = (folder / "page.html").read_bytes()
        (folder / "held.html").write_bytes(rewritten(catalogue, page))
        if catalogue.services[id].treatment is Treatment.MEASUREMENT:
            loaded = rewritten(catalogue, page, released=frozenset((id,)))
            (folder / "loaded.html").write_bytes(loaded)


if __name__ == "__main__":
    from consent_gateway.catalogue import load

    write(load(), sys.argv[1:])
