"""For the tests of a web project: a gateway in front of it, and what its pages would send to whom.

    from consent_gateway.testing import gateway

    with gateway("http://127.0.0.1:8000", site="site.toml") as site:
        site.assert_sends_nothing("/", "/contact")

Everything here is stable; the rest of the package may change with any version.
"""

from __future__ import annotations

import os
import re
import threading
from asyncio import Event
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from wsgiref.types import WSGIApplication

from consent_gateway.audit.states import STATES
from consent_gateway.notify_table import Notify
from consent_gateway.proxy.master import Listen, serve
from consent_gateway.proxy.watching import WatchedAddon
from consent_gateway.site import Site
from consent_gateway.site_tables import SiteTable
from consent_gateway.starting import Settings, start
from consent_gateway.testing.serving import LOOPBACK, ASGIApplication, NoServer, of_asgi, of_wsgi
from consent_gateway.testing.stand_in import google
from consent_gateway.testing.threads import in_thread
from consent_gateway.testing.values import Contact, Forwarded, Page
from consent_gateway.testing.visiting import SiteUnderTest, Visitor, Watched

__all__ = ["STATES", "Contact", "Forwarded", "NoServer", "Page", "SiteUnderTest", "Visitor", "gateway"]

_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[\w.-]+)(?::[0-9]{1,5})?/?", re.I)
NAMES = (LOOPBACK, "localhost")


@contextmanager
def gateway(
    origin: str = "",
    *,
    wsgi: WSGIApplication | None = None,
    asgi: ASGIApplication | None = None,
    site: str | os.PathLike[str] | None = None,
    templates: str | os.PathLike[str] | None = None,
) -> Iterator[SiteUnderTest]:
    """A gateway on a port of loopback, in front of an application that is served at `origin`, or that is
    served here: `wsgi` (PEP 3333) or `asgi`. `site` is a site file; without one the defaults apply.

    Several may be under way at once. Its state is gone at the end, its third parties are stand-ins on loopback.
    Raises ValueError for what is no application, NoServer, and datafile.Unreadable or Faulty for the site file.
    """
    if [bool(origin), wsgi is not None, asgi is not None].count(True) != 1:
        raise ValueError("one application is needed: an address, wsgi= or asgi=")
    with ExitStack() as last_to_first:
        if wsgi is not None:
            origin = last_to_first.enter_context(of_wsgi(wsgi))
        elif asgi is not None:
            origin = last_to_first.enter_context(of_asgi(asgi))
        folder = Path(last_to_first.enter_context(TemporaryDirectory(prefix="consent-gateway-")))
        settings = Settings(
            origin=origin.rstrip("/"),
            origin_hosts=(_host_of(origin),),
            site_file=None if site is None else Path(site),
            state=folder,
            templates=None if templates is None else Path(templates),
            outbound_log=folder / "outbound.log",
            environment={},
            adapted=partial(_on_loopback, google=last_to_first.enter_context(google())),
        )
        yield last_to_first.enter_context(_under_test(settings))


@contextmanager
def _under_test(settings: Settings) -> Iterator[SiteUnderTest]:
    running = start(settings)
    watched, addresses = Watched(), list[Listen]()

    async def run(ready: threading.Event, stop: Event) -> None:
        def answering(found: list[Listen]) -> None:
            addresses.extend(found)
            ready.set()

        await serve(
            WatchedAddon(running, watched.note),
            origin=settings.origin,
            listen=Listen(LOOPBACK, 0),
            confdir=str(settings.state / "mitmproxy"),
            ready=answering,
            stop=stop,
        )

    with in_thread(run, "consent gateway"):
        assert settings.outbound_log is not None
        yield SiteUnderTest(f"http://{addresses[0]}", running, watched, settings.outbound_log)


def _on_loopback(site: Site, *, google: str) -> Site:
    """The site as it is asked for here: under the names of loopback beside its own, by http; its requests to
    Google go to a stand-in, and nobody is written to."""
    table = {name: getattr(site.site, name) for name in SiteTable.model_fields} | {"scheme": "http"}
    if site.site.hosts:
        table["hosts"] = (*site.site.hosts, *NAMES)
    return site.model_copy(
        update={
            "site": SiteTable.model_construct(**table),
            "analytics": site.analytics.model_copy(update={"script_url": google, "collect_url": google}),
            "notify": Notify(),
        }
    )


def _host_of(origin: str) -> str:
    match = _ORIGIN.fullmatch(origin)
    if match is None:
        raise ValueError(f"{origin!r} is no address of a server, such as http://127.0.0.1:8000")
    return match[1].strip("[]")
