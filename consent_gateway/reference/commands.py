"""The part about the commands, from the command line itself."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from consent_gateway.commands import main
from consent_gateway.commands.exit_codes import EVERYWHERE, FINDING, FINDINGS, NOT_RUN, NOT_RUN_ALSO
from consent_gateway.reference.markdown import code, link, plain, table

PROGRAM = "consent-gateway"
_WIDTH = 100  # columns of a usage
_ADDED = re.compile(r"\s*\[([^\[\]]*(?:env var: |default: |required|<=|>=)[^\[\]]*)\]$")


def part() -> str:
    """All of it, in Markdown."""
    codes = table(("code", "everywhere"), [(code(str(number)), what) for number, what in EVERYWHERE.items()])
    found = [(code(f"{PROGRAM} {name}"), _finding(name), NOT_RUN_ALSO.get(name, "")) for name in FINDINGS]
    listed = table(("command", f"`{FINDING}` means", f"`{NOT_RUN}` also"), found)
    every = "".join(_command(name, context) for name, context in commands())
    return f"## Commands\n\nEach has `--help`.\n\n### Exit codes\n\n{codes}\n{listed}\n{every}"


def _finding(name: str) -> str:
    return FINDINGS[name] or "never"


def commands() -> Iterator[tuple[str, click.Context]]:
    """Every command and group by its name without the program's, in the order of the command line."""
    yield from _below(click.Context(main, info_name=PROGRAM, max_content_width=_WIDTH, terminal_width=_WIDTH))


def _below(above: click.Context, name: str = "") -> Iterator[tuple[str, click.Context]]:
    group = above.command
    assert isinstance(group, click.Group)
    for one in group.list_commands(above):
        command = group.get_command(above, one)
        assert command is not None
        context = click.Context(command, info_name=one, parent=above, terminal_width=_WIDTH)
        full = f"{name} {one}".lstrip()
        yield full, context
        if isinstance(command, click.Group):
            yield from _below(context, full)


def _command(name: str, context: click.Context) -> str:
    usage = context.command.get_usage(context).removeprefix("Usage: ")
    rows = [
        row for parameter in context.command.get_params(context) if (row := _parameter(parameter, context))
    ]
    level = "####" if " " in name else "###"
    options = f"{table(('argument or option', 'default', 'what it is'), rows)}\n" if rows else ""
    told = f"{_help(context.command)}{_members(name, context)}{options}"
    return f"{level} {PROGRAM} {name}\n\n```text\n{usage}\n```\n\n{told}"


def _members(name: str, context: click.Context) -> str:
    """Links to the commands of a group."""
    group = context.command
    if not isinstance(group, click.Group):
        return ""
    return "".join(f"- {link(f'{PROGRAM} {name} {one}')}\n" for one in group.list_commands(context)) + "\n"


def _help(command: click.Command) -> str:
    """Its paragraphs; what is not to be folded is a block."""
    text = inspect.cleandoc(command.help or "").partition("\f")[0].strip()
    told = ""
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.startswith("\b\n"):
            told += _block(paragraph)
        else:
            told += f"{plain(' '.join(paragraph.split()))}\n\n"
    return told


def _block(paragraph: str) -> str:
    body = paragraph.removeprefix("\b").strip("\n")
    return f"```text\n{body}\n```\n\n"


def _parameter(parameter: click.Parameter, context: click.Context) -> tuple[str, str, str] | None:
    if "--help" in parameter.opts:
        return None
    if isinstance(parameter, click.Argument):
        (name,) = parameter.get_usage_pieces(context)
        several = "; may be several" if parameter.nargs == -1 else ""
        return (
            code(name.strip("[]").removesuffix("...")),
            "",
            f"{'needed' if parameter.required else 'optional'}{several}",
        )
    record = parameter.get_help_record(context)
    assert record is not None
    names, said = record
    added = _ADDED.search(said)
    told = [part.strip() for part in added[1].split(";")] if added else []
    default = next((part.removeprefix("default: ") for part in told if part.startswith("default: ")), "")
    others = [_other(part) for part in told if not part.startswith("default: ")]
    text = plain(said[: added.start()] if added else said)
    return code(names), code(default), f"{text}{_and(others)}"


def _other(part: str) -> str:
    if part.startswith("env var: "):
        return f"or {code(part.removeprefix('env var: '))} in the environment"
    return code(part) if "=" in part else part


def _and(others: list[str]) -> str:
    return f" ({', '.join(others)})" if others else ""
