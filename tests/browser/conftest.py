"""A real browser, for which every name of the internet is a stand-in on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright

from tests import chromium
from tests.browser import networks
from tests.browser.stand_ins import third_party
from tests.loopback import Server, gateway, serving, tls_for_anyone

POLICIES = {"types.html": "require-trusted-types-for 'script'; trusted-types own"}
KINDS = {".js": "text/javascript", ".xhtml": "application/xhtml+xml"}
PAGES = Path(__file__).parent / "pages"
# What Chromium contacts by itself, whatever page is open.
BROWSER_ITSELF = {"accounts.google.com", "clients2.google.com", "update.googleapis.com"}


@pytest.fixture(scope="package")  # while Playwright runs, no test can run a loop of its own
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def internet() -> Iterator[Server]:
    """Every third party there is."""
    with serving(third_party, tls_for_anyone()) as server:
        yield server


@pytest.fixture(scope="package")
def google() -> Iterator[Server]:
    """What the gateway itself talks to."""
    with serving(third_party) as server:
        yield server


@pytest.fixture(scope="package")
def browser(playwright: Playwright, internet: Server) -> Iterator[Browser]:
    rules = f"MAP * 127.0.0.1:{internet.port}, EXCLUDE 127.0.0.1"
    with chromium.launched(
        playwright, "--ignore-certificate-errors", f"--host-resolver-rules={rules}"
    ) as started:
        yield started


@pytest.fixture
def origin() -> Iterator[Server]:
    """A site whose pages are the files in pages/."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/favicon.ico":
            return web.Response(status=204)
        if request.path == "/garbled.html":
            broken = {"Content-Encoding": "gzip", "Content-Type": "text/html"}
            return web.Response(body=(PAGES / "company.html").read_bytes(), headers=broken)
        if request.path.startswith("/networks/"):
            network = networks.NETWORKS[int(request.path.rpartition("/")[2])]
            return web.Response(text=networks.page(network), content_type="text/html")
        file = PAGES / (request.path.strip("/") or "company.html")
        if not file.is_file():
            return web.Response(
                status=404, text="<!doctype html><title>gone</title>", content_type="text/html"
            )
        kind = KINDS.get(file.suffix, "text/html")
        policy = {"Content-Security-Policy": POLICIES[file.name]} if file.name in POLICIES else {}
        return web.Response(body=file.read_bytes(), content_type=kind, headers=policy)

    with serving(answer) as server:
        yield server


@dataclass
class Visit:
    """A browser in front of a gateway, and all that is sent from either."""

    context: BrowserContext
    page: Page
    base: str
    state: Path
    internet: Server
    google: Server
    console: list[str]

    def open(self, path: str = "/") -> None:
        self.page.goto(f"{self.base}{path}", wait_until="load")
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_timeout(400)

    def third_parties(self) -> set[str]:
        """Hosts the browser itself has contacted."""
        return {seen.host.partition(":")[0] for seen in self.internet.requests} - BROWSER_ITSELF

    def forwarded(self) -> list[str]:
        """Query strings of the hits that the gateway has sent on to Google."""
        return [seen.query for seen in self.google.requests if seen.path == "/g/collect"]


NO_FILES: Mapping[str, str] = {}
OpenSite = Callable[..., Visit]


@pytest.fixture
def visit(
    browser: Browser, internet: Server, google: Server, origin: Server, tmp_path: Path
) -> Iterator[OpenSite]:
    """Opens the site through a gateway of its own, with the text of a site file."""
    with _Opened(browser, internet, google, origin, tmp_path) as opened:
        yield opened.open


def _is_fault(message: ConsoleMessage) -> bool:
    """A report-only policy says what it would have done: that is what it is for."""
    return message.type == "error" and "report-only" not in message.text


class _Opened:
    def __init__(
        self, browser: Browser, internet: Server, google: Server, origin: Server, folder: Path
    ) -> None:
        self._browser, self._internet, self._google = browser, internet, google
        self._origin, self._folder = origin, folder
        self._closing: list[Callable[[], object]] = []

    def __enter__(self) -> _Opened:
        self._internet.requests.clear()
        self._google.requests.clear()
        return self

    def open(
        self,
        site: str = "",
        *,
        javascript: bool = True,
        headers: dict[str, str] | None = None,
        files: Mapping[str, str] = NO_FILES,
        templates: Path | None = None,
    ) -> Visit:
        google = (
            f'[analytics]\nscript_url = "{self._google.address}"\ncollect_url = "{self._google.address}"\n'
        )
        (self._folder / "state").mkdir(exist_ok=True)
        for name, text in files.items():  # beside the site file
            (self._folder / "state" / name).write_text(text)
        running = gateway(self._origin, self._folder / "state", site=google + site, templates=templates)
        base = running.__enter__()
        self._closing.append(lambda: running.__exit__(None, None, None))
        context = self._browser.new_context(
            java_script_enabled=javascript, ignore_https_errors=True, extra_http_headers=headers or {}
        )
        self._closing.append(context.close)
        page = context.new_page()
        console: list[str] = []
        page.on("console", lambda message: console.append(message.text) if _is_fault(message) else None)
        page.on("pageerror", lambda error: console.append(str(error)))
        return Visit(context, page, base, self._folder / "state", self._internet, self._google, console)

    def __exit__(self, *_: object) -> None:
        for close in reversed(self._closing):
            close()
