"""A stand-in for Google on loopback: a script that reports one page view, and an ear for hits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from consent_gateway.testing.threads import in_thread

# It asks for nothing but the gateway's own path, by which it came: whatever goes wrong, no test reaches Google.
SCRIPT = """\
(() => {
  const here = new URL(document.currentScript.src);
  const hit = new URL(here.pathname.replace(/gtag\\/js$/, "g/collect"), here);
  const seconds = Math.floor(Date.now() / 1000);
  hit.search = new URLSearchParams({
    v: "2", tid: here.searchParams.get("id") || "", cid: `1.${seconds}`, sid: `${seconds}`, sct: "1", seg: "1",
    _s: "1", en: "page_view", dl: location.href, dr: document.referrer, dt: document.title,
  });
  fetch(hit, { method: "POST", keepalive: true });
})();
"""


@contextmanager
def google() -> Iterator[str]:
    """Answers in Google's place: its script, and 204 to every hit; yields the address."""
    addresses: list[str] = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        if request.path.endswith("/js"):
            return web.Response(text=SCRIPT, content_type="text/javascript")
        return web.Response(status=204)

    async def run(ready: threading.Event, stop: asyncio.Event) -> None:
        runner = web.ServerRunner(web.Server(answer, access_log=None), shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        addresses.append(f"http://{host}:{port}")
        ready.set()
        await stop.wait()
        await runner.cleanup()

    with in_thread(run, "stand-in for Google"):
        yield addresses[0]
