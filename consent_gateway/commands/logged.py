"""The log of a command that serves, and its errors: where the log is JSON, they are lines of it."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import click

from consent_gateway.log_lines import JsonLines, TextLines

logger = logging.getLogger(__name__)

FORM, JSON = "log_format", "json"


def log(form: str, *, verbose: bool = False) -> Callable[[str], None]:
    """Logs to standard error, as `text` or `json`; returns how the operator is told something at the start."""
    to_standard_error = logging.StreamHandler(sys.stderr)
    to_standard_error.setFormatter(TextLines())
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, handlers=[to_standard_error])
    logging.getLogger("mitmproxy").setLevel(logging.WARNING)
    # All it has to say is that it cannot listen, which comes as CannotListen, too.
    logging.getLogger("mitmproxy.addons.proxyserver").setLevel(logging.CRITICAL)
    sys.excepthook = _unforeseen
    threading.excepthook = _unforeseen_in_thread
    if form != JSON:
        return lambda words: click.echo(f"consent-gateway: {words}", err=True)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonLines())
    logging.captureWarnings(True)
    return logger.warning


def tell(message: str) -> None:
    """An error that ends the command, on standard error; as a line of the log where that is JSON."""
    context = click.get_current_context(silent=True)
    if context and context.params.get(FORM) == JSON:
        logger.error("%s", message)
    else:
        click.echo(f"consent-gateway: {message}", err=True)


class Logged(click.Command):
    """A command with --log-format: what is wrong with its options comes in that form, too."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        words = list(args)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise in_form(error, self, words) from error


def in_form(error: click.UsageError, command: click.Command, words: Sequence[str]) -> click.ClickException:
    """The error as it is shown by a command that was called with these words."""
    if not any(one.name == FORM for one in command.params):
        return error
    # As far as the words can be made sense of: something is wrong with them, perhaps.
    context = click.Command.make_context(
        command, None, list(words), resilient_parsing=True, ignore_unknown_options=True, allow_extra_args=True
    )
    return _LogLine(error) if context.params.get(FORM) == JSON else error


class _LogLine(click.ClickException):
    """A usage error that is shown as a line of the log."""

    exit_code = click.UsageError.exit_code

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(error.format_message())

    def show(self, file: Any = None) -> None:
        log(JSON)
        logger.error("%s", self.message)


def _unforeseen(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    logger.critical("ended by an error that nobody thought of", exc_info=(kind, error, where))


def _unforeseen_in_thread(what: threading.ExceptHookArgs) -> None:
    logger.critical(
        "a thread was ended by an error that nobody thought of",
        exc_info=(what.exc_type, what.exc_value or what.exc_type(), what.exc_traceback),
    )
