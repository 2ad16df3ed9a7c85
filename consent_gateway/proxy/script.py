"""The gateway as an addon script: options of mitmproxy instead of a command line."""

from __future__ import annotations

import logging
from pathlib import Path

from mitmproxy import ctx, exceptions, http
from mitmproxy.addonmanager import Loader
from mitmproxy.proxy import mode_specs

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.datafile import Faulty, Unreadable
from consent_gateway.private_files import BadState
from consent_gateway.proxy import body_limit, http1, required_options, tcp_only
from consent_gateway.proxy.addon import GatewayAddon
from consent_gateway.running import Running
from consent_gateway.starting import Settings, start

logger = logging.getLogger(__name__)

OPTIONS = ("consent_site", "consent_state", "consent_templates", "consent_outbound_log")


class GatewayScript:
    """Declares the options and puts a gateway together when mitmproxy is configured."""

    name = "consent_gateway_script"

    def __init__(self) -> None:
        self.addons: list[GatewayAddon] = []
        self._is_running = False

    def load(self, loader: Loader) -> None:
        loader.add_option("consent_site", str, "", "The site file (TOML). Without one the defaults apply.")
        loader.add_option("consent_state", str, ".consent-gateway", "The folder for keys, salts and ledger.")
        loader.add_option(
            "consent_templates", str, "", "A folder whose templates override the built-in ones."
        )
        loader.add_option("consent_outbound_log", str, "", "A file for every request sent to a third party.")

    def configure(self, updated: set[str]) -> None:
        """Raises OptionsError: mitmproxy does not start, or keeps running as it was."""
        if not self.addons or updated.intersection(OPTIONS):
            addon = GatewayAddon(_start())
            addon.tells = _comment
            self.addons = [addon]
            # Of the addon that is there then: connections live on when options change.
            http1.mend(lambda status: self.addons[0].error_page(status))
            body_limit.mend(lambda flow, size: self.addons[0].too_large(flow, size))
            if self._is_running:
                addon.running()
        self._require()  # which leads here again: by then the gateway is there

    def running(self) -> None:
        self._is_running = True
        if unknown := [name for name in ctx.options.deferred if name.startswith("consent_")]:
            logger.error("no such option: %s", ", ".join(unknown))
            ctx.master.shutdown()

    def _require(self) -> None:
        """Whatever the command line or a developer's tools say of these options."""
        if other := required_options.missing(ctx.options):
            chosen = sorted(name for name in other if self._is_running or ctx.options.has_changed(name))
            if chosen:
                logger.warning("the gateway rests on its own values of these options: %s", ", ".join(chosen))
            ctx.options.update(**other)


def _comment(flow: http.HTTPFlow, what: str) -> None:
    """Lets a developer see in mitmweb what was decided about a flow, and why."""
    said = f"gateway: {what}"
    flow.comment = f"{flow.comment}; {said}" if flow.comment else said


def _start() -> Running:
    chosen = ctx.options
    modes = [mode_specs.ProxyMode.parse(mode) for mode in chosen.mode]
    reverse = [mode for mode in modes if isinstance(mode, mode_specs.ReverseMode)]
    if len(reverse) != 1 or len(modes) != 1:
        raise exceptions.OptionsError("the gateway needs exactly one mode: --mode reverse:http://HOST:PORT")
    tcp_only.keep(reverse[0])
    host, port = reverse[0].address[0], reverse[0].address[1]
    settings = Settings(
        origin=f"{reverse[0].scheme}://{host}:{port}",
        origin_hosts=(host,),
        site_file=Path(chosen.consent_site) if chosen.consent_site else None,
        state=Path(chosen.consent_state),
        templates=Path(chosen.consent_templates) if chosen.consent_templates else None,
        outbound_log=Path(chosen.consent_outbound_log) if chosen.consent_outbound_log else None,
    )
    try:
        return start(settings)
    except (Unreadable, Faulty, BadState, DatabaseUnavailable, OSError) as error:
        raise exceptions.OptionsError(str(error)) from error
