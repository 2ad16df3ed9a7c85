"""A web application of the project under test, served on loopback: WSGI by the standard library, ASGI by
uvicorn or Hypercorn, whichever is installed."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import WSGIApplication

from consent_gateway.testing.threads import Run, in_thread

LOOPBACK = "127.0.0.1"
ASGIApplication = Callable[..., Any]


class NoServer(RuntimeError):
    """No server for ASGI is installed, or the application did not start."""


@contextmanager
def of_wsgi(application: WSGIApplication) -> Iterator[str]:
    """Serves a WSGI application (PEP 3333), several requests at a time; yields its address."""
    with make_server(LOOPBACK, 0, application, server_class=_Server, handler_class=_Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="WSGI", daemon=True)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests say what was asked for."""


@contextmanager
def of_asgi(application: ASGIApplication) -> Iterator[str]:
    """Serves an ASGI application; yields its address. Raises NoServer."""
    served = next((serve for name, serve in SERVERS.items() if find_spec(name)), None)
    if served is None:
        raise NoServer(f"an ASGI application is served by {' or '.join(SERVERS)}: pip install uvicorn")
    with socket.create_server((LOOPBACK, 0)) as listening, in_thread(served(application, listening), "ASGI"):
        yield f"http://{LOOPBACK}:{listening.getsockname()[1]}"


def _by_uvicorn(application: ASGIApplication, listening: socket.socket) -> Run:
    import uvicorn

    # Logging is left to the tests; whether the application has a lifespan is found out.
    server = uvicorn.Server(uvicorn.Config(application, log_config=None, lifespan="auto"))

    async def serve() -> None:
        with suppress(SystemExit):  # uvicorn's way to say that the application did not start
            await server.serve(sockets=[listening])

    async def run(ready: threading.Event, stop: asyncio.Event) -> None:
        serving = asyncio.create_task(serve())
        while not server.started:
            if serving.done():
                raise NoServer("the application did not start: its lifespan failed")
            await asyncio.sleep(0.01)
        ready.set()
        await stop.wait()
        server.should_exit = True
        await serving

    return run


def _by_hypercorn(application: ASGIApplication, listening: socket.socket) -> Run:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    config = Config()
    config.bind = [f"fd://{os.dup(listening.fileno())}"]  # which it closes itself
    config.loglevel = "WARNING"
    config.graceful_timeout = 1

    async def run(ready: threading.Event, stop: asyncio.Event) -> None:
        ready.set()  # the socket takes connections already
        await serve(application, config, shutdown_trigger=stop.wait)

    return run


SERVERS: dict[str, Callable[[ASGIApplication, socket.socket], Run]] = {
    "uvicorn": _by_uvicorn,
    "hypercorn": _by_hypercorn,
}
