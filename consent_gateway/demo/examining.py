"""A document looked at by a strict gateway: what it recognises, and whether anything is left that it should hold."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime

from consent_gateway import catalogue
from consent_gateway.analytics.pseudonym import Salt
from consent_gateway.datafile import parse
from consent_gateway.demo.embeds import Document
from consent_gateway.explaining import Explanation, Held, explained
from consent_gateway.gateway import Gateway
from consent_gateway.keys import Key, KeyRing
from consent_gateway.messages import Headers, Request, Response
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.seen import Seen
from consent_gateway.site import Site

STRICT = '[third_parties]\nunlisted = "hold"\n'
HOST = "www.site.example"  # RFC 6761: nobody's


def strict_gateway() -> Gateway:
    """A gateway for a look at documents, which keeps nothing."""
    key = secrets.token_bytes(32)
    site = parse(STRICT, Site, file="site.toml")
    return Gateway(
        site=site,
        catalogue=catalogue.load(),
        ring=KeyRing((Key("look", key),)),
        salts=lambda start: Salt(start, key),
        rendering=Rendering(templates_folder(), site.site.languages, prefix=site.prefix),
        origin=f"http://{HOST}",
        origin_hosts=(HOST,),
        seen=Seen(),
        started=datetime.now(UTC),
    )


def recognised(gateway: Gateway, document: Document, host: str, now: datetime) -> list[Explanation]:
    """What is recognised, for a visitor who has decided nothing; in the lines of what was written. Raises
    charset.Undecodable."""
    return _in_written_lines(gateway, document.content, document, host, now)


def left_over(gateway: Gateway, document: Document, host: str, now: datetime) -> list[Explanation]:
    """What is recognised still after the gateway has held everything: nothing, if it keeps its word. What the
    guard script holds at run time does not count. Raises charset.Undecodable."""
    answer = Response(
        status=200, headers=Headers.of(Content_Type=document.content_type), body=document.content
    )
    passed, _ = gateway.rewrite(_asking(host), answer, now)
    found = _in_written_lines(gateway, passed.body, document, host, now)
    return [replace(one, treatment=Held.NOT) for one in found if one.treatment is not Held.AT_RUN_TIME]


def _in_written_lines(
    gateway: Gateway, content: bytes, document: Document, host: str, now: datetime
) -> list[Explanation]:
    found = explained(content, gateway, _asking(host), now, content_type=document.content_type)
    before = document.lines_before
    return [replace(one, place=one.place._replace(line=one.place.line - before)) for one in found]


def _asking(host: str) -> Request:
    return Request(method="GET", scheme="http", host=host, target="/")
