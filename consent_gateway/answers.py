"""The gateway's own paths: who answers which, and the small ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from consent_gateway import choices, placeholders, reports
from consent_gateway.catalogue import Treatment
from consent_gateway.cookie_rules import CookieRules, Verdict
from consent_gateway.deciding import Deciding
from consent_gateway.dressing import Dressing
from consent_gateway.messages import BadForm
from consent_gateway.own_paths import GPC, PATHS
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.pages import Pages
from consent_gateway.rates import Rates
from consent_gateway.recognition import Recogniser
from consent_gateway.replies import hurried, no_content, redirect
from consent_gateway.requesting import Requesting
from consent_gateway.rights import Rights
from consent_gateway.urls import Address
from consent_gateway.visit import Reply, Visit
from consent_gateway.your_data import YourData

Handler = Callable[[Visit], Reply]


class Answers:
    """Answers the requests to the gateway's own paths."""

    def __init__(
        self,
        pages: Pages,
        deciding: Deciding,
        requesting: Requesting,
        your_data: YourData,
        rights: Rights,
        languages: tuple[str, ...],
        recogniser: Recogniser,
        dressing: Dressing,
        intake: reports.Intake,
        rules: CookieRules,
        rates: Rates,
    ) -> None:
        self._pages = pages
        self._languages = languages
        self._recogniser = recogniser
        self._dressing = dressing
        self._intake = intake
        self._rules = rules
        self._rates = rates
        handlers: Mapping[tuple[str, str], Handler] = {
            ("POST", "/choice"): deciding.choice,
            ("POST", "/activate"): deciding.activate,
            ("GET", ""): self._entrance,
            ("GET", "/"): self._entrance,
            ("GET", "/preferences"): pages.preferences,
            ("GET", "/policy"): pages.policy,
            ("GET", "/policy.json"): pages.policy_json,
            ("GET", "/your-data"): your_data.page,
            ("GET", "/your-data.json"): your_data.download,
            ("POST", "/rights"): rights.exercise,
            ("GET", "/request"): requesting.show,
            ("POST", "/request"): requesting.take,
            ("GET", "/placeholder"): self._placeholder,
            ("POST", "/reports"): self._reports,
            ("GET", "/healthz"): pages.health,
        }
        self._routes: dict[str, dict[str, Handler]] = {}
        for one in PATHS:
            self._routes.setdefault(one.path, {})[one.method] = handlers[one.method, one.path]

    def answer(self, visit: Visit) -> Reply | None:
        """The reply, or None where the path is not ours."""
        prefix = visit.site.prefix
        if visit.request.path == GPC.path:
            return self._allowed(visit, {"GET": self._pages.gpc})
        if visit.request.path != prefix and not visit.request.path.startswith(f"{prefix}/"):
            return None
        path = visit.request.path.removeprefix(prefix)
        if path.startswith("/static/"):
            return self._allowed(visit, {"GET": self._pages.static})
        route = self._routes.get(path)
        if route is None:
            return Reply(response=self._pages.error(visit, 404, "not_found"))
        return self._allowed(visit, route)

    def _allowed(self, visit: Visit, handlers: Mapping[str, Handler]) -> Reply:
        method = "GET" if visit.request.method == "HEAD" else visit.request.method
        handler = handlers.get(method)
        if handler is None:
            methods = ", ".join((*handlers, *(["HEAD"] if "GET" in handlers else [])))
            refused = self._pages.error(visit, 405, "method", methods=methods)
            return Reply(response=refused.setting("Allow", methods))
        try:
            return handler(visit)
        except BadForm as error:
            detail = f"{error.field}: {error.reason}" if error.field else error.reason
            return Reply(response=self._pages.error(visit, 400, "form", detail=detail))

    def _entrance(self, visit: Visit) -> Reply:
        return Reply(response=redirect(f"{visit.site.prefix}/preferences"))

    def _placeholder(self, visit: Visit) -> Reply:
        rewriter = Rewriter(visit.catalogue, self._recogniser.on(visit.request.hostname))
        found = placeholders.placeholder(visit, self._dressing, rewriter, self._languages)
        return found or Reply(response=self._pages.error(visit, 404, "not_found"))

    def _reports(self, visit: Visit) -> Reply:
        if choices.same_site(visit.request.headers, visit.request.scheme, visit.request.host) is False:
            return Reply(response=self._pages.error(visit, 403, "cross_site"))
        if seconds := self._rates.wait("reports", visit.request, visit.now):
            return Reply(response=hurried(seconds))

        def owner_of(address: Address) -> str:
            return self._recogniser.named_owner(address, visit.request.hostname)

        def is_held(cookie: str) -> bool:
            return self._rules.of(visit)(cookie) is Verdict.UNDECLARED and self._intake.heeds(cookie)

        def is_item_held(name: str) -> bool:
            return self._rules.holds_item(name) and self._intake.heeds(name)

        blocked = reports.read(visit.request, owner_of, is_held, is_item_held, visit.now.date())
        self._intake.take(len(blocked), visit.now)
        telling = tuple(one for one in blocked if not _loads_in_place(one.owner, visit))
        return Reply(response=no_content(), blocked=telling)


def _loads_in_place(owner: str, visit: Visit) -> bool:
    """Whether it may have loaded into a page whose policy does not name it yet: this visitor has
    released it, or it has placeholders, of which nobody can tell whether one was clicked."""
    service = visit.catalogue.services.get(owner)
    if service is None or visit.site.third_parties.unlisted == "hold":
        return False
    return visit.loads(owner) or (service.treatment is Treatment.PLACEHOLDER and visit.site.lists(owner))
