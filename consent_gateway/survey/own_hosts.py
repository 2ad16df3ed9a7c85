"""Which hosts of the site's domain are plainly its own, and which may be somebody else's by such a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from consent_gateway.captures.exchange import Exchange
from consent_gateway.catalogue import Known
from consent_gateway.page.elements import Listed
from consent_gateway.page.positions import Carrier
from consent_gateway.recognition import Recogniser
from consent_gateway.survey.sightings import Sighting
from consent_gateway.urls import resolve

FILES = frozenset(("style", "font", "image", "script", "video", "audio", "track"))
_A_FILE = frozenset(("style", "font", "video", "audio", "track"))  # nobody measures with these


class OwnHosts:
    """What the hosts of the site's domain were asked for. `stranger` judges their addresses as if they were somebody
    else's: trackers are known to hide below a name of the site's (CNAME)."""

    def __init__(self, hosts: tuple[str, ...], stranger: Recogniser) -> None:
        self.hosts = hosts
        self.secure = False
        self._stranger = stranger
        self._pages: Counter[str] = Counter()
        self._files: dict[str, Sighting] = {}
        self._kinds: dict[str, set[str]] = {}
        self._doubtful: set[str] = set()

    def __contains__(self, host: str) -> bool:
        return host in self.hosts

    def note_page(self, exchange: Exchange) -> None:
        """A page that was shown, or a redirect to one, which shows that the name is the site's."""
        assert exchange.response is not None
        self._pages[exchange.request.hostname] += exchange.response.status < 300
        self.secure |= exchange.request.scheme == "https"

    def note_file(self, exchange: Exchange, where: str, carrier: Carrier) -> None:
        """What a host is asked for besides: only files, or is it more than that?"""
        host, kind = exchange.request.hostname, exchange.destination
        self._kinds.setdefault(host, set()).add(kind)
        self._files.setdefault(host, Sighting()).note(where, kind.replace("empty", "request") or "request")
        harmless = exchange.request.method == "GET" and kind in FILES
        if not harmless or (exchange.response and exchange.response.headers.all("set-cookie")):
            self._doubtful.add(host)
        address = resolve(exchange.request.url, exchange.request.url)
        if address and isinstance(
            self._stranger.owner(address, self.hosts[0], carrier), (str, Known, Listed)
        ):
            self._doubtful.add(host)

    @property
    def pages(self) -> int:
        return sum(self._pages.values())

    @property
    def names(self) -> tuple[str, ...]:
        """The public names, most pages first."""
        return tuple(host for host, _ in self._pages.most_common())

    @property
    def static(self) -> tuple[str, ...]:
        """Those without pages that serve files and nothing else."""
        return tuple(host for host in self.hosts if host not in self._pages and self._is_static(host))

    def undecided(self) -> Iterator[tuple[str, Sighting]]:
        """Those that do more, with where they were seen."""
        for host, seen in self._files.items():
            if host not in self._pages and not self._is_static(host):
                yield host, seen

    def _is_static(self, host: str) -> bool:
        return host not in self._doubtful and bool(self._kinds.get(host, set()) & _A_FILE)
