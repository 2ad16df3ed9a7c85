"""The audit for mitmproxy's own tools: it writes beside each flow whom it contacts, and changes nothing in it."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mitmproxy import ctx, exceptions, http
from mitmproxy.addonmanager import Loader
from mitmproxy.tools.dump import DumpMaster

from consent_gateway import catalogue, site
from consent_gateway.audit.observer import Observed, Observer
from consent_gateway.captures.domains import registrable
from consent_gateway.database import DatabaseUnavailable
from consent_gateway.datafile import Faulty, Unreadable
from consent_gateway.messages import Request
from consent_gateway.private_files import BadState
from consent_gateway.proxy import observed_view
from consent_gateway.proxy.flows import headers_of
from consent_gateway.running import Running
from consent_gateway.site import Site
from consent_gateway.starting import Settings, start

HELD, LOADS = ":no_entry:", ":white_check_mark:"
COULD_NOT_RUN, LEAVES = 2, 1


class AuditScript:
    """Observes flows, read from a file or under way. In mitmdump a summary comes at the end, and the exit
    code is 1 if anything would leave before consent, 2 if there was nothing to look at."""

    name = "consent_gateway_audit"

    def __init__(self) -> None:
        self._site = Site()
        self._folder: TemporaryDirectory[str] | None = None
        self._running: Running | None = None
        self._observer: Observer | None = None
        self._waiting: list[http.HTTPFlow] = []  # until it is known whose requests they are

    def load(self, loader: Loader) -> None:
        logging.getLogger("consent_gateway.starting").setLevel(
            logging.ERROR
        )  # what a policy page still lacks
        loader.add_option("consent_site", str, "", "The site file (TOML). Without one the defaults apply.")
        observed_view.add()

    def configure(self, updated: set[str]) -> None:
        """Raises OptionsError: mitmproxy does not start, or keeps running as it was."""
        if "consent_site" not in updated:
            return
        path = ctx.options.consent_site
        try:
            self._site = site.read(Path(path), catalogue.load()) if path else Site()
        except (Faulty, Unreadable) as error:
            raise exceptions.OptionsError(str(error)) from error
        self._observer = None

    def running(self) -> None:
        if isinstance(ctx.master, DumpMaster):
            ctx.master.addons.add(_Last(self))

    def request(self, flow: http.HTTPFlow) -> None:
        self._waiting.append(flow)
        request = _request(flow)
        if self._observer is None and not self._site.site.names and not _asks_for_page(request):
            return  # a browser's own requests may come before
        self._observe(self._observer or self._observing(request))

    def _observe(self, observer: Observer) -> None:
        for flow in self._waiting:
            observed = observer.observe(_request(flow), datetime.now(UTC))
            if observed is not None:
                _annotate(flow, observed)
        self._waiting.clear()

    async def done(self) -> None:
        """Looks at what nobody knew the site of, and closes what is open."""
        if self._waiting:
            self._observe(self._observing(_request(self._waiting[0])))
        if self._running is not None:
            await self._running.close()
        if self._folder is not None:
            self._folder.cleanup()

    def code(self) -> int:
        """Says what was seen; the exit code."""
        if self._observer is None:
            print("consent-gateway: there was no request to look at", file=sys.stderr)
            return COULD_NOT_RUN
        for line in self._observer.summary():
            print(line)
        sys.stdout.flush()
        return LEAVES if self._observer.leaving else 0

    def _observing(self, first: Request) -> Observer:
        """The observer of the site, which the first request for a page is for where the site file names none."""
        hosts = self._site.site.names
        self._folder = self._folder or TemporaryDirectory(prefix="consent-gateway-audit-")
        path = ctx.options.consent_site
        settings = Settings(
            origin="http://127.0.0.1",
            origin_hosts=hosts or _with_below(first.hostname),
            site_file=Path(path) if path else None,
            state=Path(self._folder.name) / "state",
            environment={},
            default_scheme="https",
        )
        try:
            self._running = start(settings)
        except (Faulty, Unreadable, BadState, DatabaseUnavailable, OSError) as error:
            raise exceptions.OptionsError(str(error)) from error
        host = hosts[0] if hosts else first.hostname
        self._observer = Observer(self._running.gateway, host, datetime.now(UTC))
        return self._observer


class _Last:
    """Ends mitmdump with the exit code, after every other addon has finished: what is to be saved is."""

    def __init__(self, script: AuditScript) -> None:
        self._script = script
        self.name = f"{script.name}_exit"

    def done(self) -> None:
        if code := self._script.code():
            sys.exit(code)


def _with_below(host: str) -> tuple[str, ...]:
    domain = registrable(host)
    return (host, domain, f"*.{domain}") if "." in domain else (host,)


def _asks_for_page(request: Request) -> bool:
    destination = request.headers.get("sec-fetch-dest").strip().lower()
    return (
        destination == "document"
        if destination
        else "text/html" in request.headers.get("accept", "text/html")
    )


def _request(flow: http.HTTPFlow) -> Request:
    """The request as the browser meant it: for a proxy its host may stand in its first line only."""
    return Request(
        method=flow.request.method.upper(),
        scheme=flow.request.scheme,
        host=flow.request.pretty_host.lower(),
        target=flow.request.path,
        headers=headers_of(flow.request.headers),
        body=flow.request.raw_content or b"",
    )


def _annotate(flow: http.HTTPFlow, observed: Observed) -> None:
    said = str(observed.third_party)
    if said not in flow.comment:
        flow.comment = f"{flow.comment}; {said}" if flow.comment else said
    flow.marked = HELD if observed.leaves else LOADS
    flow.metadata[observed_view.KEY] = _metadata(observed)


def _metadata(observed: Observed) -> dict[str, Any]:
    third_party = observed.third_party
    return {
        "name": third_party.name,
        "kind": third_party.kind,
        "owner": third_party.owner,
        "purposes": list(third_party.purposes),
        "decision": str(third_party.decision.verdict),
        "reason": third_party.decision.reason,
        "article": third_party.decision.article,
        "hit": observed.is_hit,
        "fields": [[field.name, field.what] for field in observed.fields],
    }
