"""The page that an exchange of a capture belongs to, and the pages that are not looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from consent_gateway.audit.recorded import Page, Recorded, label_of
from consent_gateway.captures.exchange import Exchange
from consent_gateway.recognition import Recogniser
from consent_gateway.urls import Address, resolve

MOST_ELSEWHERE = 10_000
NAMED = 5  # other websites in a sentence


class Placing:
    """Places exchanges, in their order. `pages` are those that count so far, `most` how many may (0: any number)."""

    def __init__(
        self, recogniser: Recogniser, recorded: Recorded, pages: Collection[str], most: int = 0
    ) -> None:
        self._recogniser = recogniser
        self._recorded = recorded
        self._pages = pages
        self._most = most
        self._beyond: set[str] = set()
        self._elsewhere: set[str] = set()  # pages of other websites

    def page(self, exchange: Exchange) -> Page | None:
        """The page it belongs to; the latest where nothing tells it. None for one that is not looked at, and
        where there was none yet."""
        named = exchange.request.url if exchange.is_page else exchange.page
        address = resolve(named, "about:blank") if named else None
        if address is None or not self._recogniser.is_own(address.host, ""):
            if self._is_elsewhere(exchange, named) or not self._recorded.latest:
                return None
            return self._looked_at(self._recorded.latest, None)
        page = self._looked_at(label_of(named), address)
        if page and exchange.is_page:
            self._recorded.latest = page.label
        return page

    @property
    def left_alone(self) -> Iterator[str]:
        """In sentences, the pages that were not looked at."""
        if self._elsewhere:
            hosts = Counter(urlsplit(label).netloc for label in self._elsewhere)
            named = ", ".join(host for host, _ in hosts.most_common(NAMED))
            yield (
                f"pages of other websites were not looked at ({named}{', …' if len(hosts) > NAMED else ''}): a site "
                "file that names the site's hosts tells which are its own"
            )
        if self._beyond:
            were = "page of the captures was" if len(self._beyond) == 1 else "pages of the captures were"
            yield f"{len(self._beyond)} further {were} not looked at (--pages {self._most})"

    def _is_elsewhere(self, exchange: Exchange, named: str) -> bool:
        """Whether it is of another website, to which the visitor was led away."""
        if exchange.is_page and len(self._elsewhere) < MOST_ELSEWHERE:
            self._elsewhere.add(label_of(named))
        return exchange.is_page or label_of(named) in self._elsewhere

    def _looked_at(self, label: str, address: Address | None) -> Page | None:
        if label in self._beyond or (
            self._most and label not in self._pages and len(self._pages) >= self._most
        ):
            self._beyond.add(label)
            return None
        place = address or resolve(label, label)
        assert place is not None
        port = f":{place.port}" if place.port else ""
        return self._recorded.page(label, place.scheme, f"{place.host}{port}")
