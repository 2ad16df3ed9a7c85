"""Measurement on its way: Google's script in, hits out, filtered and under a pseudonym."""

from __future__ import annotations

import logging
import re
from collections import Counter
from urllib.parse import parse_qsl, urlencode

from consent_gateway.analytics import SERVICE, endpoints
from consent_gateway.analytics.endpoints import Action, Endpoint
from consent_gateway.analytics.hits import is_hit, is_script
from consent_gateway.analytics.passing import IsCurrent, Passing, Refused, Salts
from consent_gateway.analytics.tallies import Tally
from consent_gateway.keys import KeyRing
from consent_gateway.messages import Headers, Request, Response
from consent_gateway.rates import Rates
from consent_gateway.replies import hurried, no_content, text
from consent_gateway.site import Site
from consent_gateway.visit import Reply, Visit

logger = logging.getLogger(__name__)

MEASUREMENT_PROTOCOL = "mp.toml"
# What the script is made from: the tag, the name of the data layer, who asked for it.
SCRIPT_PARAMETERS = {
    "id": re.compile(r"[A-Z]{1,3}-[A-Z0-9]{3,12}"),
    "l": re.compile(r"[A-Za-z_$][A-Za-z0-9_$]{0,39}"),
    "cx": re.compile(r"[a-z]"),
}


class Relay:
    """Decides what of Google's measurement goes on. `counts` says what became of hits."""

    def __init__(
        self, *, site: Site, salts: Salts, ring: KeyRing, is_current: IsCurrent, rates: Rates
    ) -> None:
        self._analytics = site.analytics
        self._endpoints = endpoints.load()
        self._passing = Passing(site=site, salts=salts, ring=ring, is_current=is_current)
        self.counts: Counter[str] = Counter()
        self._strangers = Tally()
        self._rates = rates

    @property
    def unknown(self) -> Counter[str]:
        """How often parameters came that no table knows, by name."""
        return self._passing.unknown.counts

    def token(self, visit: Visit) -> str:
        """What a server of the site is told of the visitor; empty for nothing."""
        return self._passing.token(visit)

    def claims(self, request: Request, prefix: str) -> bool:
        """Whether a request is measurement, under our path or any other."""
        return request.path.startswith(f"{prefix}/ga/") or is_hit(request) or is_script(request)

    def answer(self, visit: Visit, ids: frozenset[str]) -> Reply:
        """The script, or for a hit always the same empty 204, whatever becomes of it, but for too many of one
        address. `ids` are the site's own of properties and containers."""
        endpoint = self._endpoint(visit.request, visit.site.prefix)
        if endpoint.action is Action.SCRIPT:
            return self._script(endpoint, visit, ids)
        if not self._analytics.is_server(visit.request.peer) and (
            seconds := self._rates.wait("hits", visit.request, visit.now)
        ):
            self.counts["too often"] += 1
            return Reply(response=hurried(seconds))
        reason, reply = self._hit(endpoint, visit, ids)
        self.counts[reason] += 1
        logger.debug("hit: %s", reason)
        return reply

    def _endpoint(self, request: Request, prefix: str) -> Endpoint:
        ours = f"{prefix}/ga"
        if request.path.startswith(f"{ours}/"):
            return self._endpoints.find(request.path.removeprefix(ours))
        return self._endpoints.at_end(request.path)

    def _hit(self, endpoint: Endpoint, visit: Visit, ids: frozenset[str]) -> tuple[str, Reply]:
        nothing = Reply(response=no_content())
        if endpoint.table == MEASUREMENT_PROTOCOL:
            return self._report(visit, ids)
        handle = visit.consent.handle
        if not visit.loads(SERVICE) or handle is None:
            return "without consent", nothing
        if endpoint.action is not Action.FILTER or visit.request.method not in ("GET", "POST"):
            return endpoint.meaning if endpoint.action is Action.ANSWER else "method", nothing
        try:
            request, cookie = self._passing.of_browser(visit, handle.value, ids)
        except Refused as refused:
            return str(refused), nothing
        return "forwarded", Reply(response=no_content().adding(*cookie), outbound=request)

    def _report(self, visit: Visit, ids: frozenset[str]) -> tuple[str, Reply]:
        try:
            request = self._passing.of_server(visit, ids)
        except Refused as refused:
            return f"from a server: {refused}", Reply(response=no_content())
        return "forwarded", Reply(response=no_content(), outbound=request)

    def _script(self, endpoint: Endpoint, visit: Visit, ids: frozenset[str]) -> Reply:
        if visit.request.method not in ("GET", "HEAD"):
            return Reply(response=_method_not_allowed())
        if not visit.loads(endpoint.service):
            return Reply(response=text(403, "not before consent\n"))
        query = {
            name: value
            for name, value in parse_qsl(visit.request.query)
            if name in SCRIPT_PARAMETERS and SCRIPT_PARAMETERS[name].fullmatch(value)
        }
        id = query.get("id", "")
        if id not in ids:
            if self._strangers.add({id: 1}):
                logger.warning(
                    "a page asks for %s, which is none of this site's: see [analytics] in the site file", id
                )
            return Reply(response=empty_script("not a property or container of this site"))
        address = f"{self._analytics.script_url}{endpoint.path}?{urlencode(query)}"
        return Reply(response=no_content(), script=address)


def empty_script(reason: str) -> Response:
    """In place of a script that is not to be had: the page runs on, and nothing is fetched."""
    headers = (("Content-Type", "text/javascript; charset=utf-8"), ("Cache-Control", "no-store"))
    return Response(status=200, headers=Headers(headers), body=f"/* {reason} */\n".encode())


def _method_not_allowed() -> Response:
    return Response(status=405, headers=Headers((("Allow", "GET, HEAD"),)))
