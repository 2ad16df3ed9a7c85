"""What a document tells its reader to do: commands, Python, and files to write, in the order in which they stand.

```console         lines that begin with "$ " are commands, the others what they print
```python          is executed; all blocks of a document share their names
```toml, python …  whose first line is a comment with nothing but a file's name is that file
an indented line   that begins with a program we know is a command
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = (
    "consent-gateway", "chromium", "curl", "haproxy", "make", "mitmdump", "mitmweb", "nginx", "pg_dump", "pip", "podman", "psql",
    "pytest", "python", "ruff", "sed", "sqlite3", "systemctl", "umask",
)  # fmt: skip
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.S | re.M)
_FILE = re.compile(r"(?:#|//|<!--|/\*)\s*([\w./-]+\.\w+)\s*(?:-->|\*/)?\Z")
_EXIT = re.compile(r"\s+# exit code (\d)\b.*\Z")
_REMARK = re.compile(r"\s{2,}#\s.*\Z|\s+#\s[^'\"]*\Z")
_INDENTED = re.compile(rf"^    ((?:{'|'.join(PROGRAMS)})(?= ).*)$", re.M)


@dataclass(frozen=True, slots=True)
class Command:
    """A command, what is printed below it, and the exit code it has."""

    line: int
    text: str
    printed: tuple[str, ...] = ()
    exit_code: int = 0


@dataclass(frozen=True, slots=True)
class Code:
    """Python to execute."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to write."""

    line: int
    name: str
    text: str


Step = Command | Code | File


def steps(document: Path) -> list[Step]:
    """Everything there is to do in a document, in order."""
    text = document.read_text("utf-8")
    found: list[Step] = []
    for fence in _FENCE.finditer(text):
        line = text.count("\n", 0, fence.start()) + 2
        found += _of_fence(fence[1], fence[2], line)
    outside = _FENCE.sub(lambda fence: "\n" * fence[0].count("\n"), text)
    for match in _INDENTED.finditer(outside):
        found.append(_command(match[1], outside.count("\n", 0, match.start()) + 1, ()))
    return sorted(found, key=lambda step: step.line)


def _of_fence(language: str, text: str, line: int) -> Iterator[Step]:
    first = text.partition("\n")[0]
    if named := _FILE.match(first.strip()):
        yield File(line, named[1], text)
    elif language == "console":
        yield from _of_console(text, line)
    elif language == "python":
        yield Code(line, text)


def _of_console(text: str, line: int) -> Iterator[Command]:
    """The commands; one that ends in a backslash goes on in the next line."""
    command, at, printed = "", line, list[str]()
    for number, row in enumerate(text.splitlines(), line):
        if command.endswith("\\"):
            command = f"{command[:-1].rstrip()} {row.strip()}"
        elif row.startswith("$ "):
            if command:
                yield _command(command, at, tuple(printed))
            command, at, printed = row[2:], number, []
        else:
            printed.append(row)
    if command:
        yield _command(command, at, tuple(printed))


def _command(text: str, line: int, printed: tuple[str, ...]) -> Command:
    code = _EXIT.search(text)
    text = _EXIT.sub("", text)
    return Command(line, _REMARK.sub("", text).strip(), printed, int(code[1]) if code else 0)
