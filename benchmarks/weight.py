"""What asking visitors weighs: one page with the same services, asked about by the gateway and by three scripts from npm,
each set up as its documentation says.

    python -m benchmarks.weight

Prints a table: bytes of the site's own host beyond those of the page alone, each file in gzip, and requests. Nothing is
timed. Everything is on this machine; names of the internet lead nowhere.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium
from tests.loopback import Server, gateway, serving
from tests.npm import NotFetched, fetch

PAGES = Path(__file__).parent / "weight"
FILES = {
    "klaro": ("klaro@0.7.22", "dist"),
    "cookieconsent": ("vanilla-cookieconsent@3.1.0", "dist"),
    "iframemanager": ("@orestbida/iframemanager@1.3.0", "dist"),
    "tarteaucitron": ("tarteaucitronjs@1.34.0", "."),
}
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
SITE = '[third_parties]\nunlisted = "hold"\n[services.google-analytics]\n[services.youtube]\n[services.linkedin]\n'
GATEWAY = "the gateway"
# How each is told to refuse everything.
REJECT = {
    GATEWAY: "button[value=reject_all]",
    "Klaro": ".cn-decline",
    "CookieConsent + iframemanager": "#cc-main .cm button[data-role=necessary]",
    "tarteaucitron": "#tarteaucitronAllDenied2",
}
PAGE = {
    "Klaro": "klaro.html",
    "CookieConsent + iframemanager": "cookieconsent.html",
    "tarteaucitron": "tarteaucitron.html",
}
SETTLING = 1500  # milliseconds until all that a page asks for is there


@dataclass
class Load:
    """What came while a page was open: bytes and number of files of the site's own, requests to others."""

    by_file: dict[str, int] = field(default_factory=dict)
    others: int = 0

    @property
    def bytes(self) -> int:
        return sum(self.by_file.values())

    @property
    def files(self) -> int:
        return len(self.by_file)


@dataclass
class Listening:
    """Counts what a page loads from the network, and leaves out what the browser has kept."""

    page: Page
    _kept: set[str] = field(default_factory=set)
    _came: dict[str, str] = field(default_factory=dict)
    _others: int = 0

    def __post_init__(self) -> None:
        self._protocol = self.page.context.new_cdp_session(self.page)
        self._protocol.send("Network.enable")
        self._protocol.on("Network.requestWillBeSent", self._asked)
        self._protocol.on("Network.requestServedFromCache", lambda event: self._kept.add(event["requestId"]))
        self._protocol.on("Network.responseReceived", self._answered)

    def _asked(self, event: dict[str, Any]) -> None:
        if urlsplit(event["request"]["url"]).hostname != "127.0.0.1":
            self._others += 1

    def _answered(self, event: dict[str, Any]) -> None:
        response = event["response"]
        address = urlsplit(response["url"])
        if response.get("fromDiskCache") or address.hostname != "127.0.0.1" or address.path == "/favicon.ico":
            return
        self._came[event["requestId"]] = response["url"]

    def since(self) -> Load:
        """What has come since this was asked last."""
        self.page.wait_for_timeout(SETTLING)
        load = Load(others=self._others)
        for id in self._came.keys() - self._kept:
            body = self._protocol.send("Network.getResponseBody", {"requestId": id})
            load.by_file[self._came[id]] = len(gzip.compress(body["body"].encode(), 6, mtime=0))
        self._came.clear()
        self._others = 0
        return load


async def answer(request: web.Request) -> web.StreamResponse:
    """The pages, and the files of the packages, which browsers may keep as long as they like."""
    package, _, rest = request.path.strip("/").partition("/")
    if package in FILES:
        name, folder = FILES[package]
        file, kept = fetch(name) / folder / rest, "public, max-age=31536000, immutable"
    else:
        file, kept = PAGES / package, "no-store"
    if not file.is_file():
        return web.Response(status=204)
    media_type = MEDIA_TYPES.get(file.suffix, "application/octet-stream")
    return web.Response(body=file.read_bytes(), content_type=media_type, headers={"Cache-Control": kept})


@contextmanager
def servers() -> Iterator[tuple[Server, str]]:
    with (
        tempfile.TemporaryDirectory() as state,
        serving(answer) as origin,
        gateway(origin, Path(state) / "state", site=SITE) as address,
    ):
        yield origin, address


def visited(browser: Browser, address: str, reject: str = "") -> dict[str, Load]:
    """A first visit, the answer on it, and the next one with and without what the browser has kept."""
    context = browser.new_context()
    page = context.new_page()
    listening = Listening(page)
    page.goto(address)
    loads = {"first visit": listening.since()}
    if reject:
        page.locator(reject).first.click()
        loads["answering"] = listening.since()
        page.goto(address)
        loads["next visit"] = listening.since()
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")
        page.goto(address)
        loads["next visit, empty cache"] = listening.since()
    context.close()
    return loads


def main() -> None:
    try:
        for package, _ in FILES.values():
            fetch(package)
    except NotFetched as reason:
        sys.exit(f"{reason}: nothing to compare with")
    with servers() as (origin, through), sync_playwright() as playwright:
        rules = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        with chromium.launched(playwright, rules) as browser:
            alone = visited(browser, f"{origin.address}/plain.html")["first visit"]
            rows = {GATEWAY: visited(browser, f"{through}/plain.html", REJECT[GATEWAY])}
            for name, path in PAGE.items():
                rows[name] = visited(browser, f"{origin.address}/{path}", REJECT[name])
    print(f"The page alone: {alone.bytes} bytes, {alone.others} requests to others. Beyond that:\n")
    show(rows, alone)


def show(rows: dict[str, dict[str, Load]], alone: Load) -> None:
    columns = tuple(rows[GATEWAY])

    def beyond(name: str, column: str) -> int:
        return rows[name][column].bytes - (0 if column == "answering" else alone.bytes)

    def files(name: str, column: str) -> int:
        return rows[name][column].files - (0 if column == "answering" else alone.files)

    print(
        f"{'bytes in gzip (files)':<32}"
        + "".join(f"{column:>26}" for column in columns)
        + "   to others before an answer"
    )
    for name, loads in rows.items():
        cells = (f"{beyond(name, column)} ({files(name, column)})" for column in columns)
        print(f"{name:<32}" + "".join(f"{cell:>26}" for cell in cells) + f"{loads['first visit'].others:>29}")
    print("\ntimes the bytes of the gateway")
    for name in rows:
        ratios = (f"{beyond(name, column) / beyond(GATEWAY, column):.2f}" for column in columns)
        print(f"{name:<32}" + "".join(f"{ratio:>26}" for ratio in ratios))
    print("\nof the gateway, at the first visit; the guard script is what lets the page stay as it is")
    for address, size in sorted(rows[GATEWAY]["first visit"].by_file.items()):
        print(f"{urlsplit(address).path:<50}{size:>8}")


if __name__ == "__main__":
    main()
