"""The two layers on which a visitor is asked, as HTML, and the placeholder as a third."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from consent_gateway.consent import REMEMBERED, Consent
from consent_gateway.locales import list_in, plural_in
from consent_gateway.offer import LINKING, Offer, OfferedPurpose, OfferedService
from consent_gateway.page.edits import encoded
from consent_gateway.page.view import Plugin, UndoPlace
from consent_gateway.rendering import Rendering
from consent_gateway.wording import Wording

# CSS pixels, width and height: below the first there is room for a button, below the second for
# that and a heading. What is narrow and tall has room for both, one below the other.
SMALL = (200, 90)
MEDIUM = (400, 250)
TALL = 120


def asked(consent: Consent, offer: Offer, objected: frozenset[str] = frozenset()) -> list[OfferedPurpose]:
    """The purposes the visitor has to be asked about: those of the notice that were not decided as they
    are described now. What the browser objects to by a signal is refused without asking."""
    open_ = [one for one in offer.asked_first if not consent.answers(one.id, one.revision)]
    return open_ if any(one.id not in objected for one in open_) else []


def notice(rendering: Rendering, language: str, **values: Any) -> bytes:
    """The first layer, ready to go into a page of any encoding."""
    return rendering.inserted("notice.html", language, **values)


def notice_values(
    purposes: Sequence[OfferedPurpose],
    *,
    changed: bool,
    controller: str,
    objected: frozenset[str],
    return_to: str,
    wording: Wording,
    by_visitor: bool = False,
) -> dict[str, Any]:
    """What the first layer has to say; `changed` if the visitor has decided on other purposes before;
    `by_visitor` if it is he who has `objected`, and not only his browser."""
    services = [service for purpose in purposes for service in purpose.services]
    return {
        "controller": controller,
        "purposes": purposes,
        "changed": changed,
        "named": lambda of: _named(of, wording),
        "recipients": len({offered.service.controller.name for offered in services}),
        "countries": third_countries(services),
        "signal": _objecting(by_visitor) if any(one.id in objected for one in purposes) else "",
        "return_to": return_to,
    }


def _objecting(by_visitor: bool) -> str:
    """The key of the sentence that says who objects to advertising."""
    return "objection" if by_visitor else "signal"


MOST_NAMED = 4


def _named(purpose: OfferedPurpose, wording: Wording) -> list[str]:
    """The names of its services, and how many more there are where they are many; that there are cookies of the
    site's own, whose names stand on the second layer."""
    said, names = wording["notice"], [offered.service.name for offered in purpose.services]
    if len(names) > MOST_NAMED:
        more = len(names) - MOST_NAMED + 1
        names = [*names[:-more], plural_in(said["more"], more, wording.language).format(number=more)]
    return [*names, *([said["own_cookies"]] if purpose.cookies else [])]


def third_countries(services: Iterable[OfferedService]) -> list[str]:
    """Codes of the countries outside the EEA that data of any of the services may go to."""
    return sorted(frozenset().union(*(offered.third_countries for offered in services)))


def shown(rendering: Rendering, layer: str, language: str, **values: Any) -> str:
    """The text of a layer without what differs from page to page: this is what a record keeps."""
    template = {
        "notice": "notice.html",  # with its answers and boxes
        "preferences": "_preferences_text.html",
        "placeholder": "_placeholder_text.html",
    }[layer]
    return rendering.render(template, language, **values)


def preferences_values(
    rendering: Rendering,
    language: str,
    offer: Offer,
    consent: Consent,
    *,
    controller: str,
    objected: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """What the second layer has to say, and the state it shows."""
    wording = rendering.wording(language)
    granted = [purpose.id for purpose in offer.purposes if consent.agreed(purpose.id, purpose.revision)]
    allowed = [id for id in offer.services if id in consent.services]
    names = [wording["purposes"][id]["name"] for id in granted]
    names += [offer.services[id].service.name for id in allowed]
    texts = wording["preferences"]
    state = texts["state_refused"] if consent.decided else texts["state_none"]
    since = consent.decided
    return {
        "controller": controller,
        "purposes": [*offer.asked_first, *(purpose for purpose in offer.purposes if purpose.id == LINKING)],
        "granted": granted,
        "allowed": allowed,
        "objected": objected - set(granted),
        "objecting": _objecting(consent.objected is not None),
        "restricted": consent.restricted,
        "decided_something": bool(names),
        "state": texts["state_granted"].format(purposes=list_in(names, language)) if names else state,
        "since": since,
        "until": REMEMBERED.after(since) if since else None,
    }


def placeholder_values(rendering: Rendering, language: str, offered: OfferedService) -> dict[str, Any]:
    names = rendering.wording(language)["data"]
    return {"offered": offered, "data": [names[item] for item in offered.service.data]}


def heading(rendering: Rendering, language: str, name: str, kinds: tuple[str, ...]) -> str:
    """What a plug-in is called: by its service and, where there is a word for that, by what it is."""
    wording = rendering.wording(language)
    words = wording["kinds"]
    kind = next((words[kind] for kind in kinds if kind in words), "")
    texts = wording["placeholder"]
    return str(
        texts["kind"].format(service=name, kind=kind) if kind else texts["heading"].format(service=name)
    )


def undo(
    rendering: Rendering,
    language: str,
    offered: OfferedService,
    *,
    first: bool,
    place: UndoPlace,
    root: str = "",
) -> bytes:
    """What switches off a service that is loaded."""
    return rendering.inserted("undo.html", language, offered=offered, first=first, place=place, root=root)


def placeholder(
    rendering: Rendering,
    language: str,
    plugin: Plugin,
    offered: OfferedService,
    *,
    first: bool,
    host: str,
    releasable: bool,
    shares: Iterable[Mapping[str, str]] = (),
    root: str = "",
) -> bytes:
    """The stand-in for one plug-in: `shares` are the links that stand instead of a share button."""
    return rendering.inserted(
        "placeholder.html",
        language,
        plugin=plugin,
        original=encoded(plugin.original).decode("ascii"),
        heading=heading(rendering, language, offered.service.name, plugin.kinds),
        size="small" if plugin.shares else _size(plugin),
        compact=bool(plugin.shares) or _is_compact(plugin),
        fluid=not plugin.width.endswith("px"),
        first=first,
        host=host,
        releasable=releasable,
        shares=list(shares),
        root=root,
        **placeholder_values(rendering, language, offered),
    )


def _size(plugin: Plugin) -> str:
    """How much room a placeholder has: a line, a few lines, or enough for the whole text."""
    width, height = _pixels(plugin.width), _pixels(plugin.height)
    if _is_under(height, SMALL[1]) or (_is_under(width, SMALL[0]) and _is_under(height, TALL)):
        return "small"
    return "medium" if _is_under(width, MEDIUM[0]) or _is_under(height, MEDIUM[1]) else "large"


def _is_compact(plugin: Plugin) -> bool:
    """Whether there is room for one button only."""
    width = _pixels(plugin.width)
    return _is_under(width, SMALL[0]) or (_is_under(width, MEDIUM[0]) and _size(plugin) == "small")


def _is_under(length: float | None, limit: float) -> bool:
    return length is not None and length < limit


def _pixels(length: str) -> float | None:
    return float(length.removesuffix("px")) if length.endswith("px") else None
