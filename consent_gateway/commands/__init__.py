"""The command line, one file per command. Exit codes: 0 clean, 1 a finding, 2 could not run."""

from __future__ import annotations

import os
from importlib import import_module

import click

from consent_gateway import __version__
from consent_gateway.commands.environment import misspelt
from consent_gateway.commands.logged import in_form

COMMANDS = ("demo", "init", "check", "serve", "audit", "replay", "services", "policy", "ledger", "requests", "reports", "keys")  # fmt: skip


class Commands(click.Group):
    """Each command comes out of the file of its name, and only when it is asked for: most need no proxy,
    and are there in a fifth of the time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        found = getattr(import_module(f"{__name__}.{name}"), name)
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; and none is run where a variable of the environment is misspelt."""
        name, command, words = super().resolve_command(ctx, args)
        if command and not ctx.resilient_parsing and (told := misspelt(os.environ)):
            raise in_form(click.UsageError("\n".join(told), ctx), command, words)
        return name, command, words


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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
