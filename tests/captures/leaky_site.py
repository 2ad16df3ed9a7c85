"""A small website with everything around it that a capture has to tell apart; every host is this server."""

from __future__ import annotations

import asyncio
import gzip

import brotli
from aiohttp import web

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>Grüße</title>
<link rel="stylesheet" href="/styles.css"><script src="https://tags.example.org/tag.js"></script></head>
<body><img src="https://pixel.example.org/p.gif?page=%s"><iframe src="https://player.example.net/embed"></iframe>
<script>fetch("/data.json"); new WebSocket("wss://www.example.com/socket");
fetch("https://broken.example.org/none").catch(() => 0);</script>
<a href="/about">About</a> %s</body></html>"""
PLAYER = '<!doctype html><title>player</title><img src="https://cdn.example.net/poster.png">'
STYLES = (
    "@font-face {font-family: own; src: url(https://fonts.example.org/own.woff2)} body {font-family: own}"
)
TAG = 'navigator.sendBeacon("https://hits.example.org/collect", "v=2");'
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

HOME, ABOUT = "https://www.example.com/", "https://www.example.com/about?from=home"


async def leaky_site(request: web.Request) -> web.StreamResponse:
    host = request.host.partition(":")[0]
    if host == "broken.example.org" and request.transport:
        request.transport.abort()
        await asyncio.sleep(0)
    if request.path == "/socket":
        return await _socket(request)
    answer = {
        ("www.example.com", "/"): _page(request, PAGE % ("home", "Grüße")),
        ("www.example.com", "/about"): _page(request, PAGE % ("about", "Über uns")),
        ("www.example.com", "/styles.css"): web.Response(text=STYLES, content_type="text/css"),
        ("www.example.com", "/data.json"): web.json_response({"a": 1}),
        ("www.example.com", "/latin"): web.Response(
            body="<p>Grüße</p>".encode("latin-1"), headers={"Content-Type": "text/html; charset=iso-8859-1"}
        ),
        ("tags.example.org", "/tag.js"): web.Response(text=TAG, content_type="text/javascript"),
        ("pixel.example.org", "/p.gif"): web.Response(
            body=GIF, headers={"Content-Type": "image/gif", "Set-Cookie": "id=secret; Max-Age=9999"}
        ),
        ("player.example.net", "/embed"): web.Response(text=PLAYER, content_type="text/html"),
    }.get((host, request.path))
    return answer or web.Response(status=404, text="")


def _page(request: web.Request, text: str) -> web.Response:
    """Packed as the browser takes it: Brotli over TLS only."""
    takes_brotli = "br" in request.headers.get("Accept-Encoding", "")
    packed = brotli.compress(text.encode()) if takes_brotli else gzip.compress(text.encode())
    fields = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Encoding": "br" if takes_brotli else "gzip",
    }
    return web.Response(body=packed, headers=fields)


async def _socket(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.close()
    return socket
