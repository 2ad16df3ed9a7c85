"""A site under test: its pages as visitors in ten states get them, and what they would make a browser contact."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from consent_gateway import bodies
from consent_gateway.audit import states
from consent_gateway.audit.detector import Fetch
from consent_gateway.audit.findings import Carrier
from consent_gateway.messages import FORM_TYPE, Headers, Request, Response
from consent_gateway.page import charset
from consent_gateway.proxy.watching import Passed
from consent_gateway.running import Running
from consent_gateway.seen import Seen
from consent_gateway.testing.judging import Judging
from consent_gateway.testing.values import Contact, Forwarded, Page, complaint
from consent_gateway.urls import resolve

FRESH = "fresh"
TIMEOUT = 60.0  # seconds that the application has for an answer
MOST_REDIRECTS = 10
MOST_PARTS = 100  # style sheets and frames of a page
MOST_PASSED = 100  # answers that wait to be looked at
LARGEST = 64 * 2**20  # bytes of a page
LONGEST_WAY = 10.0  # seconds for hits that are under way
_REDIRECTS = (301, 302, 303, 307, 308)
_DESTINATIONS = {Carrier.CSS: "style", Carrier.IFRAME: "iframe"}
_BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


@dataclass
class Watched:
    """The answers that have passed the gateway, by the visitor's end of the connection."""

    passed: dict[int, Passed] = field(default_factory=dict)

    def note(self, passed: Passed) -> None:
        while len(self.passed) >= MOST_PASSED:  # browsers ask, too, and nobody fetches theirs
            self.passed.pop(next(iter(self.passed)))
        self.passed[passed.port] = passed


@dataclass(frozen=True, slots=True)
class _Got:
    """A request, its answer over the wire, and the answer as the site gave it."""

    request: Request
    response: Response
    came: Response


class Visitor:
    """A visitor in one state. `cookies` and `headers` put a browser into that state."""

    def __init__(self, site: SiteUnderTest, state: str, fields: tuple[tuple[str, str], ...]) -> None:
        self.state = state
        self._site = site
        self._fields = fields

    @property
    def cookies(self) -> list[dict[str, str]]:
        """As Playwright's `context.add_cookies` and Selenium's `add_cookie` take them."""
        pairs = (
            pair.partition("=")
            for name, value in self._fields
            if name == "Cookie"
            for pair in value.split("; ")
        )
        return [{"name": name, "value": value, "url": self._site.url} for name, _, value in pairs]

    @property
    def headers(self) -> dict[str, str]:
        """Header fields beside cookies that his browser sends with every request."""
        return {name: value for name, value in self._fields if name != "Cookie"}

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Page:
        """The page at a path, redirects within the site followed. Raises ValueError for what is no path of the site."""
        path = self._site._written(path)
        got = self._ask("GET", path, headers=headers)
        for _ in range(MOST_REDIRECTS):
            location = got.response.headers.get("location") if got.response.status in _REDIRECTS else ""
            onward = self._site._path_of(location, path)
            if onward is None:
                break
            path, got = onward, self._ask("GET", onward, headers=headers)
        return self._page(path, got)

    def post(
        self, path: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Page:
        """What a posted form is answered with; redirects are not followed. Raises ValueError as `get` does."""
        path = self._site._written(path)
        body = urlencode(form or {}).encode()
        given = {"Content-Type": FORM_TYPE, "Origin": self._site.url, "Sec-Fetch-Site": "same-origin"}
        return self._page(path, self._ask("POST", path, body, headers=given | dict(headers or {})))

    def assert_sends_nothing(self, *paths: str) -> None:
        """That the pages make a browser contact nobody whom this visitor has not agreed to. Raises
        AssertionError, which names page, host, service, carrier, reason and what to do."""
        leaks: list[Contact] = []
        for path in paths or ("/",):
            page = self.get(path)
            if not page.is_page:
                kind = page.header("content-type") or "no type"
                empty = ", nothing in it" if page.empty else ""
                raise AssertionError(f"{path} is no page to look at: {page.status}, {kind}{empty}")
            leaks += [one for one in page.contacts if not one.allowed]
        if leaks:
            raise AssertionError(complaint(tuple(leaks)))

    # ---- steps ---------------------------------------------------------------------------------

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        destination: str = "document",
        headers: Mapping[str, str] | None = None,
    ) -> _Got:
        given = {
            "User-Agent": _BROWSER,
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Encoding": "identity",
            "Sec-Fetch-Dest": destination,
        }
        return self._site._ask(method, path, body, given | dict(self._fields) | dict(headers or {}))

    def _page(self, path: str, got: _Got) -> Page:
        judging = self._site._judging(got.request, self.state)
        held: dict[Contact, None] = {}
        contacts: dict[Contact, None] = {}
        for came, went in self._parts(path, got, judging, {path}):
            held |= dict.fromkeys(judging.held(came, went))
            contacts |= dict.fromkeys(judging.contacts(went))
        response = got.response
        encoding = charset.sniff(response.body, response.headers.get("content-type"))
        return Page(
            path=path,
            state=self.state,
            status=response.status,
            headers=response.headers.fields,
            text=charset.text_of(response.body, encoding),
            held=tuple(held),
            contacts=tuple(contacts),
            empty=not got.came.body.strip(),
        )

    def _parts(
        self, path: str, got: _Got, judging: Judging, known: set[str]
    ) -> Iterator[tuple[list[Fetch], list[Fetch]]]:
        """What the document fetched as it came and as it went out, then the same of its own style sheets and
        frames."""
        url = f"{self._site.url}{path}"
        went = judging.fetches(got.response, url)
        yield judging.fetches(got.came, url), went
        for fetch in went:
            address = judging.own(fetch) if fetch.carrier in _DESTINATIONS else None
            part = self._site._path_of(address.url, path) if address else None
            if part is None or part in known or len(known) > MOST_PARTS:
                continue
            known.add(part)
            inner = self._ask("GET", part, destination=_DESTINATIONS[fetch.carrier])
            if inner.response.media_type in ("text/css", "text/html"):
                yield from self._parts(part, inner, judging, known)


