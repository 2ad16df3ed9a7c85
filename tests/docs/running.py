"""Does what a document says, as its reader would: in one folder, from top to bottom."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import chromium, started
from tests.conftest import ROOT
from tests.docs.blocks import Code, Command, File, Step
from tests.docs.preparing import (
    ADDRESSES,
    ENDING,
    LISTENING,
    LONG,
    LOOKED_AT,
    OUTSIDE,
    Preparation,
)  # fmt: skip

SECONDS = 120.0  # for one command
NOTICE = 'data-privacy="notice"'
# Programs of this environment, with what they need where nobody looks on. The browser shows what it has read.
_BIN = {
    "consent-gateway": "{started}",
    "python": '"{python}"',
    "pytest": '"{python}" -m pytest -p no:cacheprovider',
    "mitmdump": '"{bin}/mitmdump" --set confdir="{folder}/.mitmproxy" -s "{folder}/.bin/here.py"',
    "mitmweb": '"{bin}/mitmweb" --set confdir="{folder}/.mitmproxy" --no-web-open-browser --web-port 0',
    "chromium": '"{chromium}" --headless --no-sandbox "--proxy-bypass-list=<-loopback>" --dump-dom',
}
# For mitmproxy: everybody is on this computer.
_HERE = """
def server_connect(data):
    data.server.address = ("127.0.0.1", data.server.address[1])
