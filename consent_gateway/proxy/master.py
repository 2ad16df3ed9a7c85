"""mitmproxy's master in our own process: a short chain of addons that cannot fail open."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mitmproxy import addonmanager, hooks, http, options, version
from mitmproxy.addons import core, disable_h2c, next_layer, proxyserver, tlsconfig
from mitmproxy.master import Master

from consent_gateway.proxy import apart, body_limit, draining, http1, inherited, required_options
from consent_gateway.proxy.addon import GatewayAddon

logger = logging.getLogger(__name__)

# Older ones pin HTTP libraries with known holes (GHSA-847f-9342-265h, CVE-2025-43859).
OLDEST_FOR_PRODUCTION = (12, 2, 3)


@dataclass(frozen=True, slots=True)
class Listen:
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class CannotListen(Exception):
    """The address cannot be listened on."""


class SealedAddons(addonmanager.AddonManager):
    """Looks hooks up once, and answers 503 where one raises: mitmproxy itself would log the error
    and let the page through as it came (measured on 11.0.2 and 12.2.3)."""

    def __init__(self, master: Master) -> None:
        super().__init__(master)  # type: ignore[no-untyped-call]
        self._hooks: dict[str, list[Callable[..., Any]]] = {}

    def add(self, *addons: object) -> None:
        super().add(*addons)  # type: ignore[no-untyped-call]
        self._hooks.clear()

    async def handle_lifecycle(self, event: hooks.Hook) -> None:
        await self.trigger_event(event)

    async def trigger_event(self, event: hooks.Hook) -> None:
        arguments = event.args()
        for hook in self._named(event.name):
            try:
                result = hook(*arguments)
                if isinstance(result, Awaitable):
                    await result
            except Exception:
                logger.exception("hook %s failed", event.name)
                if arguments and isinstance(arguments[0], http.HTTPFlow):
                    _seal(arguments[0], event.name)
                return

    def _named(self, name: str) -> list[Callable[..., Any]]:
        if name not in self._hooks:
            found = (getattr(addon, name, None) for addon in addonmanager.traverse(self.chain))
            self._hooks[name] = [hook for hook in found if callable(hook)]
        return self._hooks[name]


def _seal(failed: http.HTTPFlow, hook: str) -> None:
    """No page after a failure: 503 where that is still possible, else a closed connection."""
    if hook in ("requestheaders", "request", "response"):
        failed.response = http.Response.make(503, b"This page cannot be shown at the moment.\n")
    elif failed.killable:
        failed.kill()


class GatewayMaster(Master):
    """Serves one gateway on one address."""

    def __init__(self, settings: options.Options, addon: GatewayAddon) -> None:
        super().__init__(settings)
        self.addons = SealedAddons(self)
        self.proxyserver = proxyserver.Proxyserver()
        self._draining = draining.Draining()
        self.addons.add(
            core.Core(),
            disable_h2c.DisableH2C(),
            self.proxyserver,
            next_layer.NextLayer(),
            tlsconfig.TlsConfig(),
            addon,
            self._draining,
        )

    async def drain(self, linger: float) -> None:
        """Takes no new connection, lets requests under way finish, then closes what is open."""
        self._draining.begin()
        await draining.all_let_in(self._sockets)
        self.options.update(server=False)
        connections = self.proxyserver.connections.values()
        await draining.quiet(connections, linger)
        await draining.closed(connections)

    @property
    def _sockets(self) -> list[socket.socket]:
        servers = [server for instance in self.proxyserver.servers for server in instance._servers]  # type: ignore[attr-defined]
        return [one for server in servers for one in getattr(server, "sockets", ())]

    @property
    def addresses(self) -> list[Listen]:
        """Where it listens, ports as given by the system."""
        return [Listen(address[0], address[1]) for address in self.proxyserver.listen_addrs()]


def is_for_production() -> bool:
    """Whether this mitmproxy has no known hole that a visitor can reach."""
    numbers = tuple(int(part) for part in version.VERSION.split(".")[:3] if part.isdigit())
    return numbers >= OLDEST_FOR_PRODUCTION


async def serve(
    addon: GatewayAddon,
    *,
    origin: str,
    listen: Listen,
    confdir: str,
    certificate: str = "",
    ready: Callable[[list[Listen]], None],
    stop: asyncio.Event,
    sockets: Sequence[socket.socket] = (),
    linger: float = 0,
) -> None:
    """Serves until `stop` is set. Calls `ready` once requests are answered. Raises CannotListen.

    Listens on `sockets` if there are some. Where others go on, open connections are kept for `linger` seconds.

    Several may be under way in one process, each in a task of its own."""
    apart.keep_apart()
    http1.mend(addon.error_page)
    body_limit.mend(addon.too_large)
    inherited.mend(sockets)
    settings = options.Options()
    master = GatewayMaster(settings, addon)
    settings.update(
        mode=[f"reverse:{origin}@{listen.host}:{listen.port}"],
        confdir=confdir,
        certs=[certificate] if certificate else [],
        **required_options.known(settings),
    )
    running = asyncio.create_task(master.run())
    stopping = asyncio.create_task(stop.wait())
    try:
        while not master.addresses and not running.done():
            await asyncio.sleep(0.01)
            failed = [server.last_exception for server in master.proxyserver.servers if server.last_exception]
            if failed:
                raise CannotListen(str(failed[0]))
        ready(master.addresses)
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        await master.drain(linger)
        master.shutdown()  # type: ignore[no-untyped-call]
        await running
