"""What several commands take, and how they fail."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import SplitResult, urlsplit

import click
from click.core import ParameterSource

from consent_gateway.commands.logged import tell

Command = TypeVar("Command", bound=Callable[..., Any])

state = click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".consent-gateway"),
    show_default=True,
    envvar="CONSENT_GATEWAY_STATE",
    show_envvar=True,
    metavar="DIR",
    help="The folder for keys, salts and ledger.",
)
database = click.option(
    "--database",
    default="",
    envvar="CONSENT_GATEWAY_DATABASE",
    show_envvar=True,
    metavar="URL",
    help="A database for the ledger instead of a file in the state folder (SQLAlchemy URL).",
)


def site_file(help: str, *, required: bool = False) -> Callable[[Command], Command]:
    """The option `--site FILE`, with what it means to the command."""
    return click.option(
        "--site",
        "site_file",
        required=required,
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="CONSENT_GATEWAY_SITE",
        show_envvar=True,
        metavar="FILE",
        help=help,
    )


templates = click.option(
    "--templates",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    envvar="CONSENT_GATEWAY_TEMPLATES",
    show_envvar=True,
    metavar="DIR",
    help="Templates of your own; each file replaces the built-in one of its name.",
)


def clock() -> datetime:
    return datetime.now(UTC)


def fail(message: str, code: int = 2) -> NoReturn:
    """Ends the command with a message on standard error."""
    tell(message)
    sys.exit(code)


def named(*options: str) -> str:
    """Options of the command that runs, by their parameters, as click names them in its errors: with their variables."""
    context = click.get_current_context()
    return " or ".join(one.get_error_hint(context) for one in context.command.params if one.name in options)


ORIGIN_HOST = re.compile(r"[a-z0-9_.-]{1,253}|[0-9a-f:.]+")  # "_" as in names of containers


class Address(click.ParamType[tuple[str, int]]):
    """HOST:PORT, [IPV6]:PORT or :PORT."""

    name = "HOST:PORT"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^:\[\]]*):(\d{1,5})", value)
        if not match or int(match[2]) > 65535:
            self.fail(f"{value!r} is not HOST:PORT, for example 127.0.0.1:8080", param, ctx)
        return match[1].strip("[]") or "0.0.0.0", int(match[2])  # noqa: S104 - what ":PORT" asks for


def is_shown(option: str, address: str) -> bool:
    """Whether an address with a password in it was given where everybody on the machine reads it."""
    given = click.get_current_context().get_parameter_source(option)
    return given is ParameterSource.COMMANDLINE and bool(urlsplit(address).password)


class Loopback(Address):
    """The same, and :PORT is on this computer only."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        return super().convert(f"127.0.0.1{value}" if str(value).startswith(":") else value, param, ctx)


class Origin(click.ParamType[str]):
    """The address of the site behind: scheme, host and port."""

    name = "URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            parts = urlsplit(value)
            port = parts.port
        except ValueError:
            self.fail(f"{_shown(value)} has no valid host or port", param, ctx)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            self.fail(f"{_shown(value)} is not an address such as http://127.0.0.1:9000", param, ctx)
        if reason := _surplus(parts):
            self.fail(f"must be scheme, host and port only: {reason}", param, ctx)
        if port == 0 or not ORIGIN_HOST.fullmatch(parts.hostname):
            self.fail(f"{_shown(value)} has no valid host or port", param, ctx)
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def _surplus(parts: SplitResult) -> str:
    """What the address of an origin has too much, and where it belongs; empty if nothing."""
    if parts.username is not None:
        return "the gateway logs in nowhere, so there is no user name or password in it"
    if parts.path.strip("/"):
        return "paths are taken as visitors ask"
    if parts.query:
        return "queries are taken as visitors ask"
    return "what follows '#' never reaches a server" if parts.fragment else ""


def _shown(value: str) -> str:
    """The value for a message; not where a password may be in it."""
    return "what is given" if "@" in value else repr(value)
