"""One tab of Chromium: a page is opened in it as a visitor does, and all that it asks for is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consent_gateway.captures import stored_items
from consent_gateway.captures.cookie_jar import set_by_scripts
from consent_gateway.captures.tab_telling import SHORT, exchanges_of, first_line, soon
from consent_gateway.captures.tab_watch import Watch
from consent_gateway.captures.visited import Visited

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

_LINKS = """() => {
  try {
    return Array.from(document.querySelectorAll("a[href], area[href]"))
      .filter((one) => !one.hasAttribute("download") && !/\\bnofollow\\b/i.test(one.rel || ""))
      .slice(0, 5000).map((one) => String(one.href).slice(0, 4000));
  } catch { return []; }
}"""
_SCROLLED = """async () => {
  const wait = (time) => new Promise((done) => setTimeout(done, time));
  const most = Math.min(document.documentElement.scrollHeight, 12000);
  for (let at = 0; at < most; at += innerHeight) { scrollTo(0, at); await wait(60); }
}"""
# As if the visitor turned away: much is sent only then. Sent while a page really goes, it is not seen any more.
_LEFT = """() => {
  Object.defineProperty(document, "visibilityState", {configurable: true, get: () => "hidden"});
  document.dispatchEvent(new Event("visibilitychange", {bubbles: true}));
  dispatchEvent(new PageTransitionEvent("pagehide", {persisted: false}));
}"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Seconds: for the event `load`, and then until for `quiet` nothing was asked for, at `most`."""

    load: float = 20.0
    quiet: float = 0.5
    most: float = 8.0


@dataclass(frozen=True, slots=True)
class Click:
    """On what somebody clicks before the page is looked at: by its selector (CSS), and in words."""

    selector: str
    what: str


USUAL = Waiting()


class Tab:
    """Opens one address in a context that nothing else is opened in."""

    def __init__(
        self,
        context: BrowserContext,
        address: str,
        *,
        waiting: Waiting,
        bodies: bool,
        given: Sequence[str] = (),
        clicks: Sequence[Click] = (),
    ) -> None:
        self._given = given  # the names of cookies that the visitor has brought along
        self._clicks = clicks
        self._context = context
        self._address = address
        self._waiting = waiting
        self._bodies = bodies

    async def visited(self) -> Visited:
        """Opens the page, scrolls through it, turns away from it; returns once it is quiet. Where something is
        clicked on before, the page is opened anew after the last click, and nothing before that is told."""
        from playwright.async_api import Error

        page = await self._context.new_page()
        watch = Watch(self._context, page, self._address)
        failure: str = ""
        links: object = ()
        stored: object = ()
        try:
            failure = await self._clicked(page, watch)
            if not failure:
                failure = await self._opened(page)
            if watch.is_answered:
                await self._quiet(watch)
                links = await soon(page.evaluate(_LINKS), None)
                if links is None:
                    failure = failure or f"its scripts leave nothing done for {SHORT:.0f} seconds"
                else:
                    await self._used(page, watch)
                    stored = await soon(page.evaluate(stored_items.NAMES), None)
        except Error as error:
            failure = failure or first_line(error)
        exchanges = await exchanges_of(watch, bodies=self._bodies)
        jar = await soon(self._context.cookies(), [])
        return Visited(
            address=self._address,
            exchanges=tuple(exchanges),
            links=_own_words(links),
            cookies=set_by_scripts(
                [(one["name"], one["domain"]) for one in jar], exchanges, given=self._given
            ),
            stored=stored_items.items(stored),
            failure=failure,
        )

    async def _clicked(self, page: Page, watch: Watch) -> str:
        """Clicks one after the other, and forgets what was before the last; why that could not be done."""
        from playwright.async_api import Error

        await watch.begin()
        if self._clicks and (failure := await self._opened(page)):
            return failure
        for click in self._clicks:
            await self._quiet(watch)
            watch.forget()
            if not await page.locator(click.selector).count():
                return f"there is no {click.what}"
            try:
                await page.click(click.selector, timeout=self._waiting.load * 1000)
                await self._quiet(watch)  # it may lead to another page, or be answered in this one
                await page.wait_for_load_state(timeout=self._waiting.load * 1000)
            except Error as error:
                return f"{click.what}: {first_line(error)}"
        return ""

    async def _opened(self, page: Page) -> str:
        """Why it is not open, or not in full."""
        from playwright.async_api import Error
        from playwright.async_api import TimeoutError as TooLate

        try:
            answer = await page.goto(self._address, wait_until="load", timeout=self._waiting.load * 1000)
        except TooLate:
            return f"not loaded within {self._waiting.load:.0f} seconds"
        except Error as error:
            return first_line(error)
        return f"answered with {answer.status}" if answer is not None and answer.status >= 400 else ""

    async def _used(self, page: Page, watch: Watch) -> None:
        """As a visitor does who reads the page and turns away: what is put off until then is asked for."""
        await soon(page.mouse.move(200, 200), None)
        await soon(page.mouse.wheel(0, 300), None)
        await soon(page.evaluate(_SCROLLED), None)
        await self._quiet(watch)
        await soon(page.evaluate(_LEFT), None)
        await self._quiet(watch, self._waiting.quiet / 2)  # what is sent now cannot wait

    async def _quiet(self, watch: Watch, quiet: float = 0.0) -> None:
        await watch.quiet(quiet or self._waiting.quiet, self._waiting.most)


def _own_words(links: object) -> tuple[str, ...]:
    """The addresses among what a page has said; it may have its own idea of how a list is made."""
    texts = [one for one in links if isinstance(one, str)] if isinstance(links, list | tuple) else []
    plain = (text.partition("#")[0] for text in texts[:5000])
    return tuple(dict.fromkeys(text for text in plain if text.startswith(("http://", "https://"))))
