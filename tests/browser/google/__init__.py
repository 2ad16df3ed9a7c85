"""Google Analytics as the browser meets it: its script, real or stood in for, and pages that use it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl

from aiohttp import web

from tests.loopback import Answer, Seen, Server

REAL = "GA_REAL_DIR"
STAND_IN = Path(__file__).with_name("gtag.js").read_text("utf-8")
JS, HTML = "text/javascript", "text/html"

HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Account of Max Muster</title>
{head}
</head><body>
<h1>Shop</h1><p>Signed in as max.muster@example.org</p>
<p><a id="out" href="https://partner.example/offer?x=1">A partner</a></p>
{body}
<p style="margin-top: 3000px">The end.</p>
</body></html>"""

SNIPPET = """<script async src="https://www.googletagmanager.com/gtag/js?id={id}"></script>
<script>
window.dataLayer = window.dataLayer || [];
function gtag(){{dataLayer.push(arguments);}}
gtag('js', new Date());
gtag('config', '{id}', {config});
</script>"""

# What a page should not say, by the way it says it: all of it in files that are the site's own.
ABOUT = {
    "client_id": "4711.4711", "user_id": "crm-4711", "user_data": {"email": "max.muster@example.org"},
    "user_properties": {"crm_id": "crm-4711"}, "allow_google_signals": True,
}  # fmt: skip
SERVER, OTHER = "https://sgtm.other.example", "https://relay.other.example"
SHAPES = {
    "container": {"server_container_url": SERVER, **ABOUT},
    "transport": {"transport_url": OTHER, **ABOUT},
    "direct": ABOUT,
}
HOSTILE = """
const asked = new URL(document.currentScript.src).searchParams;
const layer = asked.get("l") || "dataLayer";
window[layer] = [{{event: "early", user_id: "crm-4711", user_data: {{email: "max.muster@example.org"}}}}];
window.gtag = function () {{ window[layer].push(arguments); }};
gtag("consent", "default", {{ad_storage: "granted", analytics_storage: "granted", ad_user_data: "granted", ad_personalization: "granted"}});
gtag("js", new Date());
gtag("set", {{user_id: "crm-4711"}});
gtag("set", "user_data", {{email: "max.muster@example.org"}});
gtag("config", "{id}", {config});
gtag("consent", "update", {{ad_storage: "granted", analytics_storage: "granted"}});
const tag = document.createElement("script");
tag.async = true;
tag.src = asked.get("src") || "https://www.google" + "tagmanager.com/gtag/js?id={id}" + (asked.has("l") ? "&l=" + layer : "");
document.head.append(tag);
"""


@dataclass(frozen=True)
class Tag:
    """A script of Google's for one property: the stand-in, or a real copy from GA_REAL_DIR."""

    id: str
    script: str
    real: bool = False

    def __str__(self) -> str:
        return f"{'real' if self.real else 'stand-in'}-{self.id}"


def _stood_in(id: str, **property: object) -> Tag:
    return Tag(id, STAND_IN.replace("__PROPERTY__", json.dumps(property)))


STOOD_IN = _stood_in("G-STANDIN1", scrapes=True, ads="AW-123456789")
BEHIND_A_TAG_GATEWAY = _stood_in("G-GATEWAY1", gateway="/metrics")


def real_copies() -> Iterator[Tag]:
    """Copies of Google's own script that the developer keeps: none of them may be passed on."""
    folder = os.environ.get(REAL)
    for path in sorted(Path(folder).glob("*.js")) if folder else ():
        script = path.read_text("utf-8")
        if id := re.search(r'"(G-[A-Z0-9]{4,12})"', script):
            yield Tag(id.group(1), script, real=True)


def answering(tag: Tag) -> Answer:
    """Google as the gateway talks to it."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/gtag/js":
            queue = request.query.get("l", "dataLayer")  # Google writes its name into the script
            return web.Response(text=tag.script.replace('"dataLayer"', f'"{queue}"'), content_type=JS)
        return web.Response(status=204)

    return answer


def shop(tag: Tag) -> Answer:
    """A website that uses the tag in all the ways of the tests."""

    def page(head: str, body: str = "") -> web.Response:
        return web.Response(text=HEAD.format(head=head, body=body), content_type=HTML)

    async def answer(request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/":
                return page(SNIPPET.format(id=tag.id, config="{}"))
            case "/named":  # the queue under a name that only the script's address tells
                snippet = SNIPPET.format(id=tag.id, config=json.dumps(ABOUT))
                named = snippet.replace(f"?id={tag.id}", f"?id={tag.id}&amp;l=layer3")
                return page(named.replace("dataLayer", "layer3"))
            case "/hostile":
                return page(f'<script src="/js/hostile.js?{request.query_string}"></script>')
            case "/js/hostile.js":
                config = json.dumps(SHAPES[request.query["shape"]])
                return web.Response(text=HOSTILE.format(id=tag.id, config=config), content_type=JS)
            case "/js/gtag.js":
                return web.Response(text=tag.script, content_type=JS)
            case "/plain":
                return page("")
        return web.Response(status=204)

    return answer


@dataclass(frozen=True)
class Event:
    """An event as Google gets it: what its hit shares, and its own."""

    name: str
    fields: dict[str, str] = field(default_factory=dict)


def events(server: Server) -> list[Event]:
    """All events that have arrived at a stand-in for Google."""
    return [event for seen in list(server.requests) if seen.path == "/g/collect" for event in _events(seen)]


def _events(seen: Seen) -> Iterator[Event]:
    shared = dict(parse_qsl(seen.query, keep_blank_values=True))
    for line in seen.body.splitlines() or [""]:
        fields = shared | dict(parse_qsl(line, keep_blank_values=True))
        yield Event(fields.get("en", ""), fields)
