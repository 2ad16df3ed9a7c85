"""Markdown as GitHub shows it: tables, headings and links to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def code(text: str) -> str:
    """A span of code; nothing for nothing."""
    if not text:
        return ""
    fence = "``" if "`" in text else "`"
    return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"


def plain(text: str) -> str:
    """Text that means no markup, but for code between backticks."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([<>*\\])", r"\\\1", part) for part in parts)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The rows below their headings; a pipe in a cell stays one (GFM 4.10)."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def anchor(heading: str) -> str:
    """What GitHub calls a heading in links."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def link(heading: str) -> str:
    """A link to a heading of the same page."""
    return f"[{heading}](#{anchor(heading)})"


def contents(page: str) -> str:
    """A list of links to the second and third headings of a page: a line for each second one."""
    lines: list[str] = []
    for level, heading in re.findall(
        r"^(##|###) (.*)$", re.sub(r"^```.*?^```", "", page, flags=re.S | re.M), re.M
    ):
        if level == "##":
            lines.append(f"- {link(heading)}")
        else:
            lines[-1] += f"{',' if ': ' in lines[-1] else ':'} {link(heading)}"
    return "\n".join(lines) + "\n"
