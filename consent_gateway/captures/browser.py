"""Chromium as a source of exchanges: found, started, and sent to pages as one visitor or another."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from consent_gateway.captures.tab import USUAL, Click, Tab, Waiting
from consent_gateway.captures.visited import Visited
from consent_gateway.urls import resolve

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Playwright

# The first is Chromium without windows: the same engine, which needs a third of the time for a visitor
# with a storage of his own.
NAMES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
)  # fmt: skip
NO_PLAYWRIGHT = (
    "Playwright is not installed, by which Chromium is driven: run pip install 'consent-gateway[browser]'"
)
NO_CHROMIUM = (
    "there is no Chromium on this machine: run apt-get install chromium-headless-shell as root on Debian or "
    "Ubuntu, or python -m playwright install --with-deps chromium"
)
LONGEST = 90.0  # seconds for one page, whatever it does
_GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true});"


class NoBrowser(Exception):
    """There is no Chromium to look with; says what to install."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guise:
    """As whom pages are visited. `fields` are header fields that go with every request; a Cookie among them is kept
    for the host of the page, as if it had been set there. `bodies`: documents, style sheets and scripts are kept,
    too. `trusting`: whatever certificate a server shows is taken."""

    fields: tuple[tuple[str, str], ...] = ()
    locale: str = "en-GB"
    width: int = 1280
    height: int = 900
    bodies: bool = False
    trusting: bool = False
    waiting: Waiting = USUAL

    @property
    def conditions(self) -> tuple[str, ...]:
        """How pages are opened, in sentences for a report."""
        waiting = self.waiting
        waited = (
            f"waited for load ({waiting.load:g} s at most), then for {waiting.quiet:g} s without a request "
            f"({waiting.most:g} s at most), again after scrolling to the end and after turning away"
        )
        return (
            f"each page in a browser without a past, window {self.width} × {self.height}, language {self.locale}",
            waited,
            "service workers blocked",
        )

    @property
    def cookies(self) -> list[tuple[str, str]]:
        """The names and values in its Cookie fields."""
        lines = [value for name, value in self.fields if name.lower() == "cookie"]
        pairs = (pair.strip().partition("=") for line in lines for pair in line.split(";") if pair.strip())
        return [(name, value) for name, _, value in pairs]

    @property
    def extra_headers(self) -> dict[str, str]:
        return {name: value for name, value in self.fields if name.lower() != "cookie"}


NOBODY = Guise()
NOWHERE_ELSE: Mapping[str, str] = {}


class Chromium:
    """A browser under way. Every page is opened with an empty storage, as by somebody who was never there."""

    def __init__(self, browser: Browser, agent: str) -> None:
        self._browser = browser
        self._agent = agent

    @property
    def name(self) -> str:
        return f"Chromium {self._browser.version}"

    @property
    def agent(self) -> str:
        """The User-Agent that it sends."""
        return self._agent

    async def look(self, address: str, guise: Guise = NOBODY, clicks: Sequence[Click] = ()) -> Visited:
        """Opens a page and stays until it is quiet; with `clicks` that lead to other pages, opens it once more
        after them. What goes wrong is its `failure`."""
        context = await self._context(address, guise)
        given = [name for name, _ in guise.cookies]
        tab = Tab(context, address, waiting=guise.waiting, bodies=guise.bodies, given=given, clicks=clicks)
        try:
            return await asyncio.wait_for(tab.visited(), LONGEST)
        except TimeoutError:
            return Visited(address=address, failure=f"not done within {LONGEST:.0f} seconds")
        finally:
            await _closed(context)

    async def _context(self, address: str, guise: Guise) -> BrowserContext:
        context = await self._browser.new_context(
            extra_http_headers=guise.extra_headers,
            locale=guise.locale,
            viewport={"width": guise.width, "height": guise.height},
            user_agent=self._agent,
            ignore_https_errors=guise.trusting,
            accept_downloads=False,
            service_workers="block",
        )
        if cookies := guise.cookies:
            await context.add_cookies(
                [{"name": name, "value": value, "url": address} for name, value in cookies]
            )
        if any(name.lower() == "sec-gpc" and value == "1" for name, value in guise.fields):
            await context.add_init_script(_GPC)  # a browser that sends the signal says so to scripts
        return context


@asynccontextmanager
async def opened(*arguments: str, led_to: Mapping[str, str] = NOWHERE_ELSE) -> AsyncIterator[Chromium]:
    """A Chromium under way, with further arguments of its command line. A "host:port" of `led_to`, in which `*` stands
    for any name, it finds at the host and port given there; the first that fits counts. Raises NoBrowser."""
    try:
        from playwright.async_api import Error, async_playwright
    except ImportError as error:
        raise NoBrowser(NO_PLAYWRIGHT) from error
    rules = [f"MAP {name} {place}" for name, place in led_to.items()]
    own = [f"--host-resolver-rules={', '.join(rules)}"] if rules else []
    async with async_playwright() as playwright:
        executable = found(playwright)
        try:
            browser = await playwright.chromium.launch(
                executable_path=executable, args=[*_sandbox(), *own, *arguments]
            )
        except Error as error:
            reason = error.message.splitlines()[0]
            raise NoBrowser(f"{executable} does not start: {reason}; {NO_CHROMIUM}") from error
        try:
            yield Chromium(browser, await _agent(browser))
        finally:
            await browser.close()


def found(playwright: Playwright) -> Path:
    """The system's Chromium, else Playwright's own. Raises NoBrowser."""
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    own = Path(playwright.chromium.executable_path)
    if own.exists():
        return own
    raise NoBrowser(NO_CHROMIUM)


def _sandbox() -> list[str]:
    """Chromium refuses to start in its sandbox for root."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


async def _agent(browser: Browser) -> str:
    """How it calls itself with windows: some sites show robots something else, and nothing of their trackers."""
    page = await browser.new_page()
    named = await page.evaluate("navigator.userAgent")
    await page.close()
    return str(named).replace("HeadlessChrome", "Chrome")


async def _closed(context: BrowserContext) -> None:
    from playwright.async_api import Error

    try:
        await context.close()
    except Error:
        return  # it is gone, and the page with it: that was said


def address_key(address: str) -> str:
    """Host and port of an address, as `opened` takes them."""
    found = resolve(address, "about:blank")
    assert found is not None
    return f"{found.host}:{found.port or ('443' if found.scheme == 'https' else '80')}"
