"""The ten states that a visitor can be in, made by the gateway itself: its own forms are posted to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlencode

from consent_gateway.consent import REMEMBERED
from consent_gateway.cookies import cookie_name
from consent_gateway.gateway import Gateway
from consent_gateway.messages import FORM_TYPE, Headers, Request
from consent_gateway.offer import ANALYTICS

Fields = tuple[tuple[str, str], ...]


class NoState(Exception):
    """The gateway does not take its own form; says which and with what status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state by its id, in a sentence; `agrees` where the visitor has agreed to something that counts."""

    id: str
    sentence: str
    agrees: bool = False


STATES = (
    State(id="fresh", sentence="has decided nothing"),
    State(id="refused", sentence="has refused everything"),
    State(id="analytics", sentence="has agreed to statistics and refused the rest", agrees=True),
    State(id="all", sentence="has agreed to everything", agrees=True),
    State(id="withdrawn", sentence="had agreed to everything and has withdrawn it"),
    State(id="expired", sentence="agreed to everything so long ago that it has run out"),
    State(id="tampered", sentence="sends an agreement to everything whose signature is broken"),
    State(id="gpc", sentence="has decided nothing, and the browser sends Sec-GPC: 1"),
    State(id="blocked", sentence="had agreed to everything and has blocked all processing"),
    State(id="objected", sentence="has agreed to nothing and objected to advertising"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A visitor in a state: the header fields, cookies among them, that his browser sends with every request."""

    state: State
    fields: Fields = ()


def visitors(gateway: Gateway, host: str, scheme: str, now: datetime) -> tuple[Visitor, ...]:
    """One visitor for each state, in order, at a host of the site. Raises NoState."""
    browser = _Browser(gateway, host, scheme)
    made = tuple(Visitor(state=state, fields=_MADE[state.id](browser, now)) for state in STATES)
    assert {visitor.state.id for visitor in made} == _MADE.keys()
    return made


@dataclass(frozen=True, slots=True)
class _Browser:
    """Posts the gateway's forms, and keeps the cookie it gets."""

    gateway: Gateway
    host: str
    scheme: str

    def chosen(
        self, now: datetime, decision: str, *, purposes: tuple[str, ...] = (), fields: Fields = ()
    ) -> Fields:
        form = {"decision": [decision], "purpose": list(purposes)}
        return self._posted("choice", form, now, fields)

    def exercised(self, now: datetime, right: str, fields: Fields = ()) -> Fields:
        return self._posted("rights", {"action": [right]}, now, fields)

    def _posted(self, form: str, values: dict[str, list[str]], now: datetime, fields: Fields) -> Fields:
        request = Request(
            method="POST",
            scheme=self.scheme,
            host=self.host,
            target=f"{self.gateway.site.prefix}/{form}",
            headers=Headers((("Content-Type", FORM_TYPE), ("Sec-Fetch-Site", "same-origin"), *fields)),
            body=urlencode(values, doseq=True).encode(),
        )
        reply = self.gateway.answer(request, now)
        status = reply.response.status if reply else 404
        if reply is None or status != 303:
            said = ", ".join(f"{name}={value}" for name, several in values.items() for value in several)
            raise NoState(f"{self.scheme}://{self.host}{request.path} ({said}) is answered {status}, not 303")
        cookie = _cookie(reply.response.headers, cookie_name(self.scheme))
        return (("Cookie", cookie),) if cookie else ()


def _cookie(headers: Headers, name: str) -> str:
    """The pair that a browser sends back; empty where it is to forget it, or nothing is set."""
    for value in reversed(headers.all("set-cookie")):
        try:
            morsel = SimpleCookie(value).get(name)
        except CookieError:
            continue
        if morsel is not None:
            return f"{name}={morsel.value}" if morsel.value else ""
    return ""


def _analytics(browser: _Browser, now: datetime) -> Fields:
    """Statistics ticked, where the site asks about them."""
    asked = browser.gateway.policy.policy.offer.revisions
    return browser.chosen(now, "save", purposes=tuple({ANALYTICS} & asked.keys()))


def _withdrawn(browser: _Browser, now: datetime) -> Fields:
    return browser.exercised(now, "revoke", browser.chosen(now, "accept_all"))


def _expired(browser: _Browser, now: datetime) -> Fields:
    then = now
    while REMEMBERED.after(then) > now:
        then -= timedelta(days=1)
    return browser.chosen(then, "accept_all")


def _tampered(browser: _Browser, now: datetime) -> Fields:
    """One character of what is signed is another."""
    [(name, value)] = browser.chosen(now, "accept_all")
    place = value.index("~") + 4
    other = "A" if value[place] != "A" else "B"
    return ((name, value[:place] + other + value[place + 1 :]),)


def _blocked(browser: _Browser, now: datetime) -> Fields:
    return browser.exercised(now, "restrict", browser.chosen(now, "accept_all"))


_MADE: dict[str, Callable[[_Browser, datetime], Fields]] = {
    "fresh": lambda browser, now: (),
    "refused": lambda browser, now: browser.chosen(now, "reject_all"),
    "analytics": _analytics,
    "all": lambda browser, now: browser.chosen(now, "accept_all"),
    "withdrawn": _withdrawn,
    "expired": _expired,
    "tampered": _tampered,
    "gpc": lambda browser, now: (("Sec-GPC", "1"),),
    "blocked": _blocked,
    "objected": lambda browser, now: browser.exercised(now, "object"),
}
