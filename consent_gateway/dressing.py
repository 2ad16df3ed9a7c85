"""What a page is dressed with for one visitor: placeholders, insertions, policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlsplit

from consent_gateway import content_policy, notice, theme, way_back
from consent_gateway.catalogue import Catalogue, Mount
from consent_gateway.consent import Instance
from consent_gateway.messages import Headers, Response
from consent_gateway.offer import Offer, offer
from consent_gateway.page import charset, policies
from consent_gateway.page.documents import Place
from consent_gateway.page.rewriting import Insertions
from consent_gateway.page.view import Plugin, UndoPlace, View
from consent_gateway.recognition import Recogniser
from consent_gateway.rendering import Rendering
from consent_gateway.reports import Intake
from consent_gateway.site import Site
from consent_gateway.visit import Visit

GUARD, LISTS = "guard.js", "lists.js"
LONGEST_KEPT = 4_000  # of a plug-in, with its links, whose placeholder is kept for the next visitor
STATIC = ("nothing.js", "notice.css", "placeholder.css", "settings.css", "pages.css", "tabs.js")


def shown_by_us(html: bytes) -> bytes:
    """The page for a frame of the gateway's own tools: there its visitor may agree, too."""
    return html.replace(b' data-privacy="guard"', b' data-privacy="guard" data-shown="frame"', 1)