"""
# What is another one every time: hashes, keys, moments, days, ports.
_CHANGING = [
    (re.compile(r"\b[0-9a-f]{16,64}\b"), "<hash>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:\+00:00| UTC)?"), "<moment>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "<day>"),
    (re.compile(r"(?<=key=)[\w-]{20,}"), "<key>"),
]


class Reader:
    """Follows one document."""

    def __init__(self, folder: Path, preparation: Preparation, website: str) -> None:
        prepared = preparation.prepare(folder) or {}
        self._folder = folder
        self._preparation = preparation
        self._replaced = dict.fromkeys(ADDRESSES, website)
        for printed, here in {**preparation.replaced, **prepared}.items():
            self._replaced[printed] = here if isinstance(here, str) else here()
        for name in LISTENING:
            self._replaced.setdefault(name, f"127.0.0.1:{_free_port()}")
        for number, name in enumerate(OUTSIDE):
            self._replaced.setdefault(name, str(folder / f".outside{number}"))
        self._names: dict[str, Any] = {"__name__": "__docs__"}
        self._running: list[tuple[Command, subprocess.Popen[str]]] = []
        self._environment = _environment(folder)
        self._before = ""

    def follow(self, step: Step) -> None:
        """Raises AssertionError, with the line of the document, where something is not as printed."""
        if isinstance(step, File):
            file = self._folder / step.name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink(missing_ok=True)
            file.write_text(self._here(step.text), "utf-8")
        elif isinstance(step, Code):
            exec(compile(self._here(step.text), f"line {step.line}", "exec"), self._names)
        elif step.text.startswith("umask "):
            self._before = f"{step.text}; "  # each command has a shell of its own
        elif not is_looked_at(step.text, self._preparation):
            self._command(step)

    def close(self) -> None:
        """Ends what runs until somebody ends it, as the reader does with Ctrl-C."""
        for step, process in self._running:
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=30)
            told = self._preparation.exits.get(step.text)
            expected = (0, 130, -signal.SIGINT) if told is None else (told,)
            assert process.returncode in expected, f"line {step.line}: {step.text}\n{output}"
        self._running.clear()

    def _here(self, text: str) -> str:
        for printed, here in self._replaced.items():
            text = re.sub(rf"(?<![\w.]){re.escape(printed)}(?![\w.]\w)", here, text)
        return text

    def _as_printed(self, text: str) -> str:
        for printed, here in self._replaced.items():
            text = text.replace(here, printed)
        return text.replace(f"{self._folder}/", "")

    def _command(self, step: Command) -> None:
        long = next((words for start, words in LONG.items() if step.text.startswith(start)), "")
        if long and not {*shlex.split(step.text)} & {*ENDING}:
            self._start(step, long)
            return
        result = subprocess.run(
            ["sh", "-c", self._before + self._here(step.text)],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
        )
        output = self._as_printed(result.stdout)
        expected = self._preparation.exits.get(step.text, step.exit_code)
        assert result.returncode == expected, f"line {step.line}: {step.text}\n{output}"
        if self._preparation.compared and step.printed:
            assert is_as_printed(output, step.printed), f"line {step.line}: {step.text}\n{output}"
        self._look(step, output)

    def _start(self, step: Command, words: str) -> None:
        self.close()
        text = self._here(step.text)
        if "--listen" not in text:
            option = "--listen-port " if text.startswith("mitm") else "--listen 127.0.0.1:"
            text += f" {option}{self._replaced[LISTENING[0]].rpartition(':')[2]}"
        process = subprocess.Popen(
            ["sh", "-c", f"exec {text}"],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._running.append((step, process))
        assert process.stdout
        seen = ""
        for line in process.stdout:
            seen += line
            if words in line:
                break
        assert words in seen, f"line {step.line}: {step.text}\n{seen}"
        if self._preparation.compared and step.printed:
            printed = self._as_printed(seen)
            assert all(
                any(_matches(one, wanted) for one in printed.splitlines()) for wanted in step.printed
            ), printed
        if step.text.startswith("consent-gateway serve"):
            page = self._page(seen.rpartition(words)[2].split()[0])
            assert NOTICE in page, f"line {step.line}: {step.text}\n{page}"
            self._look(step, page)

    def _look(self, step: Command, output: str) -> None:
        """Whether what the preparation names is there, and nothing that it excludes."""
        missing = [one for one in self._preparation.said.get(step.text, ()) if one not in output]
        there = [one for one in self._preparation.unsaid.get(step.text, ()) if one in output]
        assert (missing, there) == ([], []), f"line {step.line}: {step.text}\n{output}"

    def _page(self, address: str) -> str:
        """What a visitor gets there under the first name of the site."""
        file = self._folder / "site.toml"
        site = tomllib.loads(file.read_text("utf-8")).get("site", {}) if file.exists() else {}
        named = {"Host": site["hosts"][0]} if site.get("hosts") else {}
        anybody = ssl._create_unverified_context()
        asked = urllib.request.Request(f"{address}/", headers=named)
        try:
            with urllib.request.urlopen(asked, timeout=20, context=anybody) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return str(error.read().decode())


@contextmanager
def reading(folder: Path, preparation: Preparation, website: str) -> Iterator[Reader]:
    """A reader in a prepared folder; what he started has ended afterwards."""
    reader = Reader(folder, preparation, website)
    before = Path.cwd()
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        yield reader
        reader.close()
        preparation.afterwards(folder)
    finally:
        os.chdir(before)
        sys.path.remove(str(folder))
        for _, process in reader._running:
            process.kill()
            process.communicate()


def is_looked_at(command: str, preparation: Preparation) -> bool:
    """Whether a command is not run."""
    return command in preparation.left_out or shlex.split(command)[0] in LOOKED_AT


def is_as_printed(output: str, printed: tuple[str, ...]) -> bool:
    """Whether each line is as shown; a line of "…" stands for any lines, "…" within one for any text."""
    lines = [line.rstrip() for line in output.rstrip("\n").split("\n")]
    wanted = list(printed)
    while wanted and not wanted[-1].strip():
        wanted.pop()
    return _fits(lines, wanted)


def _fits(lines: list[str], wanted: list[str]) -> bool:
    if not wanted:
        return not lines
    if wanted[0].strip() == "…":
        return any(_fits(lines[skipped:], wanted[1:]) for skipped in range(len(lines) + 1))
    return bool(lines) and _matches(lines[0], wanted[0]) and _fits(lines[1:], wanted[1:])


def _matches(line: str, wanted: str) -> bool:
    pattern = ".*".join(map(re.escape, _steady(wanted).rstrip().split("…")))
    return re.fullmatch(pattern, _steady(line)) is not None


def _steady(text: str) -> str:
    for changing, word in _CHANGING:
        text = changing.sub(word, text)
    return text


def _environment(folder: Path) -> dict[str, str]:
    bin, python = folder / ".bin", Path(sys.executable)
    bin.mkdir()
    (bin / "here.py").write_text(_HERE)
    found = next(filter(None, map(shutil.which, chromium.NAMES)), "chromium")
    # A copy of the project in the folder is what a command means there.
    own = {"consent-gateway": '"{python}" -m tests.hurried'} if (folder / "consent_gateway").exists() else {}
    begun = "" if own else shlex.join(started.command())
    for name, command in (_BIN | own).items():
        script = bin / name
        program = command.format(
            python=python,
            bin=python.parent,
            folder=folder,
            chromium=found,
            started=begun,
        )
        script.write_text(f'#!/bin/sh\nexec {program} "$@"\n')
        script.chmod(0o755)
    # Whoever follows a document starts the program again and again; it is compiled once.
    left = ("PYTEST", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left)}
    return kept | {
        "PATH": f"{bin}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "COLUMNS": "100",
        # Ours as pytest finds it where the gateway is installed, and the one that our tests need.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_PLUGINS": "consent_gateway.pytest_plugin,pytest_asyncio.plugin",
    }


def _free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])
