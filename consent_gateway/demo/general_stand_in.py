"""What stands in for any company of the catalogue, and for anybody else: by what a browser fetches it for.

A frame and a picture say whose place it is, a script draws such a box into the elements that its service draws
into. No line of any company's is in it.
"""

from __future__ import annotations

import html
import json
from urllib.parse import urlsplit

from consent_gateway.catalogue import Catalogue, Owner, Service
from consent_gateway.demo.files import File, read

NOTHING = File("text/plain", "")
# Fetch Metadata: what is shown as a document, and what is drawn.
_DOCUMENTS = ("iframe", "frame", "document", "embed", "object", "fencedframe")
_BY_ENDING = {"js": "script", "mjs": "script", "css": "style", "png": "image", "gif": "image", "jpg": "image", "svg": "image"}  # fmt: skip
_FROM_ACCEPT = (("text/html", "document"), ("text/css", "style"), ("image/", "image"))


class GeneralStandIn:
    """Answers in the place of whatever host is asked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._matcher = catalogue.matcher()

    def name_of(self, host: str, rest: str) -> str:
        """Whose an address is, in words; the host where nobody knows it."""
        owner = self._matcher.find(host, rest)
        if isinstance(owner, str):
            return self._catalogue.services[owner].name
        return owner.company if owner else host

    def answer(self, host: str, rest: str, destination: str) -> File:
        """The file for a request, of which `destination` says what it is for; NOTHING for what nobody sees."""
        name, company = self.name_of(host, rest), self._company(host, rest)
        if destination in _DOCUMENTS:
            marks = {"name": html.escape(name), "host": html.escape(host), "company": html.escape(company)}
            return read("stage/stand_in.html", marks)
        if destination == "image":
            return read("stage/stand_in.svg", {"name": html.escape(name)})
        if destination == "style":
            return File("text/css", "/* A stand-in: no style of its own. */\n")
        if destination == "script":
            return read("stage/stand_in.js", {"told": self._told(host, rest, name)})
        return NOTHING

    def _company(self, host: str, rest: str) -> str:
        owner = self._matcher.find(host, rest)
        return self._catalogue.services[owner].controller.name if isinstance(owner, str) else host

    def _told(self, host: str, rest: str, name: str) -> str:
        """What the script has to know, as JSON."""
        owner: Owner | None = self._matcher.find(host, rest)
        service = self._catalogue.services[owner] if isinstance(owner, str) else None
        told = {
            "name": name,
            "host": host,
            "mounts": _selectors(service) if service else [],
            "floats": service.floats if service else "",
        }
        return json.dumps(told).replace("<", "\\u003c")


def _selectors(service: Service) -> list[str]:
    """Of the elements that its scripts draw into, as browsers read them; frames draw themselves."""
    return [
        text.replace(":", "\\:") if text.partition(":")[0].isalpha() else text
        for mount in service.mounts
        for text in mount.selectors
        if not text.startswith("iframe")
    ]


def destination(headers: dict[str, str], path: str) -> str:
    """What a request is for, as Fetch Metadata says, or as it looks; names of headers in lower case."""
    if named := headers.get("sec-fetch-dest", ""):
        return named
    ending = urlsplit(path).path.rpartition("/")[2].rpartition(".")[2].lower()
    if ending in _BY_ENDING:
        return _BY_ENDING[ending]
    accepted = headers.get("accept", "")
    return next((kind for start, kind in _FROM_ACCEPT if accepted.startswith(start)), "script")