class Dressing:
    """Renders what goes into pages and along with them."""

    def __init__(
        self,
        site: Site,
        catalogue: Catalogue,
        rendering: Rendering,
        recogniser: Recogniser,
        intake: Intake,
    ) -> None:
        self._site = site
        self._catalogue = catalogue
        self._rendering = rendering
        self._recogniser = recogniser
        self._intake = intake
        for name in STATIC:
            rendering.add_static(name, before=theme.css(site.theme) if name.endswith(".css") else "")
        # In the order in which they run: the guard takes over what the lists' script has to say.
        self._scripts = (LISTS, GUARD) if recogniser.has_lists else (GUARD,)
        if recogniser.has_lists:
            rendering.add_static(LISTS, {"__LISTS__": recogniser.for_lists()})
        self._blank_notice = lru_cache(maxsize=128)(partial(_blank, self._asking))
        self._blank_settings = lru_cache(maxsize=128)(partial(_blank, self._leading))
        self._known_placeholder = lru_cache(maxsize=512)(self._placeholder)
        path = rendering.static_path(LISTS) if recogniser.has_lists else ""
        rendering.add_static(GUARD, {"__CONFIG__": recogniser.for_guard(lists=path)})

    def view(self, visit: Visit, once: frozenset[Instance]) -> View:
        """What this visitor sees of the page."""

        def placeholder(plugin: Plugin, *, first: bool) -> bytes:
            is_listed = self._site.lists(plugin.service)
            if plugin.apart and not is_listed:
                return b""  # it fills no gap, and there is nothing to be done with it
            write = self._placeholder if _length(plugin) > LONGEST_KEPT else self._known_placeholder
            unrestricted = visit.consent.restricted is None
            return write(visit.language, visit.root, visit.offer, plugin, first, unrestricted)

        def frame(service: str, kinds: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
            found = self._catalogue.services[service]
            title = notice.heading(self._rendering, visit.language, found.name, kinds)
            wanted = (("title", title), ("referrerpolicy", found.referrer))
            return tuple((name, value) for name, value in wanted if value)

        def undo(service: str, *, first: bool, place: UndoPlace) -> bytes:
            offered = visit.offered(service)
            return notice.undo(
                self._rendering, visit.language, offered, first=first, place=place, root=visit.root
            )

        def forms(services: list[str]) -> bytes:
            return self._rendering.inserted(
                "_forms.html",
                visit.language,
                services=services,
                return_to=visit.request.way_back,
                loaded=sorted(once),
                root=visit.root,
            )

        return View(
            url=visit.request.url,
            prefix=self._site.prefix,
            loads=visit.loads,
            once=once,
            placeholder=placeholder,
            forms=forms,
            mounts=self._mounts,
            frame=frame,
            undo=undo,
            network=self._catalogue.network,
            click_ids=self._catalogue.click_ids,
            root=visit.root,
        )

    @property
    def enforces(self) -> bool:
        """Whether the policy is enforced, and not only reports."""
        return self._site.third_parties.unlisted == "hold"

    @property
    def nothing(self) -> str:
        """The path of a script that does nothing."""
        return self._rendering.static_path("nothing.js")

    def insertions(
        self, visit: Visit, view: View, place: Place, response: Response
    ) -> Callable[[frozenset[str]], Insertions]:
        """The insertions, to be made once it is known what is in the page."""

        def make(services: frozenset[str]) -> Insertions:
            guard = self._guard(visit, view, services, response.headers)
            if place is Place.FRAME:
                return Insertions(guard=guard)
            return Insertions(
                guard=guard,
                notice=self._notice(self._informed(visit, services)),
                settings=self._settings(visit),
            )

        return make

    def _informed(self, visit: Visit, services: frozenset[str]) -> Visit:
        """The same where the visitor is asked about what is in this page, too."""
        known = visit.offer.services
        if self._site.services is not None or services <= known.keys():
            return visit  # the offer names them, or names what the operator has named
        return replace(visit, offer=offer(self._site, self._catalogue, services.union(known)))

    def policies(
        self, fields: Headers, visit: Visit, once: frozenset[Instance], services: frozenset[str]
    ) -> Headers:
        """With our policy beside the site's own, in which our files have their place."""
        ours = content_policy.Ours(
            address=f"{visit.request.origin}{self._site.prefix}/",
            scripts=tuple(map(self._rendering.digest, self._scripts)),
        )
        admitting = self._with_measurement(content_policy.admitting(fields, ours), visit)
        second = self._policy(visit, once, services)
        return admitting.adding(*second) if second else admitting

    def _with_measurement(self, fields: Headers, visit: Visit) -> Headers:
        """The site's own policies, letting in by way of the gateway what they let in from Google."""
        named = policies.is_released(self._recogniser.on(visit.request.hostname), visit.loads)
        address = f"{visit.request.origin}{policies.path_below(self._site.prefix)}"
        return content_policy.rewritten(fields, lambda policy: policies.with_ours(policy, address, named))

    def _policy(
        self, visit: Visit, once: frozenset[Instance], services: frozenset[str]
    ) -> tuple[str, str] | None:
        """Enforced where the unlisted is held, else only reporting, and left out while reports are
        plenty. It names the hosts of what is released, as far as it is in this page or known on the
        site."""
        wanted = self._intake.wanted(visit.now)
        if not self.enforces and not wanted:
            return None
        present = services.union(visit.offer.services)
        released = [id for id in visit.released if id in present] + _services(once)
        value = content_policy.ours(
            own=(visit.request.hostname, *self._recogniser.public),
            released=tuple(host for id in released for host in self._catalogue.services[id].hosts),
            stand_ins=self._site.third_parties.local_stand_ins,
            report_to=f"{self._site.prefix}/reports" if wanted else "",
            enforced=self.enforces,
        )
        return f"Content-Security-Policy{'' if self.enforces else '-Report-Only'}", value

    def declared(self, fields: Headers, body: bytes, encoding: charset.Encoding) -> Headers:
        """With the charset in the Content-Type where an insertion has moved the page's own
        declaration out of the bytes in which browsers look for one."""
        content_type = fields.get("content-type")
        early = charset.sniff(body, content_type, within=charset.PRESCAN)
        if not encoding.label or early.codec == encoding.codec:
            return fields
        return fields.setting("Content-Type", f"{content_type}; charset={encoding.label}")

    def _guard(self, visit: Visit, view: View, services: frozenset[str], fields: Headers) -> bytes:
        """The tag of the guard script. `data-load` names what is released, `data-once` what a click has loaded
        in this view only, `data-held` what of the services in this page is neither and has stand-ins,
        `data-clear` what of the site's stores something, now or in an earlier page, be it a service or a
        purpose of the site's own."""
        if not content_policy.runs_scripts(fields):
            return b""
        lasting = visit.may_load
        once = [id for id in _services(view.once) if id not in lasting]
        loads = [*lasting, *once]
        held = [id for id in sorted(services.difference(loads)) if self._catalogue.services[id].stand_ins]
        blocked = visit.consent.restricted is not None  # what services have stored stays as it is
        known = [] if blocked else services.union(visit.offer.services)
        clear = [id for id in sorted(known) if self._recogniser.stores(id)]
        clear += [] if blocked else visit.declared_purposes
        nonce = content_policy.nonce_of(fields)
        by_digest = content_policy.needs_digest(fields)
        told = {"load": lasting, "once": once, "held": held, "clear": clear}
        states = {f"data-{name}": " ".join(ids) for name, ids in told.items()}
        return b"".join(
            self._script(name, nonce, root=visit.root, by_digest=by_digest, states=states)
            for name in self._scripts
        )

    def _script(
        self, name: str, nonce: str, *, root: str, by_digest: bool, states: Mapping[str, str]
    ) -> bytes:
        attributes = {
            "src": f"{root}{self._rendering.static_path(name)}",
            "data-privacy": name.removesuffix(".js"),
            "nonce": nonce,
            "integrity": self._rendering.digest(name) if by_digest else "",
            **(states if name == GUARD else {}),
        }
        written = "".join(f' {name}="{value}"' for name, value in attributes.items() if value)
        return f"<script{written}></script>".encode("ascii")

    def _notice(self, visit: Visit) -> bytes:
        purposes = notice.asked(visit.consent, visit.offer, visit.objected)
        if not purposes or visit.consent.restricted:
            return self._said(visit)
        depends_on = (
            visit.language,
            visit.root,
            visit.offer,
            tuple(purpose.id for purpose in purposes),
            visit.objected,
            visit.consent.objected is not None,
        )
        part = self._blank_notice(*depends_on)
        way = visit.request.way_back
        return self._asking(*depends_on, way) if part is None else way_back.filled(part, way)

    def _asking(
        self,
        language: str,
        root: str,
        offer: Offer,
        asked: tuple[str, ...],
        objected: frozenset[str],
        by_visitor: bool,
        return_to: str,
    ) -> bytes:
        values = notice.notice_values(
            [purpose for purpose in offer.purposes if purpose.id in asked],
            changed=len(asked) < len(offer.asked_first),
            controller=self._site.controller.name,
            objected=objected,
            return_to=return_to,
            wording=self._rendering.wording(language),
            by_visitor=by_visitor,
        )
        return notice.notice(self._rendering, language, root=root, **values)

    def _said(self, visit: Visit) -> bytes:
        """Once after a choice, that it is saved (WCAG 4.1.3)."""
        if not visit.said:
            return b""
        return self._rendering.inserted("said.html", visit.language, root=visit.root)

    def _settings(self, visit: Visit) -> bytes:
        part = self._blank_settings(visit.language, visit.root)
        way = visit.request.way_back
        return self._leading(visit.language, visit.root, way) if part is None else way_back.filled(part, way)

    def _leading(self, language: str, root: str, return_to: str) -> bytes:
        return self._rendering.inserted("settings.html", language, return_to=return_to, root=root)

    def _placeholder(
        self,
        language: str,
        root: str,
        offer: Offer,
        plugin: Plugin,
        first: bool,
        unrestricted: bool,
    ) -> bytes:
        return notice.placeholder(
            self._rendering,
            language,
            plugin,
            offer.offered(plugin.service, self._catalogue),
            first=first,
            host=urlsplit(plugin.alternative).hostname or "",
            releasable=unrestricted and self._site.lists(plugin.service),
            shares=[self._share(service, link) for service, link in plugin.shares],
            root=root,
        )

    def _share(self, service: str, link: str) -> dict[str, str]:
        name = self._catalogue.services[service].name
        return {"service": name, "link": link, "host": urlsplit(link).hostname or ""}

    def _mounts(self, service: str) -> tuple[Mount, ...]:
        return self._catalogue.services[service].mounts


def _length(plugin: Plugin) -> int:
    """Of all that its placeholder repeats. Anybody may ask for that of a plug-in that is in no page."""
    links = sum(len(link) for _, link in plugin.shares)
    return len(plugin.original) + len(plugin.alternative) + len(plugin.text) + links


def _services(instances: frozenset[Instance]) -> list[str]:
    return sorted({service for service, _ in instances})


def _blank(write: Callable[..., bytes], *depends_on: Any) -> bytes | None:
    return way_back.blank(partial(write, *depends_on))
