"""The site's own policy, in a header or a `<meta>`, where it lets Google's measurement in but not what
comes in its place.

A policy of the site's own is otherwise never opened for what a page loads. Here the site has said that
the page may fetch Google's script and send it hits; the gateway made both its own, and without this one
source what the visitor agreed to would not happen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from consent_gateway.analytics import endpoints
from consent_gateway.directives import allows, directives, replaced
from consent_gateway.page.edits import Edit
from consent_gateway.page.elements import Recognition
from consent_gateway.page.lookup import Lookup
from consent_gateway.page.positions import Carrier
from consent_gateway.page.tags import Attribute, Tag
from consent_gateway.urls import Address

# What governs a script, a hit, and a hit as an image.
_GOVERNING = ("script-src", "script-src-elem", "connect-src", "img-src", "default-src")
# CSP3 2.3.1 "host-source"; the stars of a host or port are no part of what is looked up.
_HOST_SOURCE = re.compile(
    r"(?:(?:https?|wss?)://)?(?:\*\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::[0-9*]+)?(?:/.*)?"
)


def path_below(prefix: str) -> str:
    """The path below which the gateway has scripts and takes hits."""
    return f"{prefix}/ga/"


def is_released(recognise: Recognition, loads: Callable[[str], bool]) -> Callable[[str], bool]:
    """Says of a source whether it is a host of measurement that this visitor has released."""

    def named(source: str) -> bool:
        match = _HOST_SOURCE.fullmatch(source.lower())
        return match is not None and any(
            recognise.of_address(Address("https", match[1], "", path), Carrier.SCRIPT) == service
            and loads(service)
            for path, service in endpoints.load().scripts.items()
        )

    return named


def with_ours(policy: str, address: str, named: Callable[[str], bool]) -> str:
    """The policy with our address in each directive that names a released host and keeps ours out;
    otherwise as it came."""
    for name, sources in directives(policy).items():
        if name in _GOVERNING and any(map(named, sources)) and not _lets_pass(sources, address):
            policy = replaced(policy, name, [*sources, address])
    return policy


def _lets_pass(sources: list[str], address: str) -> bool:
    """Whether another source would change nothing: where trust is passed on, none counts (CSP3 8.2)."""
    return allows(sources, address) or "'strict-dynamic'" in map(str.lower, sources)


def edits(
    data: bytes, tags: list[Tag], lookup: Lookup, address: str, named: Callable[[str], bool]
) -> Iterator[Edit]:
    """The same for the policies that stand in the page."""
    for tag in tags:
        if tag.name != b"meta" or tag.doubtful:
            continue
        attributes = tag.attributes(data)
        if lookup.value(attributes, "http-equiv").lower() != "content-security-policy":
            continue
        policy = lookup.value(attributes, "content")
        if (changed := with_ours(policy, address, named)) != policy:
            yield _written(data, attributes[b"content"], changed)


def _written(data: bytes, attribute: Attribute, value: str) -> Edit:
    quote = data[attribute.value_start - 1 : attribute.value_start]
    escaped = value.replace("&", "&amp;").replace("<", "&lt;")
    escaped = escaped.replace("'", "&#39;") if quote == b"'" else escaped.replace('"', "&quot;")
    text = escaped.encode("ascii", "xmlcharrefreplace")
    text = text if quote in (b"'", b'"') else b'"%s"' % text
    return Edit(attribute.value_start, attribute.value_end, text)
