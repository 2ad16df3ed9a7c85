"""A site that leaks in every way there is, as somebody would have recorded it, and flow files of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mitmproxy import http
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow

from consent_gateway.captures.exchange import Exchange
from consent_gateway.messages import Headers, Request, Response

SITE = "www.shop.example"
HTML, CSS, JS, SVG, JSON = (
    "text/html; charset=utf-8",
    "text/css",
    "text/javascript",
    "image/svg+xml",
    "application/json",
)
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30"/></svg>'
)

HOME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<link rel="preconnect" href="https://www.youtube.com">
<link rel="stylesheet" href="https://www.shop.example/style.css">
<script async src="https://www.googletagmanager.com/gtag/js?id=G-SHOP12345"></script>
<script>window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments); }
gtag("js", new Date()); gtag("config", "G-SHOP12345");</script>
<script src="//snap.licdn.com/li.lms-analytics/insight.min.js"></script>
</head><body>
<h1>Shop</h1>
<p><a id="about" href="https://www.shop.example/about?from=home">About us</a>
<a id="away" href="https://partner.example/offer">A partner</a></p>
<img id="own" src="https://cdn.shop.example/logo.svg" alt="logo" width="40" height="30">
<img src="https://px.ads.linkedin.com/collect?pid=7" width="1" height="1" alt="">
<iframe src="https://www.youtube.com/embed/abcdefghijk" width="320" height="180"></iframe>
<script src="/site.js"></script>
</body></html>"""

# What it puts together at run time is in no text.
SITE_JS = """
fetch("/api/news?time=" + Date.now()).then((a) => a.json()).then((news) => { document.title = "Shop " + news.title; });
const host = ["px", "ads", "linkedin", "com"].join(".");
new Image().src = "https:" + "//" + host + "/collect?made=1";
const hint = document.createElement("link");
hint.rel = "preconnect";
hint.href = "https:" + "//" + "early." + "example";
document.head.append(hint);
new WebSocket("wss:" + "//" + "socket." + "example/live");
navigator.sendBeacon("https:" + "//" + "beacon." + "example/b", "x");
window.leave = () => { location.href = "https:" + "//" + "elsewhere." + "example/"; };
window.sends = () => {
  const form = document.createElement("form");
  form.action = "https:" + "//" + "form." + "example/";
  document.body.append(form);
  form.submit();
};
window.opens = () => { window.open("https:" + "//" + "window." + "example/"); };
"""
STYLE = """@font-face { font-family: F; src: url(https://fonts.gstatic.com/s/f.woff2) } body { font-family: F }
h1 { background: url("//tracker.example/h1.svg") }"""

# The scripts ask for what the real ones ask for.
GTAG = 'new Image().src = "https://region1.google-analytics.com/g/collect?v=2&tid=G-SHOP12345&cid=1.2&en=page_view&dl=" + encodeURIComponent(location.href);'
INSIGHT = 'new Image().src = "https://px.ads.linkedin.com/collect?v=2&fmt=js";'

COOKIE = ("Set-Cookie", "li_sugr=abc; Domain=.linkedin.com; Path=/; Secure; SameSite=None; Max-Age=1000")


def exchange(
    url: str,
    content_type: str,
    body: str,
    *,
    method: str = "GET",
    status: int = 200,
    destination: str = "",
    fields: tuple[tuple[str, str], ...] = (),
) -> Exchange:
    """A request for the address, and its answer."""
    scheme, _, rest = url.partition("://")
    host, slash, target = rest.partition("/")
    sent = (("Host", host), *((("Sec-Fetch-Dest", destination),) if destination else ()))
    return Exchange(
        request=Request(
            method=method, scheme=scheme, host=host, target=slash + target, headers=Headers(sent)
        ),
        response=Response(
            status=status,
            headers=Headers((*((("Content-Type", content_type),) if content_type else ()), *fields)),
            body=body.encode(),
        ),
        destination=destination,
    )


RECORDED = (
    exchange("https://www.shop.example/", HTML, HOME, destination="document"),
    exchange("https://www.shop.example/style.css", CSS, STYLE, destination="style"),
    exchange("https://www.shop.example/site.js", JS, SITE_JS, destination="script"),
    exchange("https://www.shop.example/api/news?time=1", JSON, '{"title": "of news"}', destination="empty"),
    exchange(
        "https://www.shop.example/about?from=mail",
        HTML,
        '<!doctype html><html lang="en"><head><title>About</title></head><body><h1>About us</h1></body></html>',
        destination="document",
    ),
    exchange("https://cdn.shop.example/logo.svg", SVG, PICTURE, destination="image"),
    exchange("https://www.googletagmanager.com/gtag/js?id=G-SHOP12345", JS, GTAG, destination="script"),
    exchange("https://region1.google-analytics.com/g/collect?v=2&tid=G-SHOP12345", "", "", status=204, destination="image"),
    exchange("https://snap.licdn.com/li.lms-analytics/insight.min.js", JS, INSIGHT, destination="script"),
    exchange("https://px.ads.linkedin.com/collect?pid=7", SVG, PICTURE, destination="image", fields=(COOKIE,)),
    exchange(
        "https://www.youtube.com/embed/abcdefghijk",
        HTML,
        '<!doctype html><html><head></head><body>Film <img src="https://i.ytimg.com/vi/x.svg"></body></html>',
        destination="iframe",
    ),
    exchange("https://i.ytimg.com/vi/x.svg", SVG, PICTURE, destination="image"),
    exchange("https://tracker.example/h1.svg", SVG, PICTURE, destination="image"),
)  # fmt: skip


def write(path: Path, exchanges: Iterable[Exchange] = RECORDED) -> Path:
    """A flow file of them, written by mitmproxy itself."""
    with path.open("wb") as file:
        writer = FlowWriter(file)
        for one in exchanges:
            writer.add(_flow(one))
    return path


def _flow(one: Exchange) -> http.HTTPFlow:
    flow = tflow.tflow(resp=True)
    assert flow.response is not None and one.response is not None
    flow.request = http.Request.make(one.request.method, one.request.url, b"", _fields(one.request.headers))
    flow.response = http.Response.make(one.response.status, one.response.body, _fields(one.response.headers))
    return flow


def _fields(headers: Headers) -> http.Headers:
    return http.Headers([(name.encode(), value.encode()) for name, value in headers])
