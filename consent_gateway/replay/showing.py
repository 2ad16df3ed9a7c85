"""Puts a replay together: the recorded site, its third parties, a gateway in front of one version, the panel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile

from consent_gateway import catalogue, site
from consent_gateway.audit.observer import carrier_of
from consent_gateway.audit.ownership import directly
from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.site_hosts import site_hosts
from consent_gateway.demo.addresses import HOST, loopback
from consent_gateway.messages import Request
from consent_gateway.proxy.master import Listen, serve
from consent_gateway.proxy.replaying import ReplayAddon
from consent_gateway.replay.answers import Answers
from consent_gateway.replay.contacts import Contacted, Contacts
from consent_gateway.replay.panel_server import Panel, Shown
from consent_gateway.replay.places import Places, Side
from consent_gateway.replay.recording import Recording
from consent_gateway.replay.servers import origin, served, third_parties, unprotected
from consent_gateway.replay.shown_site import own_hosts, shown
from consent_gateway.running import Running
from consent_gateway.starting import Settings, start
from consent_gateway.third_parties import ThirdParty, third_party
from consent_gateway.urls import Address

Exchanges = Callable[[], Iterator[Exchange]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a replay is found: the site behind the gateway, the same without, and the panel."""

    gateway: Listen
    unprotected: str
    panel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What is shown: a recording, the hosts of it that are the site's, and the site file."""

    name: str
    recording: Recording
    hosts: tuple[str, ...]
    site_file: Path | None


def read(name: str, exchanges: Exchanges, site_file: Path | None, folder: Path) -> Recorded:
    """Reads a capture; `folder` gets what is too large for memory. Raises shown_site.NotTheSite, what reading
    the capture raises, and datafile.Unreadable or Faulty for the site file."""
    own = site.read(site_file, catalogue.load()) if site_file else site.Site()
    with ExitStack() as on_failure:
        bodies = on_failure.enter_context(TemporaryFile(dir=folder))
        recording = Recording.of(exchanges(), bodies)
        hosts = own_hosts(own, site_hosts(exchanges()), recording.hosts)
        on_failure.pop_all()
    return Recorded(name=name, recording=recording, hosts=hosts, site_file=site_file)


async def show(
    recorded: Recorded,
    listen: Listen,
    *,
    folder: Path,
    ready: Callable[[Addresses], None],
    stop: asyncio.Event,
) -> None:
    """Shows the recording until `stop` is set; `folder` is for whatever it has to keep. Calls `ready` once
    the gateway answers. Raises CannotListen, and what starting a gateway raises."""
    sockets = [loopback() for _ in range(5)]
    behind, before, others_before, others_behind, panel_at = (one[0].getsockname()[1] for one in sockets)
    direct = Places(Side.DIRECT, f"localhost:{before}", recorded.hosts, others_before)
    through = Places(Side.THROUGH, str(listen), recorded.hosts, others_behind)
    running = _gateway(recorded, through, f"http://{HOST}:{behind}", folder)
    judge = Judging(running, through.site)
    contacts = Contacts(judge)
    make = partial(Answers, recorded.recording, note=contacts.note)
    without, within = make(places=direct), make(places=through)
    panel_address = str(Listen(listen.host, panel_at))
    panel = Panel(
        panel_address,
        Shown(name=recorded.name, recording=recorded.recording, direct=direct, through=through),
        running.gateway,
        contacts,
    )
    own = site.read(recorded.site_file, catalogue.load()) if recorded.site_file else site.Site()
    addon = ReplayAddon(
        running,
        within,
        signals_of=panel.signals_of,
        panel=f"http://{panel_address}/",
        visited=judge.visited,
    )
    answering = (
        origin(within),
        unprotected(without),
        third_parties(without, own),
        third_parties(within, own),
        panel.answer,
    )
    addresses = Addresses(gateway=listen, unprotected=direct.site, panel=panel_address)
    ending = asyncio.create_task(_end(contacts, stop))
    try:
        async with AsyncExitStack() as stack:
            for answer, on in zip(answering, sockets, strict=True):
                await stack.enter_async_context(served(answer, on))
            await serve(
                addon,
                origin=f"http://{HOST}:{behind}",
                listen=listen,
                confdir=str(folder / "mitmproxy"),
                ready=lambda _: ready(addresses),
                stop=stop,
            )
    finally:
        ending.cancel()


class Judging:
    """Says whom a request goes to and what is decided about it, for whoever has asked for a page last."""

    def __init__(self, running: Running, host: str) -> None:
        self._gateway = running.gateway
        self._last = Request(method="GET", scheme="http", host=host, target="/")

    def visited(self, request: Request) -> None:
        self._last = request

    def __call__(self, contacted: Contacted) -> ThirdParty | None:
        address = Address("https", contacted.host, "", contacted.target)
        carrier = carrier_of(contacted.destination)
        visit = self._gateway.visit(self._last, datetime.now(UTC))
        found = third_party(visit, self._gateway.recogniser, address, carrier)
        if found is None or found.kind != "service" or contacted.by_gateway:
            return found
        return replace(found, decision=directly(found.owner, visit))


def _gateway(recorded: Recorded, places: Places, behind: str, folder: Path) -> Running:
    settings = Settings(
        origin=behind,
        origin_hosts=(HOST,),
        site_file=recorded.site_file,
        state=folder / "state",
        environment={},
        adapted=lambda own: shown(own, places),
    )
    return start(settings)


async def _end(contacts: Contacts, stop: asyncio.Event) -> None:
    """Streams never end by themselves, and nobody ends while a stream runs."""
    await stop.wait()
    contacts.close()
