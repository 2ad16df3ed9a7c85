"""The rewriter as the benchmarks use it: nothing released, placeholders of one length."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import lru_cache

from consent_gateway.catalogue import Catalogue, load
from consent_gateway.page.charset import Encoding
from consent_gateway.page.positions import Carrier
from consent_gateway.page.remembered import Remembered
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.page.view import Plugin, View
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site
from consent_gateway.urls import resolve

HOST = "www.example.com"
PAGE = f"https://{HOST}/"
UTF8 = Encoding("utf-8")


def _placeholder(plugin: Plugin, *, first: bool) -> bytes:
    return b'<span data-original="%s">%s</span>' % (base64.b64encode(plugin.original), b"x" * 1500)


def rewriter(catalogue: Catalogue, remembered: Remembered | None = None) -> Callable[[bytes], bytes]:
    """Rewrites pages with a catalogue, before consent; `remembered`, as behind `serve`, knows those that come again."""
    made = Rewriter(catalogue, _recogniser(catalogue).on(HOST), remembered)
    view = View(
        url=PAGE,
        prefix="/.privacy",
        loads=lambda service: False,
        once=frozenset(),
        placeholder=_placeholder,
        forms=lambda services: b"",
        mounts=lambda service: catalogue.services[service].mounts,
    )

    def rewritten(data: bytes) -> bytes:
        came = bytes(memoryview(data))  # from a socket its hash is not known yet
        return made.page(came, encoding=UTF8, view=view).body

    return rewritten


def _recogniser(catalogue: Catalogue) -> Recogniser:
    return Recogniser(
        Site.model_validate({"third_parties": {"first_party": ("cdn.example.com",)}}), catalogue, ()
    )


@lru_cache(maxsize=1)
def judgement() -> Callable[[str], bool]:
    """Whether an address belongs to somebody who is held: the same question for every engine."""
    recogniser = _recogniser(load())

    def is_held(value: str) -> bool:
        address = resolve(value, PAGE)
        return address is not None and recogniser.owner(address, HOST, Carrier.IMAGE) is not None

    return is_held
