"""What a page is dressed with for one visitor: placeholders, insertions, policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from consent_gateway import headers, notice
from consent_gateway.catalogue import Catalogue, Mount
from consent_gateway.consent import Instance
from consent_gateway.messages import Headers, Response
from consent_gateway.offer import OfferedService, offer
from consent_gateway.page import charset
from consent_gateway.page.documents import Place
from consent_gateway.page.rewriting import Insertions
from consent_gateway.page.view import Plugin, View
from consent_gateway.recognition import Recogniser
from consent_gateway.rendering import Rendering
from consent_gateway.site import Site
from consent_gateway.visit import Visit

STATIC = ("notice.css", "placeholder.css", "settings.css", "pages.css")


class Dressing:
    """Renders what goes into pages and along with them."""

    def __init__(
        self, site: Site, catalogue: Catalogue, rendering: Rendering, recogniser: Recogniser
    ) -> None:
        self._site = site
        self._catalogue = catalogue
        self._rendering = rendering
        self._recogniser = recogniser
        for name in STATIC:
            rendering.add_static(name)
        rendering.add_static("guard.js", {"__CONFIG__": recogniser.for_guard()})

    def view(self, visit: Visit, once: frozenset[Instance]) -> View:
        """What this visitor sees of the page."""

        def placeholder(plugin: Plugin, *, first: bool) -> bytes:
            return notice.placeholder(
                self._rendering,
                visit.language,
                plugin,
                self._offered(visit, plugin.service),
                first=first,
                host=urlsplit(plugin.alternative).hostname or "",
                releasable=self._site.lists(plugin.service),
            )

        def forms(services: list[str]) -> bytes:
            return self._rendering.inserted(
                "_forms.html",
                visit.language,
                services=services,
                return_to=visit.request.way_back,
                loaded=sorted(once),
            )

        return View(
            url=visit.request.url,
            prefix=self._site.prefix,
            loads=_remembered(visit.loads),
            once=once,
            placeholder=placeholder,
            forms=forms,
            mounts=self._mounts,
        )

    def insertions(
        self, visit: Visit, view: View, place: Place, response: Response
    ) -> Callable[[frozenset[str]], Insertions]:
        """The insertions, to be made once it is known what is in the page."""

        def make(services: frozenset[str]) -> Insertions:
            nonce = headers.nonce_of(response.headers)
            guard = self._guard(visit, view, services, nonce=nonce)
            if place is Place.FRAME:
                return Insertions(guard=guard)
            offered = offer(self._site, self._catalogue, services.union(visit.offer.services))
            informed = replace(visit, offer=offered)
            return Insertions(guard=guard, notice=self._notice(informed), settings=self._settings(visit))

        return make

    def policy(self, visit: Visit, once: frozenset[Instance], services: frozenset[str]) -> tuple[str, str]:
        """The second policy header: enforced where the unlisted is held, else only reporting. It
        names the hosts of what is released, as far as it is in this page or known on the site."""
        enforced = self._site.third_parties.unlisted == "hold"
        present = services.union(visit.offer.services)
        released = [id for id in visit.released if id in present] + _services(once)
        value = headers.policy(
            own=[host for host in self._recogniser.public if "." in host],
            released=[host for id in released for host in self._catalogue.services[id].hosts],
            host=visit.request.host,
            stand_ins=self._site.third_parties.local_stand_ins,
            report_to=f"{self._site.prefix}/reports",
        )
        return f"Content-Security-Policy{'' if enforced else '-Report-Only'}", value

    def declared(self, fields: Headers, body: bytes, encoding: charset.Encoding) -> Headers:
        """With the charset in the Content-Type where an insertion has moved the page's own
        declaration out of the bytes in which browsers look for one."""
        content_type = fields.get("content-type")
        if not encoding.label or charset.sniff(body, content_type).codec == encoding.codec:
            return fields
        return fields.setting("Content-Type", f"{content_type}; charset={encoding.label}")

    def _guard(self, visit: Visit, view: View, services: frozenset[str], *, nonce: str) -> bytes:
        """The tag of the guard script. `data-load` names what is released, `data-held` what of the
        services in this page is not and has stand-ins."""
        loads = [*visit.released, *_services(view.once)]
        held = [id for id in sorted(services.difference(loads)) if self._catalogue.services[id].stand_ins]
        if visit.grants("analytics_linking"):
            loads.append("analytics_linking")
        given = f' nonce="{nonce}"' if nonce else ""
        released = f' data-load="{" ".join(loads)}"' if loads else ""
        missing = f' data-held="{" ".join(held)}"' if held else ""
        path = self._rendering.static_path("guard.js")
        tag = f'<script src="{path}" data-privacy="guard"{given}{released}{missing}></script>'
        return tag.encode("ascii")

    def _notice(self, visit: Visit) -> bytes:
        if not notice.due(visit.consent, visit.offer):
            return b""
        values = notice.notice_values(
            visit.offer,
            controller=self._site.controller.name,
            visitor=visit.visitor,
            return_to=visit.request.way_back,
        )
        return notice.notice(self._rendering, visit.language, **values)

    def _settings(self, visit: Visit) -> bytes:
        return self._rendering.inserted("settings.html", visit.language, return_to=visit.request.way_back)

    def _offered(self, visit: Visit, service: str) -> OfferedService:
        known = visit.offer.services.get(service)
        found = self._catalogue.services[service]
        return known or OfferedService(service, found)

    def _mounts(self, service: str) -> tuple[Mount, ...]:
        return self._catalogue.services[service].mounts


def _services(instances: frozenset[Instance]) -> list[str]:
    return sorted({service for service, _ in instances})


def _remembered(loads: Callable[[str], bool]) -> Callable[[str], bool]:
    """The same function, asked once per service and page."""
    known: dict[str, bool] = {}

    def look_up(service: str) -> bool:
        if service not in known:
            known[service] = loads(service)
        return known[service]

    return look_up
