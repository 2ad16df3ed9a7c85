"""What tests are told, as plain values. They are stable: fields are added, never renamed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SERVICE, UNLISTED = "service", "unlisted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody else's host that a page makes a browser contact, or would if it were not held.

    `page` is the path of the page, `state` the visitor's; `host` and `path` (without query) are contacted.
    `service` is an id of the catalogue, or the company of a known tracker, the name of a list, "unlisted";
    `kind` says which: "service", "tracker", "listed", "unlisted". `carrier` is what makes the browser do it:
    "script", "iframe", "pixel" (an image of any size), "media", "css", "object", "hint", "ping", "header",
    "redirect", "run time". `decision` is "hold" or "load", with its reason and the article behind it.
    """

    page: str
    state: str
    host: str
    path: str
    service: str
    kind: str
    purpose: str
    carrier: str
    decision: str
    reason: str
    article: str

    @property
    def allowed(self) -> bool:
        """Whether this visitor has agreed to it."""
        return self.kind == SERVICE and self.decision == "load"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a visitor got. `path` is where redirects within the site have led; `text` is decoded.

    `held` is what the site's answer would have made a browser contact and this page does not, `contacts`
    what it still does; both with the style sheets and frames of the site's own that belong to it. `empty` says that
    the site itself had nothing to show.
    """

    path: str
    state: str
    status: int
    headers: tuple[tuple[str, str], ...]
    text: str
    held: tuple[Contact, ...]
    contacts: tuple[Contact, ...]
    empty: bool = False

    def header(self, name: str) -> str:
        """The values of a header field, joined by commas; empty if there is none."""
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())

    @property
    def is_page(self) -> bool:
        """Whether it is a document that was found, with anything in it."""
        is_html = "html" in self.header("content-type").lower()
        return 200 <= self.status < 300 and is_html and not self.empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """A request that the gateway has sent to Google on a visitor's behalf, exactly as it went out.
    `parameters` are those of its query."""

    method: str
    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    body: str


DECLARE = (
    'name the host under [third_parties] first_party if it is the site\'s own; else write unlisted = "hold"'
    " there, or ship what is loaded from it with the site"
)
REPORT = "the gateway should have held it: please report it with the page"


def complaint(contacts: tuple[Contact, ...]) -> str:
    """What an assertion says of contacts that must not be: page, host, service, carrier, reason, remedy."""
    number = len(contacts)
    lines = [f"{number} {'contact that' if number == 1 else 'contacts that'} nobody has agreed to:"]
    for one in contacts:
        law = f" ({one.article})" if one.article else ""
        lines += [
            "",
            f"  {one.page}, visitor {one.state!r}: {one.host}{one.path}",
            f"    who:     {one.service}{f', for {one.purpose}' if one.purpose else ''}, by {one.carrier}",
            f"    why:     {one.reason}{law}",
            f"    do this: {DECLARE if one.kind == UNLISTED else REPORT}",
        ]
    return "\n".join(lines)
