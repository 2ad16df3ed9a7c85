"""A page as a site might have it, with plug-ins of every size, to be edited by the gateway."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from consent_gateway.catalogue import Catalogue, Treatment
from consent_gateway.site import Site

PAGE = '<!DOCTYPE html><html lang="{language}"><head><title>Page</title></head><body><p>Text</p>{plug_ins}<p>Text</p></body></html>'
SIZES = ((600, 400), (300, 200), (300, 80), (180, 80))  # one for each of the sizes of a placeholder
SCRIPT = "https://connect.facebook.net/en_US/sdk.js"
SHARING = f'<div class="fb-share-button" data-href="https://www.example.com/"></div><script src="{SCRIPT}"></script>'


def frame(site: Site, catalogue: Catalogue) -> str:
    """The address of a plug-in that a visitor may release, or else of any; empty where there is none."""
    known = catalogue.services
    embedded = [id for id, one in known.items() if one.treatment is Treatment.PLACEHOLDER]
    urls = (url for id in sorted(embedded, key=site.lists, reverse=True) for url in known[id].urls)
    plain = next((url for url in urls if "*" not in url and "/" in url), "")
    return f"https://{plain}" if plain else ""


def html(language: str, frame: str) -> str:
    """The page, with the plug-in at this address in each size."""
    frames = (f'<iframe src="{frame}" width="{width}" height="{height}"></iframe>' for width, height in SIZES)
    return PAGE.format(language=language, plug_ins="".join(frames if frame else ()) + SHARING)


def is_of_site(element: Element, frame: str) -> bool:
    """Whether an element of the edited page is what loads a plug-in, released or held."""
    loads = element.tag in ("iframe", "script") and element.get("src") in (frame, SCRIPT)
    return loads or (
        element.tag == "script" and element.get("data-privacy-src") is not None and not element.text
    )
