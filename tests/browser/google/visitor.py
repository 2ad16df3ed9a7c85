"""A visitor of the shop: a real browser in front of a real gateway, and what either sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request

from consent_gateway import upstream
from tests.browser.conftest import BROWSER_ITSELF
from tests.browser.google import Event, Tag, answering, events, shop
from tests.loopback import Server, gateway, serving

KEPT = ("_ga", "_gid", "_gat", "_gac", "_gcl", "FP", "__utm", "AMP_TOKEN")
LISTED = 'user_properties = ["crm_id"]\nevents = ["late"]\n'
LONGEST = 9000  # milliseconds: a real tag gathers events for 5 seconds


@dataclass
class Running:
    """A gateway under way, the shop behind it, and the stand-in for Google."""

    base: str
    shop: Server
    google: Server


@contextmanager
def measured(tag: Tag, state: Path) -> Iterator[Running]:
    """A gateway in front of a shop with this tag; it sends hits on without delay."""
    with (
        pytest.MonkeyPatch.context() as patched,
        serving(shop(tag)) as origin,
        serving(answering(tag)) as google,
    ):
        patched.setattr(upstream, "LONGEST_DELAY", 0)
        site = f'[analytics]\nscript_url = "{google.address}"\ncollect_url = "{google.address}"\n{LISTED}'
        with gateway(origin, state, site=site) as base:
            yield Running(base, origin, google)


@dataclass
class Visitor:
    """A browser in front of the shop: what it sends, and what Google gets of it."""

    context: BrowserContext
    base: str
    google: Server
    internet: Server
    sent: list[Request] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        page = self.context.new_page()
        page.on("console", lambda said: self.console.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.goto(f"{self.base}{path}", wait_until="load")
        return page

    def choose(self, decision: str, *purposes: str) -> None:
        """As on the page of preferences."""
        form = "&".join(
            [
                f"layer=preferences&language=en&return=/&decision={decision}",
                *(f"purpose={p}" for p in purposes),
            ]
        )
        reply = self.context.request.post(
            f"{self.base}/.privacy/choice",
            data=form,
            headers={"Origin": self.base, "Content-Type": "application/x-www-form-urlencoded"},
            max_redirects=0,
        )
        assert reply.status == 303, reply.text()

    def elsewhere(self) -> list[str]:
        """Addresses that the browser has asked for and that are not the gateway's."""
        own = urlsplit(self.base).netloc
        asked = [request.url for request in self.sent]
        return [url for url in asked if url.startswith("http") and urlsplit(url).netloc != own]

    def hits(self) -> list[str]:
        """Hits that have left the browser, in one text each."""
        through = [one for one in self.sent if "/.privacy/ga/" in one.url and "/js?" not in one.url]
        return [unquote(f"{one.method} {one.url} {one.post_data or ''}") for one in through]

    def told(self, *words: str) -> list[str]:
        """The hits with any of the words in them."""
        return [text for text in self.hits() if any(word in text for word in words)]

    def kept(self, page: Page) -> list[str]:
        """Names of Google's in the browser's stores."""
        stored = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
        names = [cookie["name"] for cookie in self.context.cookies()] + stored
        return [name for name in names if name.startswith(KEPT)]

    def arrives(self, page: Page, wanted: Callable[[Event], bool]) -> Event:
        """The first such event at Google."""
        for _ in range(LONGEST // 50):
            if found := [event for event in events(self.google) if wanted(event)]:
                return found[0]
            page.wait_for_timeout(50)
        raise AssertionError([event.name for event in events(self.google)])

    def assert_unharmed(self, page: Page) -> None:
        hosts = {seen.host.partition(":")[0] for seen in self.internet.requests}
        assert self.elsewhere() == [] and hosts <= BROWSER_ITSELF
        assert self.kept(page) == []
        assert self.console == []


@contextmanager
def visiting(browser: Browser, internet: Server, running: Running) -> Iterator[Visitor]:
    """Somebody new."""
    with browser.new_context(ignore_https_errors=True) as context:
        found = Visitor(context, running.base, running.google, internet)
        context.on("request", lambda request: found.sent.append(request))
        context.request.get(running.base)  # the gateway has seen which property is the site's
        internet.requests.clear()
        running.google.requests.clear()
        yield found


def of(name: str, **fields: str) -> Callable[[Event], bool]:
    return lambda event: event.name == name and fields.items() <= event.fields.items()
