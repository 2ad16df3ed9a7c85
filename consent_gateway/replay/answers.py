"""The answers of a replay as plain values: from the recording, or that there is none."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources

from consent_gateway.messages import Headers, Request, Response
from consent_gateway.replay.contacts import Contacted
from consent_gateway.replay.places import Places, local_name, real_name
from consent_gateway.replay.policies import REPORTS, is_from_elsewhere
from consent_gateway.replay.recording import Recording
from consent_gateway.replay.serving import KEEP, OWN_PATHS, Serving
from consent_gateway.urls import resolve

MEDIA_TYPES = {"css": "text/css", "html": "text/html", "js": "text/javascript"}
MOST_OFFERED = 50  # pages named where one is missing
_MISSING = """\
<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Not in the recording</title>
<style>body {{ font: 1rem/1.5 sans-serif; margin: 2rem auto; max-width: 40rem; padding: 0 1rem; color-scheme: light dark }}
code, li {{ overflow-wrap: anywhere }}</style>
<h1>Not in the recording</h1>
<p>{what}</p>
{pages}
"""


def file(name: str) -> Response:
    """A file of the replay's own."""
    data = resources.files(__package__).joinpath("panel", name).read_bytes()
    kind = MEDIA_TYPES[name.rpartition(".")[2]]
    fields = (("Content-Type", f"{kind}; charset=utf-8"), ("Cache-Control", "no-store"))
    return Response(status=200, headers=Headers(fields), body=data)


@dataclass(frozen=True)
class Answers:
    """Answers for the site and for third parties, of one side; `note` gets what was contacted."""

    recording: Recording
    places: Places
    note: Callable[[Contacted], None]

    def serving(self) -> Serving:
        return Serving(self.places, self.recording.hosts)

    def own(self, request: Request) -> Response | None:
        """The answer of the replay itself: its script, reports to it; None for every other path."""
        if not request.path.startswith(OWN_PATHS):
            return None
        if request.path == KEEP:
            return file("keep.js")
        if request.path == REPORTS and request.method == "POST":
            for contacted in self._reported(request.body):
                self.note(contacted)
            return Response(status=204)
        return None

    def recorded(self, request: Request) -> Response:
        """What the site answered, as it came: under the name of the host that the browser asks for."""
        name = self.places.host_at(request.host)
        if request.headers.get("service-worker"):
            return Response(status=404)  # it would stay in the browser when the replay is over
        found = self.recording.find(request.method, name, request.target)
        return found.response if found else self.missing(request, name)

    def is_page(self, request: Request) -> bool:
        """Whether it is for a page that was recorded as one, and not as part of another."""
        return self.recording.is_page(self.places.host_at(request.host), request.target)

    def third_party(self, request: Request, host: str) -> Response:
        """What a third party answered, for the browser."""
        if request.method == "OPTIONS" and request.headers.get("access-control-request-method"):
            return _preflight(request)
        found = self.recording.find(request.method, host, request.target)
        self.note(
            Contacted(
                side=self.places.side,
                host=real_name(local_name(host)),
                target=request.target,
                destination=request.headers.get("sec-fetch-dest").lower(),
                recorded=found is not None,
            )
        )
        return self.serving()(request, found.response if found else self.missing(request, host))

    def missing(self, request: Request, host: str) -> Response:
        """A page that says what is not there, and what is."""
        address = f"{real_name(local_name(host))}{request.path}"
        methods = self.recording.has_path(host, request.path)
        what = f"The recording has no answer to {request.method} {address}."
        if methods:
            what += f" It was asked for by {', '.join(methods)}; an answer with a body was not recorded"
            what += " for that." if request.method in methods else f" for {request.method}."
        fields = (("Content-Type", "text/html; charset=utf-8"), ("Access-Control-Allow-Origin", "*"))
        pages = "".join(self._pages())
        body = _MISSING.format(
            what=html.escape(what), pages=f"<p>It has these pages:</p>\n<ul>{pages}</ul>" if pages else ""
        )
        return Response(status=404, headers=Headers(fields), body=body.encode())

    def _pages(self) -> Iterator[str]:
        for page in list(self.recording.pages)[:MOST_OFFERED]:
            address = html.escape(f"http://{self.places.of(page.name)}{page.target}")
            yield f'<li><a href="{address}">{html.escape(page.target)}</a></li>\n'

    def _reported(self, body: bytes) -> Iterator[Contacted]:
        """What was stopped on its way to the network, by a report of the browser's or of our script."""
        try:
            report = json.loads(body)["csp-report"]
            blocked, directive = str(report["blocked-uri"]), str(report["effective-directive"])
        except (ValueError, KeyError, TypeError):
            return
        address = resolve(blocked, "http://localhost/") if is_from_elsewhere(blocked) else None
        if address is not None:
            yield Contacted(
                side=self.places.side,
                host=address.host,
                target=address.rest,
                destination=_DESTINATIONS.get(directive.removesuffix("-elem"), directive),
                stopped=True,
            )


_DESTINATIONS = {
    "script-src": "script",
    "img-src": "image",
    "frame-src": "iframe",
    "style-src": "style",
    "font-src": "font",
    "media-src": "video",
    "object-src": "object",
}


def _preflight(request: Request) -> Response:
    """What a browser asks before a request is in few recordings: it is allowed what it asks for."""
    fields = (
        ("Access-Control-Allow-Origin", request.headers.get("origin") or "*"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Allow-Methods", request.headers.get("access-control-request-method")),
        ("Access-Control-Allow-Headers", request.headers.get("access-control-request-headers")),
    )
    return Response(status=204, headers=Headers(tuple(field for field in fields if field[1])))
