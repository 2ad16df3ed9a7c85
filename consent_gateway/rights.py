"""A right is exercised on what the gateway holds: rectify, block, lift, erase, object, revoke (GDPR Art. 7, 16 to 21)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from consent_gateway import choices, controls
from consent_gateway.choices import Choice, Form
from consent_gateway.consent import NOTHING, Consent
from consent_gateway.cookies import ConsentCookie
from consent_gateway.deciding import Deciding
from consent_gateway.holding import Erasure, Holding
from consent_gateway.messages import BadForm, Response
from consent_gateway.pages import Pages
from consent_gateway.recipients import recipients
from consent_gateway.rendering import Rendering
from consent_gateway.replies import redirect
from consent_gateway.retention import duty
from consent_gateway.rights_tokens import RightsTokens
from consent_gateway.session_cookie import SessionCookie
from consent_gateway.subject_requests.asking import Noticing
from consent_gateway.visit import Lookup, Reply, Visit

Exercise = Callable[[Visit, Form], Reply]


class Rights:
    """Carries out what the forms of "your data" ask for. What protects the visitor needs no token and takes
    effect whether it can be recorded or not."""

    def __init__(
        self,
        rendering: Rendering,
        cookie: ConsentCookie,
        session: SessionCookie,
        pages: Pages,
        deciding: Deciding,
        tokens: RightsTokens,
    ) -> None:
        self._rendering = rendering
        self._cookie = cookie
        self._session = session
        self._pages = pages
        self._deciding = deciding
        self._tokens = tokens
        self._actions: Mapping[str, Exercise] = {
            "rectify": self._rectify,
            "restrict": self._restrict,
            "lift": self._lift,
            "erase": self._erase,
            "object": self._object,
            "revoke": self._revoke,
        }

    def exercise(self, visit: Visit) -> Reply:
        """Back to the page with the control, which says what has happened. Raises BadForm."""
        if refused := self._deciding.refused(visit, grants=False):
            return refused
        form = visit.request.form()
        action = choices.one(form, "action")
        if action not in self._actions:
            raise BadForm(f"must be one of {', '.join(self._actions)}", "action")
        return self._actions[action](visit, form)

    # ---- the rights -------------------------------------------------------------------------

    def _rectify(self, visit: Visit, form: Form) -> Reply:
        """What was agreed to, set anew (GDPR Art. 16)."""
        if "asked" not in form:
            language = urlencode({"language": visit.language})
            return Reply(response=redirect(f"{visit.site.prefix}/preferences?{language}"))
        choice = choices.choose(
            {**form, "decision": ["save"]},
            consent=visit.consent,
            offer=visit.offer,
            visitor=visit.visitor,
            now=visit.now,
        )
        if refused := self._deciding.refused(visit, grants=choice.grants):
            return refused
        if _is_same(visit.consent, choice.consent):
            return Reply(response=self._back(visit, form, done="rectify"))
        return self._told("rectify", visit, self._decided(visit, form, choice, "rectify"))

    def _restrict(self, visit: Visit, form: Form) -> Reply:
        """Everything is kept, and nothing used (GDPR Art. 18)."""
        if visit.consent.restricted:
            return Reply(response=self._back(visit, form, done="restrict"))
        after = visit.consent.restrict(visit.now)
        choice = Choice(consent=after, kind="restriction", grants=False)
        return self._told("restrict", visit, self._ending(visit, form, choice, "restrict"))

    def _lift(self, visit: Visit, form: Form) -> Reply:
        """The block ends, after the visitor was told what runs again (GDPR Art. 18(3))."""
        if not visit.consent.restricted:
            return Reply(response=self._back(visit, form))
        if form.get("confirm") != ["yes"]:
            return Reply(response=self._back(visit, form, confirm="lift"))
        if refused := self._without_token("lift", visit, form) or self._deciding.hurried(visit):
            return refused
        choice = Choice(consent=visit.consent.lift(), kind="lifting", grants=True)
        return self._decided(visit, form, choice, "lift")

    def _erase(self, visit: Visit, form: Form) -> Reply:
        """Everything is destroyed (GDPR Art. 17), but for what the law demands to keep."""
        if refused := self._without_token("erase", visit, form):
            return refused
        if form.get("confirm") != ["yes"]:
            return Reply(response=self._back(visit, form, confirm="erase"))
        receipt = visit.consent.receipt
        response = self._forgetting(self._back(visit, form, done="erase"), visit)
        if not receipt:
            return Reply(response=response)
        failed = self._pages.error(visit, 503, "erasure", lead="your-data")
        erasure = Erasure(receipt=receipt, time=visit.now, retained=str(duty(visit.site)))
        reply = Reply(response=response, erasure=erasure, unrecorded=failed)
        return self._told("erase", visit, reply)

    def _object(self, visit: Visit, form: Form) -> Reply:
        """No advertising from now on, whatever was agreed to (GDPR Art. 21(2), (3))."""
        before, yielding = visit.consent, visit.offer.yielding
        serving = {id for id, one in visit.catalogue.services.items() if yielding & {*one.purposes}}
        after = before.object_to(yielding, serving, visit.now)
        # Also where nothing is taken back: another tab may have something granted meanwhile, and what the
        # browser's signal has already taken out of the cookie is not seen here.
        if before.receipt:
            choice = Choice(consent=after, kind="objection", grants=False)
            return self._ending(visit, form, choice, "object")
        response = self._deciding.remembering(
            self._back(visit, form, done="object"), replace(visit, consent=after)
        )
        refused = {id: visit.offer.revisions[id] for id in yielding}
        nobody = Choice(consent=Consent(refused=refused), kind="objection", grants=False)
        reply = self._decided(replace(visit, consent=NOTHING), form, nobody, "object")
        return self._without_once(visit, replace(reply, response=response))

    def _revoke(self, visit: Visit, form: Form) -> Reply:
        """Everything that was agreed to is withdrawn (GDPR Art. 7(3))."""
        choice = choices.choose(
            {"decision": ["reject_all"]},
            consent=visit.consent,
            offer=visit.offer,
            visitor=visit.visitor,
            now=visit.now,
        )
        return self._ending(visit, form, choice, "revoke")

    # ---- steps ------------------------------------------------------------------------------

    def _decided(self, visit: Visit, form: Form, choice: Choice, action: str) -> Reply:
        language = self._deciding.language_of(form, visit)
        shown = controls.shown(self._rendering, action, language, visit)
        back = self._way_back(visit, form, done=action)
        return self._deciding.decided(visit, choice, back, _layer(form), language, shown)

    def _ending(self, visit: Visit, form: Form, choice: Choice, action: str) -> Reply:
        """The same, and what was just activated for one view of a page is not any more."""
        return self._without_once(visit, self._decided(visit, form, choice, action))

    def _without_once(self, visit: Visit, reply: Reply) -> Reply:
        return replace(reply, response=reply.response.adding(*self._cookie.clear_once(visit.request)))

    def _told(self, right: str, visit: Visit, reply: Reply) -> Reply:
        """With a notice for each recipient (GDPR Art. 19), once the ledger was asked who they are."""

        def noting(held: Sequence[Holding] | None) -> Reply:
            told = tuple((id, visit.catalogue.services[id].name) for id in recipients(visit, held))
            return replace(reply, noticing=Noticing(right=right, recipients=told)) if told else reply

        receipt = visit.consent.receipt
        return replace(noting(None), lookup=Lookup(receipt=receipt, answer=noting)) if receipt else reply

    def _forgetting(self, response: Response, visit: Visit) -> Response:
        """With which a browser forgets all of the gateway's and what services have put there."""
        for field in self._cookie.clear(visit.request):
            response = response.adding(*field)
        response = self._session.without(response, visit.request)
        return self._deciding.without_withdrawn(response, replace(visit, consent=NOTHING))

    def _without_token(self, action: str, visit: Visit, form: Form) -> Reply | None:
        token = choices.one(form, "token", "")
        receipt = visit.consent.receipt
        if self._tokens.holds(token, action, receipt, visit.request, visit.now):
            return None
        return Reply(response=self._pages.error(visit, 403, "token", lead="your-data"))

    def _back(self, visit: Visit, form: Form, **query: str) -> Response:
        return redirect(self._way_back(visit, form, **query))

    def _way_back(self, visit: Visit, form: Form, **query: str) -> str:
        language = self._deciding.language_of(form, visit)
        page = _layer(form).replace("_", "-")
        place = "#objection" if page == "policy" else ""
        return f"{visit.site.prefix}/{page}?{urlencode({**query, 'language': language})}{place}"


def _is_same(before: Consent, after: Consent) -> bool:
    """Whether nothing is agreed to or refused that was not before."""
    return (before.granted, before.refused, before.services) == (after.granted, after.refused, after.services)


def _layer(form: Form) -> str:
    layer = choices.one(form, "layer", "your_data")
    if layer not in controls.LAYERS:
        raise BadForm(f"must be one of {', '.join(controls.LAYERS)}", "layer")
    return layer
