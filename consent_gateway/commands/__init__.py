"""The command line, one file per command. Exit codes: 0 clean, 1 a finding, 2 could not run."""

from __future__ import annotations

import click

from consent_gateway import __version__
from consent_gateway.commands.audit import audit
from consent_gateway.commands.check import check
from consent_gateway.commands.demo import demo
from consent_gateway.commands.init import init
from consent_gateway.commands.keys import keys
from consent_gateway.commands.ledger import ledger
from consent_gateway.commands.policy import policy
from consent_gateway.commands.replay import replay
from consent_gateway.commands.reports import reports
from consent_gateway.commands.requests import requests
from consent_gateway.commands.serve import serve
from consent_gateway.commands.services import services


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="consent-gateway")
def main() -> None:
    """A reverse proxy that makes a website keep its privacy policy.

    It stands in front of an existing site, without a change to it: analytics only under a pseudonym
    and after an opt-in, social plug-ins off until they are clicked, a consent banner with proof,
    and a privacy centre.

    \b
    Look at it first:       consent-gateway demo
    In front of a site:     consent-gateway serve --origin http://127.0.0.1:9000
    Make a site file:       consent-gateway init https://www.example.com -o site.toml
    Check a site file:      consent-gateway check site.toml
    What a site sends:      consent-gateway audit https://www.example.com
    Before and after:       consent-gateway replay recording.har
    """


for command in (demo, init, check, serve, audit, replay, services, policy, ledger, requests, reports, keys):
    main.add_command(command)
