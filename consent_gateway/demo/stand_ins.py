"""What stands in for third parties: by host and path, what it is and what it answers with.

They ask for what the real ones asked for in November 2026; no line of theirs is in it.
"""

from __future__ import annotations

from dataclasses import dataclass

SUFFIX = ".localhost"  # RFC 6761 6.3: browsers resolve such names to the computer itself
YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie set by the domain of a stand-in, `seconds` long."""

    name: str
    domain: str
    seconds: int = YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """Answers requests to `host` whose path begins with `path`. Without a `file` the answer is empty.
    `what` says in plain words what a request for it is."""

    host: str
    path: str
    company: str
    what: str
    method: str = "GET"
    file: str = ""
    cookies: tuple[Cookie, ...] = ()


_BROWSER_ID = Cookie("bcookie", "linkedin.com")
_ZOOM = (Cookie("_zm_ssid", "zoom.us"), Cookie("_zm_visitor_guid", "zoom.us"))

STAND_INS = (
    StandIn(host="www.googletagmanager.com", path="/gtag/js", company="Google", what="Analytics: its script", file="gtag.js"),
    StandIn(host="region1.google-analytics.com", path="/g/collect", company="Google", what="Analytics: a page view", method="POST"),
    StandIn(host="stats.g.doubleclick.net", path="/g/collect", company="Google", what="Ads: your visit again", method="POST", cookies=(Cookie("IDE", "doubleclick.net"),)),
    StandIn(host="www.google.com", path="/measurement/conversion", company="Google", what="Ads: the page again", method="POST", cookies=(Cookie("NID", "google.com"),)),
    StandIn(host="www.youtube.com", path="/embed/", company="Google", what="YouTube: the player", file="youtube.html", cookies=(Cookie("VISITOR_INFO1_LIVE", "youtube.com"), Cookie("YSC", "youtube.com"))),
    StandIn(host="www.youtube.com", path="/youtubei/v1/log_event", company="Google", what="YouTube: you pressed play", method="POST"),
    StandIn(host="i.ytimg.com", path="/vi/", company="Google", what="YouTube: the still of the film", file="still.svg"),
    StandIn(host="platform.linkedin.com", path="/in.js", company="LinkedIn", what="the script of the buttons", file="in.js", cookies=(_BROWSER_ID,)),
    StandIn(host="www.linkedin.com", path="/countserv/count/share", company="LinkedIn", what="the share counter", file="count.json", cookies=(_BROWSER_ID,)),
    StandIn(host="www.linkedin.com", path="/embed/feed/update/", company="LinkedIn", what="the post", file="linkedin.html", cookies=(_BROWSER_ID, Cookie("lidc", "linkedin.com", 86_400))),
    StandIn(host="media.licdn.com", path="/dms/image/", company="LinkedIn", what="the picture in the post", file="picture.svg"),
    StandIn(host="snap.licdn.com", path="/li.lms-analytics/insight.min.js", company="LinkedIn", what="Insight Tag: its script", file="insight.min.js"),
    StandIn(host="px.ads.linkedin.com", path="/collect", company="LinkedIn", what="Insight Tag: your visit", cookies=(_BROWSER_ID, Cookie("li_sugr", "linkedin.com", YEAR // 4), Cookie("UserMatchHistory", "linkedin.com", YEAR // 12))),
    StandIn(host="us02web.zoom.us", path="/webinar/register/", company="Zoom", what="the registration form", file="zoom.html", cookies=_ZOOM),
    StandIn(host="us02web.zoom.us", path="/webinar/register/", company="Zoom", what="your entries in the form", method="POST", file="zoom-thanks.html", cookies=_ZOOM),
)  # fmt: skip
_COMPANIES = {"linkedin.com": "LinkedIn", "licdn.com": "LinkedIn", "zoom.us": "Zoom"}
GOOGLE = ("www.googletagmanager.com", "region1.google-analytics.com")  # what the gateway contacts


def find(host: str, method: str, path: str) -> StandIn:
    """The stand-in for a request; for one that nobody expected, one that answers with nothing."""
    rows = [row for row in STAND_INS if row.host == host and path.startswith(row.path)]
    for row in rows:
        if row.method == method:
            return row
    if rows:
        return rows[0]
    company = _COMPANIES.get(".".join(host.split(".")[-2:]), "Google")
    return StandIn(host=host, path=path, company=company, what="something else")


def find_google(path: str) -> StandIn | None:
    """The stand-in for a request of the gateway's, which goes to one address for all of Google."""
    rows = (row for row in STAND_INS if row.host in GOOGLE and path.startswith(row.path))
    return next(rows, None)
