"""Everything the gateway holds of a browser, as a page and as a download (GDPR Art. 15, 20)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs

from consent_gateway import controls
from consent_gateway.expiry import ends
from consent_gateway.holding import Holding
from consent_gateway.information import information
from consent_gateway.locales import date_in, list_in
from consent_gateway.messages import Response
from consent_gateway.pages import Pages
from consent_gateway.recipients import recipients
from consent_gateway.record import Record
from consent_gateway.rendering import Rendering
from consent_gateway.replies import text
from consent_gateway.retention import duty, rule_of
from consent_gateway.rights_tokens import RightsTokens
from consent_gateway.session_cookie import SessionCookie
from consent_gateway.site_tables import CONSENT
from consent_gateway.visit import Lookup, Reply, Visit

Held = Sequence[Holding] | None
CONFIRMED = ("lift", "erase")
MOST_SHOWN = 200  # records, on the page; the download has all
FILE = "your-data.json"


class YourData:
    """By possession of the signed cookie only: without one there is an explanation and no data (GDPR
    Art. 11(2)), after the same look into the ledger."""

    def __init__(
        self, rendering: Rendering, pages: Pages, session: SessionCookie, tokens: RightsTokens
    ) -> None:
        self._rendering = rendering
        self._pages = pages
        self._session = session
        self._tokens = tokens

    def page(self, visit: Visit) -> Reply:
        """All that is held, with the controls; or what is to be confirmed, as `?confirm=` asks."""
        query = parse_qs(visit.request.query)
        wanted = query.get("confirm", [""])[0]
        confirm = wanted if wanted in CONFIRMED else ""
        if confirm == "lift" and not visit.consent.restricted:
            confirm = ""
        return _looked_up(visit, lambda held: self._page(visit, held, confirm))

    def download(self, visit: Visit) -> Reply:
        """The same for machines; `?download=1` names a file to save it in."""
        return _looked_up(visit, lambda held: self._json(visit, held))

    # ---- steps ------------------------------------------------------------------------------

    def _page(self, visit: Visit, held: Held, confirm: str) -> Response:
        received = recipients(visit, held)
        own = self._of_cookie(visit)
        return self._pages.own(
            visit,
            "your_data.html",
            held=own,
            records=[self._described(one, visit) for one in (held or ())[-MOST_SHOWN:]],
            recorded=len(held or ()),
            unreadable=held is None and bool(visit.consent.receipt),
            information=information(self._rendering, visit, received),
            confirm=confirm,
            done=_done(visit, own, held),
            token={action: self._token(action, visit) for action in CONFIRMED},
            statutory=duty(visit.site).in_language(visit.language)[0],
            kept_until=_kept_until(visit, held),
            kept_for=rule_of(visit.site, CONSENT).period,
            layer="your_data",
            **controls.values(visit),
        )

    def _json(self, visit: Visit, held: Held) -> Response:
        items: list[dict[str, Any]] = [*self._of_cookie(visit)]
        items += [self._described(one, visit) for one in held or ()]
        document: dict[str, Any] = {"held": items}
        if items:
            document["complete"] = not visit.consent.receipt or _is_complete(held, visit.consent.turn)
            document["information"] = information(self._rendering, visit, recipients(visit, held))
        body = json.dumps(document, ensure_ascii=False, indent=1)
        response = text(200, f"{body}\n").setting("Content-Type", "application/json; charset=utf-8")
        if parse_qs(visit.request.query).get("download") == ["1"]:
            return response.setting("Content-Disposition", f'attachment; filename="{FILE}"')
        return response

    def _token(self, action: str, visit: Visit) -> str:
        return self._tokens.write(action, visit.consent.receipt, visit.request, visit.now)

    def _of_cookie(self, visit: Visit) -> list[dict[str, str]]:
        """What the cookies of this browser hold; nothing without a valid one."""
        consent, said = visit.consent, self._rendering.wording(visit.language)["your_data"]
        dates = (
            ("decided", consent.decided),
            ("restricted", consent.restricted),
            ("objected", consent.objected),
        )
        held = {label: date_in(date.date(), visit.language) for label, date in dates if date}
        held["granted"] = self._names(consent.granted, visit)
        held["refused"] = self._names(consent.refused, visit)
        held["services"] = _services(sorted(consent.services), visit)
        held["receipt"] = consent.receipt
        if consent.handle:
            held["handle"] = said["handle_value"].format(date=date_in(consent.handle.born, visit.language))
            if session := self._session.read(visit.request, consent.handle.value):
                start = session.start.strftime("%Y-%m-%d %H:%M")
                held["session"] = said["session_value"].format(start=start, pages=session.pages)
        return [{"label": label, "text": value} for label, value in held.items() if value]

    def _described(self, one: Holding, visit: Visit) -> dict[str, Any]:
        """A record of the ledger: in words, and as it is."""
        said, record = self._rendering.wording(visit.language)["your_data"], one.record
        lines = [
            said["line"].format(label=said[label], text=value)
            for label, value in (
                ("granted", self._names(record.granted, visit)),
                ("refused", self._names(record.refused, visit)),
                ("services", _services(record.services, visit)),
            )
            if value
        ]
        return {
            "label": "record",
            "text": " ".join([f"{_time(record, visit)}: {said['kinds'][record.kind]}.", *lines]),
            "number": one.number,
            "restricted": one.restricted,
            "where": said["layers"][record.layer],
            "record": asdict(record),
        }

    def _names(self, purposes: Iterable[str], visit: Visit) -> str:
        texts = self._rendering.wording(visit.language)["purposes"]
        return list_in([texts[id]["name"] for id in purposes if id in texts], visit.language)


def _looked_up(visit: Visit, answer: Callable[[Held], Response]) -> Reply:
    """Who has no receipt is looked up like everybody else, under one that nobody has: time tells nothing."""
    known = visit.consent.receipt

    def reply(held: Held) -> Reply:
        return Reply(response=answer(held if known else ()))

    return replace(reply(None), lookup=Lookup(receipt=known or token_urlsafe(16), answer=reply))


def _is_complete(held: Held, turn: int) -> bool:
    """Whether the records reach the turn that the cookie has: one that could not be written is not there
    yet."""
    return any(one.record.turn >= turn for one in held or ())


def _done(visit: Visit, held: Sequence[object], recorded: Held) -> str:
    """What the page is to say has happened, if that is so: anybody can write such a link. That what is agreed
    to now is saved is so wherever something is held."""
    done, consent = parse_qs(visit.request.query).get("done", [""])[0], visit.consent
    so = {
        "rectify": bool(held),
        "restrict": consent.restricted is not None,
        "lift": [one.record.kind for one in recorded or ()][-1:] == ["lifting"],
        "erase": not held,
        "object": consent.objected is not None,
        "revoke": not consent.grants_anything,
    }
    return done if so.get(done) else ""


def _services(ids: Sequence[str], visit: Visit) -> str:
    known = visit.catalogue.services
    return list_in([known[id].name for id in ids if id in known], visit.language)


def _time(record: Record, visit: Visit) -> str:
    day = date_in(record.decided.date(), visit.language)
    return f"{day}, {record.decided:%H:%M} UTC" if "T" in record.time else day


def _kept_until(visit: Visit, held: Held) -> datetime | None:
    """When the last record will have served its time; None where none is held."""
    period = rule_of(visit.site, CONSENT).period
    kept = ends((one.number, one.record) for one in held or ())
    return max((period.after(one.end) for one in kept), default=None)
