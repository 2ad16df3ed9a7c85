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

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NONE = (
    "there is no Chromium on this machine, and none can be installed: the tests in a browser are skipped.\n"
    "As root `apt-get install chromium` brings one, for others `playwright install --with-deps chromium`."
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
    """Debian's package for root, Playwright's browser for everybody else."""
    with sync_playwright() as playwright:
        found = find(playwright)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("installing Debian's Chromium for the tests in a browser", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *command], env=quiet, stdout=subprocess.DEVNULL, check=False)
    with sync_playwright() as playwright:
        found = find(playwright)
    if found is None:
        print("installing Playwright's Chromium for the tests in a browser", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    with sync_playwright() as playwright:
        found = find(playwright)
    print(f"Chromium: {found}" if found else NONE, flush=True)


if __name__ == "__main__":
    install()
