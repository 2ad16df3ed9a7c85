"""The gateway's own paths, as whoever calls them sees them: method, what is sent, what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

HTML, JSON, TEXT, CSS, SCRIPT, NOTHING = "HTML", "JSON", "text", "CSS", "JavaScript", ""


class Sent(NamedTuple):
    """A field of a form, or of the query of an address."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class OwnPath:
    """A path below the prefix of the site file. `status` is that of success, `formats` what comes back, `refusals`
    what is answered besides 400, 403 and 405, which hold everywhere."""

    method: str
    path: str
    status: int
    formats: tuple[str, ...]
    meaning: str
    sent: tuple[Sent, ...] = ()
    refusals: str = ""


LANGUAGE = Sent("language", "the language to answer in; else that of the browser")
RETURN = Sent("return", "a path of the site to go back to; else `/`")
IN_PAGE = Sent("in_page", "`on`: the page stays, and its script carries out what was decided")
PURPOSE = Sent("purpose", "id of a purpose that is granted; may be repeated")
SERVICE = Sent("service", "id of a service that is granted by itself; may be repeated")
ASKED = Sent("asked", "ids of the purposes that were asked about; else all")

# fmt: off
PATHS: tuple[OwnPath, ...] = (
    OwnPath("GET", "", 303, (NOTHING,), "leads to the preferences"),
    OwnPath("GET", "/", 303, (NOTHING,), "the same"),
    OwnPath("GET", "/preferences", 200, (HTML,), "purposes, services and the present choice, to change it", (
        LANGUAGE, RETURN, Sent("saved", "says that a choice is saved"))),
    OwnPath("POST", "/choice", 303, (NOTHING, JSON),
        "a decision: back to the page; with `in_page` 200 and `{\"load\": [ids]}`, what may load from now on", (
        Sent("decision", "`accept_all`, `reject_all` or `save`; with `save` what is absent is refused"),
        PURPOSE, SERVICE, ASKED, Sent("layer", "`notice` or `preferences`, where it was decided"), RETURN, LANGUAGE, IN_PAGE),
        "403 for a grant that comes from a frame; 409 while the visitor has blocked everything; 429 for too many grants of one address; 503 where a grant cannot be recorded"),
    OwnPath("POST", "/activate", 303, (NOTHING,), "loads one plug-in: back to the page with it; with `in_page` 204", (
        Sent("service", "id of the plug-in's service"), Sent("instance", "its number on the page"),
        Sent("remember", "`on`: always, not once"), Sent("undo", "`on`: not any more"),
        Sent("loaded", "`service number` of what is already active on the page; may be repeated"), RETURN, LANGUAGE, IN_PAGE),
        "403 for a grant that comes from a frame; 409 while the visitor has blocked everything; 429 for too many grants of one address; 503 where a grant cannot be recorded"),
    OwnPath("GET", "/placeholder", 200, (HTML,), "the placeholder of a frame that a script makes; for the guard script", (
        Sent("instance", "its number on the page"), Sent("url", "the frame's address, with `width` and `height`"),
        Sent("mount", "kind of an element instead, with `service` and `markup`"),
        Sent("lang", "language of the page"), Sent("first", "it is the first of its service"), RETURN), "404 where nothing is held"),
    OwnPath("GET", "/policy", 200, (HTML,), "the privacy policy", (
        LANGUAGE, Sent("version", "number of an earlier version")), "404 for a version that there is not"),
    OwnPath("GET", "/policy.json", 200, (JSON,), "its facts: the text whose SHA-256 is the hash in records", (
        Sent("version", "number of an earlier version"),), "404 for a version that there is not"),
    OwnPath("GET", "/your-data", 200, (HTML,), "all that is held under this browser's cookie, and the controls of its rights", (
        LANGUAGE, Sent("confirm", "`lift` or `erase`: what is to be confirmed"))),
    OwnPath("GET", "/your-data.json", 200, (JSON,),
        "the same: `{\"held\": [...]}`, empty without a cookie ([schema](../consent_gateway/your_data.schema.json))", (
        LANGUAGE, Sent("download", "`1`: as a file to save"))),
    OwnPath("POST", "/rights", 303, (NOTHING,), "exercises a right on what is held for this browser", (
        Sent("action", "`rectify`, `restrict`, `lift`, `erase`, `object` or `revoke`"),
        Sent("token", "from the page; of `lift` and `erase`"), Sent("confirm", "`yes`; of `lift` and `erase`"),
        PURPOSE, SERVICE, ASKED, Sent("layer", "`your_data` or `policy`, where the control was"), LANGUAGE),
        "409 while the visitor has blocked everything; 429 for too many grants of one address; 503 where what was asked cannot be carried out"),
    OwnPath("GET", "/request", 200, (HTML, TEXT), "the form for requests about data in other systems, or how one stands", (
        LANGUAGE, Sent("number", "of a request, with its `key`"), Sent("key", "was shown when it was received"),
        Sent("download", "the confirmation as text")), "404 where number and key do not belong together"),
    OwnPath("POST", "/request", 303, (NOTHING,), "takes a request in: to its page, with number and key", (
        Sent("kind", "`access`, `rectify`, `erase`, `restrict` or `object`"), Sent("reply_to", "where to answer"),
        Sent("message", "in the person's words"), LANGUAGE),
        "429 with `Retry-After` for too many of one address; 503 where it cannot be kept"),
    OwnPath("POST", "/reports", 204, (NOTHING,), "takes what browsers report of the Content-Security-Policy", (), "429 for too many of one address"),
    OwnPath("GET", "/healthz", 200, (TEXT,), "`ok`", (
        Sent("for", "`pages`: only whether pages are answered, for load balancers; grants may be refused then"),),
        "503 with what is wrong, in a line"),
)
STATIC = OwnPath("GET", "/static/NAME", 200, (CSS, SCRIPT), "styles and scripts; their names change with their contents",
    refusals="404 for another name")
# Not below the prefix: https://www.w3.org/TR/gpc/#gpc-support-resource
GPC = OwnPath("GET", "/.well-known/gpc.json", 200, (JSON,), "that Global Privacy Control is heeded")
# fmt: on
