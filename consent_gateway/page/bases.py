"""What the relative addresses of a page are relative to."""

from __future__ import annotations

from consent_gateway.page.charset import Encoding, text_of
from consent_gateway.page.reading import Reading
from consent_gateway.urls import Address, attribute_text, resolve

MOST = 8  # of a page full of them; each costs a look-up per address


def bases(data: bytes, reading: Reading, encoding: Encoding, url: str) -> list[str]:
    """First the address of the first base element (HTML standard 4.2.3), or the page's own; then those
    that only some browsers find: what comes to be held by one of them is held."""
    first: str | None = None
    others = []
    for tag in reading.tags:
        if tag.name != b"base" or tag.template or not (href := tag.attributes(data).get(b"href")):
            continue
        value = attribute_text(text_of(data[href.value_start : href.value_end], encoding))
        base = _without_user(resolve(value, url))
        if tag.foreign or tag.noscript or tag.doubtful:
            others += [base] if base else []
        elif first is None:
            first = base or url
    return list(dict.fromkeys((first or url, *others)))[:MOST]


def _without_user(address: Address | None) -> str | None:
    if address is None:
        return None
    port = f":{address.port}" if address.port else ""
    return f"{address.scheme}://{address.host}{port}{address.rest}"
