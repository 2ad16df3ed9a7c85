"""Measurement on its way: Google's script in, hits out, filtered and under a pseudonym."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from consent_gateway.analytics import SCRIPTS, generalise, parameters
from consent_gateway.analytics.envelope import outbound
from consent_gateway.analytics.filter import Circumstances, Filter
from consent_gateway.analytics.hits import BadHit, Hit, is_hit, read
from consent_gateway.analytics.pseudonym import Pseudonyms, Salt, pseudonyms, visitors_in
from consent_gateway.messages import Headers, Response
from consent_gateway.offer import LINKING
from consent_gateway.periods import Period
from consent_gateway.replies import no_content, text
from consent_gateway.visit import Reply, Visit
from consent_gateway.visitor import device

logger = logging.getLogger(__name__)

SERVICE = "google-analytics"
SCRIPT_PARAMETERS = ("id", "l", "cx")

Salts = Callable[[Period, datetime], Salt]


class Relay:
    """Decides what of Google's measurement goes on. `counts` says why hits were dropped."""

    def __init__(self, *, salts: Salts, pepper: bytes) -> None:
        self._salts = salts
        self._pepper = pepper
        self._filter = Filter(parameters.load())
        self.counts: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()

    def claims(self, visit: Visit) -> bool:
        """Whether the request is measurement, under our path or any other."""
        return visit.request.path.startswith(f"{visit.site.prefix}/ga/") or is_hit(visit.request)

    def answer(self, visit: Visit, properties: frozenset[str]) -> Reply:
        """The script, or for a hit always the same empty 204, whatever becomes of it."""
        path = visit.request.path.removeprefix(f"{visit.site.prefix}/ga")
        if path in SCRIPTS and path != visit.request.path:
            return self._script(path, visit, properties)
        reason, reply = self._hit(visit, properties)
        self.counts[reason] += 1
        logger.debug("hit: %s", reason)
        return reply

    def _script(self, path: str, visit: Visit, properties: frozenset[str]) -> Reply:
        if visit.request.method not in ("GET", "HEAD"):
            return Reply(response=_method_not_allowed())
        query = {k: v for k, v in parse_qsl(visit.request.query) if k in SCRIPT_PARAMETERS}
        id = query.get("id", "")
        allowed = id in properties or (path == "/gtm.js" and id.startswith("GTM-"))
        if not visit.loads(SCRIPTS[path]):
            return Reply(response=text(403, "not before consent\n"))
        if not allowed:
            return Reply(response=_empty_script())
        return Reply(
            response=no_content(), script=f"{visit.site.analytics.script_url}{path}?{urlencode(query)}"
        )

    def _hit(self, visit: Visit, properties: frozenset[str]) -> tuple[str, Reply]:
        nothing = Reply(response=no_content())
        handle = visit.consent.handle
        if not visit.loads(SERVICE) or handle is None:
            return "without consent", nothing
        if not visit.request.path.endswith("/g/collect"):
            return "answered here", nothing
        agent = device(visit.request.headers.get("user-agent"))
        if agent.robot:
            return "robot", nothing
        try:
            hit = read(visit.request)
        except BadHit as error:
            return str(error), nothing
        if hit.property not in properties:
            return "foreign property", nothing
        filtered = self._filter(hit, self._circumstances(visit, hit, handle.value))
        self.unknown.update(filtered.unknown)
        request = outbound(
            filtered,
            collect_url=visit.site.analytics.collect_url,
            user_agent=generalise.user_agent(agent),
        )
        return "forwarded", Reply(response=no_content(), outbound=request)

    def _circumstances(self, visit: Visit, hit: Hit, handle: str) -> Circumstances:
        return Circumstances(
            pseudonyms=self._pseudonyms(visit, hit, handle),
            own_hosts=frozenset((visit.request.hostname, *visit.site.site.names)),
            linking=visit.grants(LINKING),
            now=visit.now,
        )

    def _pseudonyms(self, visit: Visit, hit: Hit, handle: str) -> Pseudonyms:
        analytics = visit.site.analytics
        return pseudonyms(
            handle=handle,
            site=visit.request.hostname,
            property=hit.property,
            salt=self._salts(analytics.rotation, visit.now),
            pepper=self._pepper,
            visitors=visitors_in(analytics.rotation, analytics.visitors_per_day),
        )


def _empty_script() -> Response:
    """For an id that is not the site's: its page runs on, and nothing is fetched."""
    headers = (("Content-Type", "text/javascript; charset=utf-8"), ("Cache-Control", "private, no-cache"))
    return Response(status=200, headers=Headers(headers), body=b"/* not a property of this site */\n")


def _method_not_allowed() -> Response:
    return Response(status=405, headers=Headers((("Allow", "GET, HEAD"),)))
