"""A gateway in this process in front of a site that is served elsewhere, for as long as it is looked at."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from consent_gateway.analytics.envelope import OutboundRequest
from consent_gateway.gateway import Gateway
from consent_gateway.notify_table import Notify
from consent_gateway.proxy.addon import GatewayAddon
from consent_gateway.proxy.master import Listen, serve
from consent_gateway.running import Running
from consent_gateway.site import Site
from consent_gateway.site_tables import SiteTable
from consent_gateway.starting import Settings, start

HERE = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Front:
    """A gateway under way, and the host and port at which it listens."""

    running: Running
    place: str
    _log: Path
    _read: list[int]

    @property
    def gateway(self) -> Gateway:
        return self.running.gateway

    async def outbound(self) -> tuple[OutboundRequest, ...]:
        """What it has sent on to Google, or has tried to, since it was asked for the last time."""
        await self.running.upstream.settled()
        with self._log.open("rb") as file:
            file.seek(self._read[0])
            lines = file.readlines()
            self._read[0] = file.tell()
        return tuple(map(_sent, lines))


@asynccontextmanager
async def in_front(page: str, *, site_file: Path | None = None) -> AsyncIterator[Front]:
    """A gateway in front of the site of a page, with a state of its own that ends with it. The site may be asked for
    under the host of the page, whatever its file says, and nobody is told of the visits. Raises as `start` does, and
    CannotListen."""
    site = urlsplit(page)
    with tempfile.TemporaryDirectory(prefix="consent-gateway-audit-") as folder:
        log = Path(folder) / "outbound.jsonl"
        settings = Settings(
            origin=f"{site.scheme}://{site.netloc}",
            origin_hosts=own_names(site.hostname or ""),
            site_file=site_file,
            state=Path(folder) / "state",
            outbound_log=log,
            default_scheme=site.scheme,
            adapted=lambda own: _for_visits(own, site.netloc),
        )
        running = start(settings)
        stop, listening = asyncio.Event(), asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(_serve(running, settings, folder, listening.set_result, stop))
        try:
            await asyncio.wait((serving, listening), return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                await serving  # which says why it does not listen
            yield Front(running, str(listening.result()[0]), log, [0])
        finally:
            stop.set()
            await serving


async def _serve(
    running: Running,
    settings: Settings,
    folder: str,
    ready: Callable[[list[Listen]], None],
    stop: asyncio.Event,
) -> None:
    await serve(
        GatewayAddon(running),
        origin=settings.origin,
        listen=Listen(HERE, 0),
        confdir=str(Path(folder) / "mitmproxy"),
        ready=ready,
        stop=stop,
    )


def own_names(host: str) -> tuple[str, ...]:
    """The host of a site, and the same with or without "www."."""
    bare = host.removeprefix("www.")
    return (host, bare if bare != host else f"www.{host}") if not host.replace(".", "").isdigit() else (host,)


def _for_visits(own: Site, host: str) -> Site:
    """The site file for visits from this machine: under one name more, in the scheme of the page, with nobody to be
    told of a request."""
    table = {name: getattr(own.site, name) for name in SiteTable.model_fields}
    table |= {"scheme": None, "trusted_proxies": ()}
    if own.site.hosts:
        table["hosts"] = (*own.site.hosts, host)
    return own.model_copy(update={"site": SiteTable.model_construct(**table), "notify": Notify()})


def _sent(line: bytes) -> OutboundRequest:
    said = json.loads(line)
    return OutboundRequest(
        service=said["service"],
        method=said["method"],
        url=said["url"],
        headers=tuple(said["headers"].items()),
        body=said["body"].encode(),
    )
