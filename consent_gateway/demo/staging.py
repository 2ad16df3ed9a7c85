"""Puts pages side by side: a gateway that holds everything, the stand-ins of all companies, and the stage."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from consent_gateway.demo.addresses import HOST
from consent_gateway.demo.contacts import Contacts
from consent_gateway.demo.embeds import Examples, OwnFile
from consent_gateway.demo.general_server import AnyCompany
from consent_gateway.demo.general_stand_in import GeneralStandIn
from consent_gateway.demo.serving import served
from consent_gateway.demo.shell_server import Shell
from consent_gateway.demo.stage import Stage
from consent_gateway.running import Running
from consent_gateway.starting import Settings, start

# What nobody knows is held, so that the developer hears of it; Google's measurement goes to its stand-in.
SITE = """\
[site]
languages = ["en"]

[controller]
name = "Example Ltd"

[third_parties]
unlisted = "hold"
local_stand_ins = true

[analytics]
script_url = "{google}"
collect_url = "{google}"
"""


@asynccontextmanager
async def staged(
    sockets: list[socket.socket], companies: list[socket.socket], folder: Path, file: Path | None = None
) -> AsyncIterator[None]:
    """Shows the examples of the catalogue side by side, or one file; `folder` is for what the gateway keeps."""
    port = companies[0].getsockname()[1]
    running = gateway(folder, port)
    contacts = Contacts()
    known = running.gateway.catalogue
    own = OwnFile(file, port) if file else None
    shell = Shell(running.gateway, contacts, own)
    stage = Stage(running, own or Examples(known, port), shell, companies=port)
    async with AsyncExitStack() as servers:
        company = AnyCompany(GeneralStandIn(known), contacts)
        await servers.enter_async_context(served(company.application(), companies))
        await servers.enter_async_context(served(stage.application(), sockets))
        yield


def gateway(folder: Path, port: int) -> Running:
    """A gateway in front of these pages."""
    folder.mkdir(parents=True, exist_ok=True)
    site_file = folder / "site.toml"
    site_file.write_text(SITE.format(google=f"http://{HOST}:{port}"), encoding="utf-8")
    return start(
        Settings(
            origin=f"http://{HOST}",
            origin_hosts=(HOST,),
            site_file=site_file,
            state=folder / "state",
            environment={},
        )
    )
