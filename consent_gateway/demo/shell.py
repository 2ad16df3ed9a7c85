"""The pages around the pages: an index of the catalogue, and two frames with what is known about them."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Sequence

from consent_gateway.catalogue import Catalogue, Service, Treatment
from consent_gateway.demo.files import read
from consent_gateway.demo.report import Entry, entries, summary
from consent_gateway.demo.stage import Side, host_of
from consent_gateway.explaining import Explanation

PURPOSES = {
    "analytics": "Statistics",
    "social_media": "Social media",
    "media": "Film, sound, maps and pictures",
    "webinars": "Webinars",
    "functional": "Functions: chat, forms, bookings, fonts",
    "marketing": "Marketing",
}
TREATED = {
    Treatment.PLACEHOLDER: "a placeholder",
    Treatment.REMOVAL: "nothing is there",
    Treatment.MEASUREMENT: "nothing is there; later by way of the gateway",
}
CAPTIONS = {
    Side.WITHOUT: "Without the gateway",
    Side.BEFORE: "Through the gateway, before consent",
    Side.AFTER: "Through the gateway, after agreeing",
}


def index(catalogue: Catalogue, query: str, purpose: str) -> str:
    """All services by purpose, or those in which every word of the query is found."""
    words = query.lower().split()
    found = {
        id: service
        for id, service in catalogue.services.items()
        if all(word in _searched(id, service) for word in words)
    }
    groups = []
    shown = 0
    for one, title in PURPOSES.items():
        members = [(id, service) for id, service in found.items() if service.purposes[0] == one]
        if members and purpose in ("", one):
            shown += len(members)
            groups.append(_group(one, title, members))
    said = f"{shown} of {len(catalogue.services)} services"
    marks = {
        "query": html.escape(query),
        "options": "".join(_option(id, title, purpose) for id, title in PURPOSES.items()),
        "count": said,
        "groups": "\n".join(groups)
        or "<p>No service is called so. Search for a part of a name, a company or a host.</p>",
    }
    return _shell("Every service of the catalogue", "stage/index.html", marks)


def service_page(catalogue: Catalogue, id: str, found: Sequence[Explanation], port: int, latest: int) -> str:
    """One service, held and loaded, and what is known about it."""
    service = catalogue.services[id]
    marks = {
        "name": html.escape(service.name),
        "purpose": html.escape(" · ".join(PURPOSES.get(one, one) for one in service.purposes)),
        "facts": _facts(_of_service(service)),
        "example": html.escape(service.example.strip()),
        "frames": _frames(id, (Side.BEFORE, Side.AFTER), port),
        "rules": "".join(f"<li>{_kind(*one)}</li>" for one in _rules(service)),
        "report": _report(found, catalogue),
        "watched": _watched(id, (Side.BEFORE, Side.AFTER), latest),
    }
    return _shell(f"{service.name}, held and loaded", "stage/service.html", marks)


def file_page(
    catalogue: Catalogue,
    name: str,
    found: Sequence[Explanation],
    left: Sequence[Explanation],
    *,
    page: str,
    port: int,
    latest: int,
) -> str:
    """A developer's file, without the gateway and through it, and the report about it; `left` is what is found in it
    still once everything is held."""
    sides = (Side.WITHOUT, Side.BEFORE)
    marks = {
        "name": html.escape(name),
        "summary": html.escape(summary(found)),
        "frames": _frames(page, sides, port),
        "report": _report(found, catalogue),
        "left": _report(left, catalogue),
        "watched": _watched(page, sides, latest),
    }
    return _shell(name, "stage/file.html", marks)


def problem(title: str, reason: str) -> str:
    return _shell(title, "stage/problem.html", {"title": html.escape(title), "reason": html.escape(reason)})


def _shell(title: str, path: str, marks: dict[str, str]) -> str:
    content = read(path, marks).text
    return read("stage/shell.html", {"title": html.escape(title), "content": content}).text


def _searched(id: str, service: Service) -> str:
    return " ".join((id, service.name, service.controller.name, *service.urls)).lower()


def _group(id: str, title: str, members: Iterable[tuple[str, Service]]) -> str:
    items = "".join(
        f'<li><a href="/services/{id}">{html.escape(service.name)}</a> <small>{html.escape(service.controller.name)}</small></li>'
        for id, service in sorted(members, key=lambda one: one[1].name.lower())
    )
    return f'<section aria-labelledby="{id}"><h2 id="{id}">{html.escape(title)}</h2><ul class="services">{items}</ul></section>'


def _option(id: str, title: str, chosen: str) -> str:
    return f'<option value="{id}"{" selected" if id == chosen else ""}>{html.escape(title)}</option>'


def _of_service(service: Service) -> list[tuple[str, str]]:
    controller = service.controller
    return [
        ("Company", f"{controller.name}, {controller.address or controller.country}"),
        ("While held", _treated(service)),
        ("It would get", ", ".join(service.data).replace("_", " ")),
    ]


def _treated(service: Service) -> str:
    if not service.floats:
        return TREATED[service.treatment]
    return f"{TREATED[service.treatment]} at the end of the page (here as a visitor sees it who has refused)"


def _facts(rows: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<dt>{html.escape(label)}</dt><dd>{html.escape(value)}</dd>" for label, value in rows)


def _rules(service: Service) -> list[tuple[str, str]]:
    """Everything that the catalogue knows it by, with the kind of rule."""
    rules = [("address", text) for text in service.urls]
    rules += [("selector", text) for mount in service.mounts for text in mount.selectors]
    rules += [("inline code", text) for text in (*service.boot, *service.uses)]
    return rules + [("cookie" if one.kind == "cookie" else "storage", one.name) for one in service.cookies]


def _kind(kind: str, text: str) -> str:
    return f"<span>{kind}</span> <code>{html.escape(text)}</code>"


def _frames(page: str, sides: Iterable[Side], port: int) -> str:
    return "\n".join(_frame(page, side, port) for side in sides)


def _frame(page: str, side: Side, port: int) -> str:
    address = html.escape(f"http://{host_of(page, side)}:{port}/")
    return (
        f'<figure><figcaption><b>{CAPTIONS[side]}</b> <a href="{address}" target="_blank">by itself</a>'
        f'<span class="asked" role="status" data-side="{side}"></span></figcaption>'
        f'<iframe src="{address}" title="{CAPTIONS[side]}" sandbox="allow-scripts allow-same-origin allow-forms allow-popups"></iframe></figure>'
    )


def _watched(page: str, sides: Iterable[Side], latest: int) -> str:
    """What the script of the shell asks for, as an attribute."""
    return html.escape(json.dumps({"page": page, "sides": list(sides), "since": latest}))


def _report(found: Sequence[Explanation], catalogue: Catalogue) -> str:
    return "".join(map(_item, entries(found, catalogue))) or "<li>Nothing of a third party.</li>"


def _item(one: Entry) -> str:
    original = f"<pre><code>{html.escape(one.original)}</code></pre>" if one.original else ""
    rows = (
        ("What", one.what),
        ("Known by", one.known_by),
        ("While held", one.held),
        ("After that", one.back),
    )
    return f"<li><h3><span>{one.place}</span> {html.escape(one.whose)}</h3><dl>{_facts(rows)}</dl>{original}</li>"
