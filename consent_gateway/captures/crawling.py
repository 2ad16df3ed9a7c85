"""Which pages of a site to look at next: few of them, of as many kinds as there are. Knows no network.

The start page comes first; robots.txt, the sitemaps and the links of each page name the others. Of every
kind of page (page_kinds.py) one is looked at before a second of any.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

from consent_gateway.captures import sitemaps
from consent_gateway.captures.page_kinds import is_page, kind_of, plain_form
from consent_gateway.captures.sitemaps import Robots
from consent_gateway.captures.visited import Visited
from consent_gateway.urls import Address, resolve

AGENT = "consent-gateway"  # the name by which robots.txt may address it
MOST_SITEMAPS = 20
MOST_KINDS = 2000
MOST_OF_A_KIND = 50

Look = Callable[[str], Awaitable[Visited]]


class BadAddress(ValueError):
    """What is to be looked at is no address of the web."""


async def pages_of(
    url: str,
    look: Look,
    *,
    most: int,
    file: Look | None = None,
    told: Callable[[str], None] = lambda sentence: None,
) -> AsyncIterator[Visited]:
    """Looks at up to `most` pages of a site and yields each, the one asked for first, whatever came of it.
    `look` visits an address, `file` does so for robots.txt and sitemaps; `told` gets a sentence about what was left
    out. Raises BadAddress."""
    crawl, file = Crawl(url, most=most), file or look
    first = await look(crawl.start)
    crawl.take(first)
    yield first
    while (address := crawl.next_file()) is not None:
        crawl.take_file(await file(address))
    while (address := crawl.next_page()) is not None:
        visited = await look(address)
        if crawl.take(visited):
            yield visited
    if crawl.kept_out:
        told(
            f"robots.txt keeps crawlers from {crawl.kept_out} of the addresses found: "
            "those that are to be looked at all the same, name yourself"
        )


class Crawl:
    """The state of a crawl. Raises BadAddress for what is no http or https address.

    The site is the host of the start page, also with or without "www.", and where that leads. What robots.txt
    keeps from crawlers is left out and counted in `kept_out`; who wants it looked at names it himself.
    """

    def __init__(self, url: str, *, most: int) -> None:
        self.start = start_of(url)
        self.kept_out = 0
        self._left = most
        self._tries = 2 * most + 10  # pages that turn out to be none cost a request, too
        address = resolve(self.start, self.start)
        assert address is not None
        self._own = set(_names(address))
        self._begun = False
        self._known = {plain_form(address)}
        self._shown: set[str] = set()
        self._kinds: dict[tuple[int, str], deque[str]] = {}
        self._seen: Counter[tuple[int, str] | int] = Counter()
        self._robots = Robots()
        self._files = deque([_beside(address, "/robots.txt")] if most > 1 else [])
        self._robots_at, self._usual_sitemap = (
            _beside(address, "/robots.txt"),
            _beside(address, "/sitemap.xml"),
        )
        self._files_known: set[str] = set(self._files)
        self._files_left = MOST_SITEMAPS + 1

    def next_file(self) -> str | None:
        """The next of robots.txt and the sitemaps; None if there is no more to ask for."""
        if not self._files or self._files_left <= 0:
            return None
        self._files_left -= 1
        return self._files.popleft()

    def take_file(self, visited: Visited) -> None:
        """Reads what came of it; what it does not have is no fault."""
        answer = visited.document.response if visited.document else None
        body = answer.body if answer is not None and answer.status == 200 else b""
        if visited.address == self._robots_at:
            self._robots = Robots(body)
            self._want_files(self._robots.sitemaps or (self._usual_sitemap,))
            return
        found = sitemaps.read(body)
        if found.is_index:
            self._want_files(found.addresses)
        else:
            self._offer(found.addresses)

    def next_page(self) -> str | None:
        """A page of the kind that was seen least, of those the one whose depth was seen least."""
        while self._left > 0 and self._tries > 0 and self._kinds:
            kind = min(self._kinds, key=lambda one: (self._seen[one], self._seen[one[0]]))
            waiting = self._kinds[kind]
            address = waiting.popleft()
            if not waiting:
                del self._kinds[kind]
            if address in self._shown:
                continue
            if not self._robots.allows(AGENT, address):
                self.kept_out += 1
                continue
            self._seen.update((kind, kind[0]))
            self._tries -= 1
            return address
        return None

    def take(self, visited: Visited) -> bool:
        """Takes over the links of a page; whether it is one of the site's that was not shown before."""
        page = resolve(visited.page, visited.address)
        if page is None:
            return False
        is_start, self._begun = not self._begun, True
        if is_start:
            self._own.update(_names(page))  # it says where the site is
        known_as = plain_form(page)
        if not visited.is_shown or _key(page) not in self._own or known_as in self._shown:
            return False
        if is_start:
            self._seen.update((kind_of(page), kind_of(page)[0]))
        self._known.add(known_as)
        self._shown.add(known_as)
        self._left -= 1
        self._offer(visited.links)
        return True

    # ---- steps -------------------------------------------------------------------------------------

    def _offer(self, addresses: Iterable[str]) -> None:
        for text in addresses:
            address = resolve(text, self.start)
            if address is None or _key(address) not in self._own or not is_page(address):
                continue
            known_as = plain_form(address)
            if known_as in self._known:
                continue
            kind = kind_of(address)
            waiting = self._kinds.get(kind)
            if waiting is None:
                if len(self._kinds) >= MOST_KINDS:
                    continue
                waiting = self._kinds[kind] = deque()
            if len(waiting) < MOST_OF_A_KIND:
                self._known.add(known_as)
                waiting.append(known_as)

    def _want_files(self, addresses: Iterable[str]) -> None:
        for text in addresses:
            address = resolve(text, self.start)
            if address is None or len(self._files) > MOST_SITEMAPS:
                continue
            if _key(address) in self._own and address.url not in self._files_known:
                self._files_known.add(address.url)
                self._files.append(address.url)


def start_of(url: str) -> str:
    """The address to begin with, as a browser writes it. Raises BadAddress."""
    address = resolve(url.strip(), "about:blank")
    if address is None or address.scheme not in ("http", "https") or not address.host:
        raise BadAddress(f"no address of a website: {url!r}; write for example https://www.example.com/")
    return address.url


def _names(address: Address) -> tuple[str, str]:
    """The key of a host, and of the same with or without "www."."""
    bare = address.host.removeprefix("www.")
    other = bare if bare != address.host else f"www.{bare}"
    return _key(address), _key(address._replace(host=other))


def _key(address: Address) -> str:
    """Host and port: the usual ports of both schemes are one site."""
    return address.host if address.port in ("", "80", "443") else f"{address.host}:{address.port}"


def _beside(address: Address, path: str) -> str:
    return address._replace(rest=path).url
