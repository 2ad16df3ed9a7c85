"""Real captures: Chromium through a real mitmdump, and Chromium's own HAR.

Nothing leaves the machine: loopback addresses and names below localhost are taken as they are, every
other name leads to the server `internet`, with TLS that is not checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import BrowserContext, sync_playwright

from tests import chromium
from tests.captures import elsewhere
from tests.loopback import Server
from tests.mitmdump import running

NOWHERE = 9  # discard: whoever asks for a name without an `internet` finds nobody
Content = Literal["embed", "attach", "omit"]


def recorded_by_mitmdump(
    urls: Sequence[str],
    folder: Path,
    *,
    internet: Server | None = None,
    options: Sequence[str] = (),
    name: str = "recorded.mitm",
    wait: int = 300,
) -> Path:
    """A flow file of Chromium's visits to the addresses, one after another in one tab, `wait`
    milliseconds each after loading. Skips the test where there is no Chromium."""
    path = folder / name
    with mitmdump(folder, "-w", str(path), *options, internet=internet) as port:
        proxied = (f"--proxy-server=http://127.0.0.1:{port}", "--proxy-bypass-list=<-loopback>")
        _in_a_thread(lambda: _visit(urls, proxied, wait))
    return path


def recorded_by_chromium(
    urls: Sequence[str],
    folder: Path,
    *,
    internet: Server | None = None,
    content: Content = "embed",
    name: str = "recorded.har",
    wait: int = 300,
) -> Path:
    """A HAR of Chromium's visits (by Playwright), the same way."""
    path = folder / name
    _in_a_thread(lambda: _visit(urls, (_rules(internet),), wait, har=path, content=content))
    return path


@contextmanager
def mitmdump(folder: Path, *options: str, internet: Server | None = None) -> Iterator[int]:
    """A real mitmdump as a proxy under way; yields its port. When it has ended, its files are complete."""
    fixed = (
        "--listen-host", "127.0.0.1", "-s", elsewhere.__file__, "--set", f"confdir={folder}/mitmproxy",
        "--set", "connection_strategy=lazy", "--ssl-insecure", *options,
    )  # fmt: skip
    environment = {"ELSEWHERE_PORT": str(internet.port if internet else NOWHERE)}
    with running(lambda port: ("--listen-port", str(port), *fixed), environment) as port:
        yield port


def _rules(internet: Server | None) -> str:
    port = internet.port if internet else NOWHERE
    return f"--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP * 127.0.0.1:{port}, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost"


def _visit(
    urls: Sequence[str],
    arguments: Sequence[str],
    wait: int,
    *,
    har: Path | None = None,
    content: Content = "embed",
) -> None:
    with (
        sync_playwright() as playwright,
        chromium.launched(playwright, "--ignore-certificate-errors", *arguments) as browser,
    ):
        context: BrowserContext
        if har:
            context = browser.new_context(
                ignore_https_errors=True, record_har_path=har, record_har_content=content
            )
        else:
            context = browser.new_context(ignore_https_errors=True)
        page = context.new_page()
        for url in urls:
            page.goto(url, wait_until="load")
            page.wait_for_timeout(wait)
        context.close()


def _in_a_thread(work: Callable[[], None]) -> None:
    """Playwright takes over the loop of its thread: a test may have one of its own."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(work).result()
