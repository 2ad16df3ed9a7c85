"""The links of a page, as its bytes say: for a visit without a browser, which asks the finished document."""

from __future__ import annotations

from collections.abc import Iterator

from consent_gateway.messages import Response
from consent_gateway.page import charset
from consent_gateway.page.reading import read_every
from consent_gateway.page.tags import Tag
from consent_gateway.urls import attribute_text, linked

MOST = 5000  # of one page


def links_of(response: Response, page: str) -> tuple[str, ...]:
    """The addresses that a page leads to, absolute and without fragments, in order. Left out are downloads and
    what the page asks crawlers not to follow (rel=nofollow)."""
    encoding = charset.sniff(response.body, response.headers.get("content-type"))
    try:
        data = charset.to_bytes_like_ascii(response.body, encoding)
    except charset.Undecodable:
        return ()
    base, found = page, dict[str, None]()
    for name, values in _tags(data, encoding):
        href = values.get(b"href")
        if href is None:
            continue
        if name == b"base":
            base = linked(href, page) or page if base == page else base
        elif _is_to_be_followed(values) and (address := linked(href, base).partition("#")[0]):
            found[address] = None
        if len(found) >= MOST:
            break
    return tuple(found)


def _is_to_be_followed(values: dict[bytes, str]) -> bool:
    return b"download" not in values and "nofollow" not in values.get(b"rel", "").lower().split()


def _tags(data: bytes, encoding: charset.Encoding) -> Iterator[tuple[bytes, dict[bytes, str]]]:
    for tag in read_every(data):
        if tag.name in (b"a", b"area", b"base") and not tag.template:
            yield tag.name, _values(tag, data, encoding)


def _values(tag: Tag, data: bytes, encoding: charset.Encoding) -> dict[bytes, str]:
    return {
        one.name: attribute_text(charset.text_of(data[one.value_start : one.value_end], encoding)).strip()
        for one in tag.attributes(data).values()
    }