class SiteUnderTest:
    """A web application behind a gateway of its own. `url` is where visitors find it."""

    def __init__(self, url: str, running: Running, watched: Watched, outbound: Path) -> None:
        self.url = url
        self._running = running
        self._watched = watched
        self._visitors: dict[Seen, tuple[states.Visitor, ...]] = {}
        self._outbound = outbound

    def as_visitor(self, state: str = FRESH) -> Visitor:
        """A visitor in one of the ten states (see `testing.STATES`). Raises ValueError for another."""
        gateway, host = self._running.gateway, urlsplit(self.url).netloc
        seen = gateway.seen  # what visitors are asked about depends on it, and so do their answers
        if seen not in self._visitors:
            self._visitors[seen] = states.visitors(gateway, host, "http", datetime.now(UTC))
        for visitor in self._visitors[seen]:
            if visitor.state.id == state:
                return Visitor(self, state, visitor.fields)
        raise ValueError(f"no state {state!r}: one of {', '.join(one.id for one in states.STATES)}")

    def get(self, path: str = "/", state: str = FRESH) -> Page:
        """The page that a visitor in this state gets, redirects within the site followed."""
        return self.as_visitor(state).get(path)

    def assert_sends_nothing(self, *paths: str, state: str = FRESH) -> None:
        """That these pages make a browser contact nobody whom a visitor in this state has not agreed to:
        before he has decided anything, if nothing else is said. Raises AssertionError."""
        self.as_visitor(state).assert_sends_nothing(*paths)

    def forwarded(self) -> tuple[Forwarded, ...]:
        """What has gone to Google so far, in order; waits for what is under way. Nothing of it has left this
        computer: a stand-in took it."""
        end = monotonic() + LONGEST_WAY
        while self._running.upstream.under_way and monotonic() < end:
            sleep(0.02)
        lines = self._outbound.read_text("utf-8").splitlines() if self._outbound.exists() else []
        return tuple(_forwarded(json.loads(line)) for line in lines)

    # ---- for the visitors --------------------------------------------------------------------------

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> _Got:
        """One request over the wire. Raises OSError where the gateway does not answer."""
        address, sent = urlsplit(self.url), Headers(tuple(headers.items()))
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, body or None, dict(headers))
            port = connection.sock.getsockname()[1]
            answer = connection.getresponse()
            got = Response(
                status=answer.status, headers=Headers(tuple(answer.getheaders())), body=answer.read()
            )
        finally:
            connection.close()
        request = Request(
            method=method, scheme="http", host=address.netloc, target=path, headers=sent, body=body
        )
        passed = self._watched.passed.pop(port, None)
        return _Got(request, _unpacked(got), passed.came if passed else got)

    def _written(self, path: str) -> str:
        """A path as a browser asks for it; whatever else is asked for, the answer would be some other page's."""
        found = self._path_of(path, "/") if path.startswith("/") else None
        if found is None:
            raise ValueError(f"{path!r} is no path of the site, such as /contact")
        return found

    def _path_of(self, address: str, base: str) -> str | None:
        """The path and query of an address, if it is one of this site's own server."""
        here, there = resolve("", self.url), resolve(address, f"{self.url}{base}") if address else None
        assert here is not None
        return there.rest if there and there[:3] == here[:3] else None

    def _judging(self, request: Request, state: str) -> Judging:
        """What there is to say of the contacts of the page that is asked for."""
        gateway = self._running.gateway
        return Judging(gateway, gateway.visit(request, datetime.now(UTC)), state)


def _unpacked(got: Response) -> Response:
    """The same as a browser sees it: some sites pack whatever is asked for. What is damaged stays as it is."""
    with suppress(bodies.BadBody):
        return replace(got, body=bodies.decode(got.body, got.headers.get("content-encoding"), LARGEST))
    return got


def _forwarded(line: Mapping[str, Any]) -> Forwarded:
    address = urlsplit(line["url"])
    return Forwarded(
        method=line["method"],
        path=address.path,
        parameters=dict(parse_qsl(address.query, keep_blank_values=True)),
        headers=line["headers"],
        body=line["body"],
    )
