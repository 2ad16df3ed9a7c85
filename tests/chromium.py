"""The browser of the tests: found, installed where that is possible, started.

`python -m tests.chromium` is a step of `make test`. It always ends well: where there is no browser
to be had it says so, and the tests that need one are skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

# The first is Chromium without windows: the same engine, which needs a third of the time for a visitor
# with a storage of his own.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NONE = (
    "there is no Chromium on this machine, and none can be installed: the tests in a browser are skipped.\n"
    "As root `apt-get install chromium-headless-shell` brings one, for others `playwright install --with-deps chromium`."
)


def find(playwright: Playwright) -> Path | None:
    """The system's Chromium, else Playwright's own."""
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


@contextmanager
def launched(playwright: Playwright, *arguments: str) -> Iterator[Browser]:
    """A browser under way. Skips the test where there is none."""
    executable = find(playwright)
    if executable is None:
        pytest.skip(NONE)
    browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", *arguments])
    yield browser
    browser.close()


def install() -> None:
    """Debian's package for root, Playwright's browser for everybody else; what is there serves, too."""
    found = _find()
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for package in (SHELL, "chromium"):
            if found is None or (package == SHELL and found.name != SHELL):
                print(f"installing Debian's {package} for the tests in a browser", flush=True)
                of_debian(package)
                found = _find()
    if found is None:
        print("installing Playwright's Chromium for the tests in a browser", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        found = _find()
    print(f"Chromium: {found}" if found else NONE, flush=True)


def is_there() -> bool:
    """Not to be called where Playwright or an event loop runs."""
    return _find() is not None


def _find() -> Path | None:
    with sync_playwright() as playwright:
        return find(playwright)


def of_debian(*packages: str) -> None:
    """Packages by apt-get. Whether it worked is to be seen afterwards: without a network it does not."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    soon = ("-qq", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20")
    for command in (["update", *soon], ["install", "-y", *soon, "--no-install-recommends", *packages]):
        subprocess.run(
            ["apt-get", *command],
            env=quiet,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )


if __name__ == "__main__":
    install()
