"""Audits as they come from a real site: leaky, clean, not proven, large, and one of a site that is hostile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from consent_gateway.audit.findings import (
    Audit,
    Canary,
    Carrier,
    Contact,
    CookieSet,
    Covered,
    Evidence,
    Field,
    Finding,
    Forwarded,
    Input,
    Severity,
    Side,
    Situation,
)

STATES = ("fresh", "refused", "analytics", "all", "withdrawn", "expired", "tampered", "gpc", "blocked", "objected")  # fmt: skip
SITE = "https://www.morgenrot-solar.example"
PAGES = (f"{SITE}/", f"{SITE}/aktuelles/video", f"{SITE}/kontakt", f"{SITE}/karriere", f"{SITE}/webinare")
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

UNDECIDED = ("hold", "nothing was decided", "TDDDG § 25(1)")
DECISIONS = {
    "fresh": UNDECIDED,
    "refused": ("hold", "the visitor has refused its purpose", "GDPR Art. 7(3)"),
    "analytics": UNDECIDED,
    "all": ("load", "the visitor has granted its purpose", "GDPR Art. 6(1)(a)"),
    "withdrawn": ("hold", "the visitor has refused its purpose", "GDPR Art. 7(3)"),
    "expired": UNDECIDED,
    "tampered": UNDECIDED,
    "gpc": UNDECIDED,
    "blocked": ("hold", "the visitor has blocked processing", "GDPR Art. 18(2)"),
    "objected": UNDECIDED,
}
NOT_LISTED = ("hold", "not in the operator's list of services", "GDPR Art. 25(2)")


@dataclass(frozen=True)
class Embedded:
    """A third party in the pages of the site."""

    owner: str
    kind: str
    purpose: str
    host: str
    path: str
    carrier: Carrier
    pages: tuple[str, ...]
    evidence: Evidence = Evidence.IN_THE_PAGE
    offered: bool = True

    def decision(self, state: str) -> tuple[str, str, str]:
        if not self.offered:
            return NOT_LISTED
        if state == "analytics" and self.purpose == "analytics":
            return DECISIONS["all"]
        return DECISIONS[state]


EMBEDDED = (
    Embedded("google-analytics", "service", "analytics", "www.googletagmanager.com", "/gtag/js", Carrier.SCRIPT, PAGES),
    Embedded("google-analytics", "service", "analytics", "region1.google-analytics.com", "/g/collect", Carrier.RUN_TIME, PAGES, Evidence.RECORDED),
    Embedded("youtube", "service", "media", "www.youtube.com", "/embed/M7lc1UVf-VE", Carrier.IFRAME, PAGES[1:2]),
    Embedded("youtube", "service", "media", "i.ytimg.com", "/vi/M7lc1UVf-VE/hqdefault.jpg", Carrier.PIXEL, PAGES[1:2]),
    Embedded("linkedin", "service", "social_media", "platform.linkedin.com", "/in.js", Carrier.SCRIPT, PAGES[3:4]),
    Embedded("google-fonts", "service", "functional", "fonts.googleapis.com", "/css2", Carrier.CSS, PAGES),
    Embedded("google-fonts", "service", "functional", "fonts.gstatic.com", "/s/inter/v13/UcC7.woff2", Carrier.CSS, PAGES, Evidence.RECORDED),
    Embedded("zoom", "service", "webinars", "morgenrot.zoom.us", "/wc/join/991", Carrier.IFRAME, PAGES[4:]),
    Embedded("Criteo", "tracker", "marketing", "dis.eu.criteo.com", "/dis/rtb/appnexus/cookiematch.aspx", Carrier.REDIRECT, PAGES[:1], Evidence.RECORDED, offered=False),
    Embedded("", "unlisted", "", "cdn.kachel-server.example", "/tiles/12/2147/1342.png", Carrier.PIXEL, PAGES[2:3], Evidence.RECORDED, offered=False),
)  # fmt: skip

PASSED = "v tid _p en dt dl sr ul _s".split()
CHANGED = "cid sid uap uapv".split()
DROPPED = "_gaz uid ep.email gcs gcd dma dr".split()
FIELDS = tuple(
    Field(name, what) for what, names in (("passed", PASSED), ("changed", CHANGED), ("dropped", DROPPED)) for name in names
)  # fmt: skip


def leaky(*, pages: tuple[str, ...] = PAGES, judged: Side = Side.DIRECT) -> Audit:
    """A company's site with ten embedded hosts: everything leaves without the gateway; with it, what visitors
    agree to, and in every state one sheet of fonts by a header."""
    contacts = (*_contacts(pages), *_escaped())
    cookies = tuple(_cookies(pages))
    return Audit(
        started=datetime(2026, 11, 24, 10, 30, tzinfo=UTC),
        finished=datetime(2026, 11, 24, 10, 31, 12, 500000, tzinfo=UTC),
        gateway="0.6.0",
        mitmproxy="11.0.2",
        browser="",
        command=("consent-gateway", "audit", "besuch.flows", "--site", "site.toml", "--format", "html"),
        site_file="site.toml",
        site_sha256=HASH[::-1],
        policy_hash=HASH[:16],
        judged=judged,
        inputs=(
            Input(name="besuch.flows", kind="mitmproxy flows", sha256=HASH, pages=len(pages), exchanges=412),
        ),
        pages=pages,
        states=STATES,
        contacts=contacts,
        cookies=cookies,
        forwarded=tuple(_forwarded(pages)),
        findings=(*_of_contacts(contacts), *_of_cookies(cookies), *_of_site()),
        canary=Canary(planted=tuple(Carrier), found=tuple(Carrier)),
        not_measured=("Run-time requests of states that were not recorded: the capture holds one visit.",),
        left_out=(f"{SITE}/alt/impressum: the body could not be decoded (br)",),
        declared=("google-analytics", "youtube", "linkedin", "google-fonts", "zoom", "vimeo"),
        conditions=("as recorded: Chromium 131, 1280 × 720, de-DE",),
        coverage=(
            Covered(Situation.REJECTED, False, "nobody clicks in a capture"),
            Covered(Situation.WITHDRAWN, False, "nobody clicks in a capture"),
            Covered(Situation.DEEP, True, "4 of 5 pages are not the front page"),
            Covered(Situation.NOT_FOUND, False, "the capture has no page that was answered with 404"),
            Covered(Situation.LANGUAGE, True, f"pages in de ({SITE}/), en ({SITE}/karriere)"),
        ),
    )


def clean() -> Audit:
    """The same site judged with the gateway, and without the hole in it."""
    audit = leaky(judged=Side.THROUGH)
    return replace(
        audit,
        contacts=tuple(one for one in audit.contacts if one.side is Side.DIRECT or one.allowed),
        findings=tuple(one for one in audit.findings if one.side is Side.DIRECT),
        browser="Chromium 131.0.6778.85",
    )


def not_proven() -> Audit:
    """The detector did not find everything that was planted."""
    audit = leaky()
    return replace(audit, canary=replace(audit.canary, found=tuple(list(Carrier)[2:])))


def without_canary() -> Audit:
    return replace(leaky(), canary=Canary(planted=(), found=()))


def compared() -> Audit:
    """Against a baseline in which the unknown host was not."""
    audit = leaky()
    new = tuple(replace(one, is_new=one.host == "cdn.kachel-server.example") for one in audit.findings)
    return replace(audit, findings=new, baseline="vorher.json")


def large(number: int) -> Audit:
    return leaky(pages=tuple(f"{SITE}/artikel/{one}" for one in range(number)))


QUERY, COOKIE, USER = "geheim=4711", "sitzung-0815", "maria:kennwort@"
MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
TERMINAL = "\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b1A\r\n"
TURNED = "\u202egnp.exe\u2066"
XML = "]]><x>\x00\x0b\ufffe\ud800&nbsp;<!--"
NASTY = f"{MARKUP}{TERMINAL}{TURNED}{XML}{{{{7*7}}}}{{% raw %}}[klick](javascript:alert(3))"


def hostile() -> Audit:
    """A site that would like to run something in every report, and with secrets in what it is called by."""
    audit = leaky()
    page = f"https://{USER}evil.example/{NASTY};jsessionid={COOKIE}?{QUERY}#{QUERY}"
    contact = replace(
        audit.contacts[0],
        page=page, host=f"evil.example{NASTY}", path=f"/{NASTY}?{QUERY}", owner=NASTY, kind=NASTY,
        purpose=NASTY, decision=NASTY, reason=NASTY, article=NASTY,
    )  # fmt: skip
    cookie = replace(audit.cookies[0], page=page, name=NASTY, host=NASTY, party=NASTY, owner=NASTY)
    hit = replace(
        audit.forwarded[0], page=page, event=NASTY, host=NASTY, reason=NASTY, fields=(Field(NASTY, NASTY),)
    )
    finding = replace(
        audit.findings[0], page=page, host=NASTY, rule=NASTY, article=NASTY, remedy=NASTY,
        message=f"https://evil.example/x?{QUERY} is {NASTY}",
    )  # fmt: skip
    return replace(
        audit,
        pages=(page, f"javascript:alert(1)//{NASTY}", "http://[::1", *audit.pages),
        states=(*audit.states, NASTY),
        contacts=(contact, replace(contact, state=NASTY), *audit.contacts),
        cookies=(cookie, *audit.cookies),
        forwarded=(hit, *audit.forwarded),
        findings=(
            finding,
            replace(finding, state="", page=""),
            replace(finding, state=NASTY),
            *audit.findings,
        ),
        command=("consent-gateway", "audit", f"https://{USER}evil.example/?{QUERY}", NASTY),
        inputs=(Input(name=f"https://{USER}evil.example/{NASTY}?{QUERY}", kind="address"), *audit.inputs),
        left_out=(f"{page}: {NASTY}", *audit.left_out),
        not_measured=(NASTY,),
        declared=(NASTY,),
        conditions=(NASTY,),
        coverage=(*audit.coverage, Covered(Situation.DEEP, True, f"{page} {NASTY}")),
        gateway=NASTY,
        browser=NASTY,
        site_file=NASTY,
        policy_hash=NASTY,
    )


ALL = {
    "leaky": leaky,
    "clean": clean,
    "not proven": not_proven,
    "without canary": without_canary,
    "compared": compared,
    "hostile": hostile,
}


def _contacts(pages: tuple[str, ...]) -> Iterator[Contact]:
    for embedded in EMBEDDED:
        on = tuple(page for page in pages if page in embedded.pages) or pages
        for state in STATES:
            decision, reason, article = embedded.decision(state)
            allowed = decision == "load"
            for side in Side if allowed and embedded.owner != "google-analytics" else (Side.DIRECT,):
                for page in on:
                    yield Contact(
                        page=page, state=state, side=side, host=embedded.host, path=embedded.path,
                        owner=embedded.owner, kind=embedded.kind, purpose=embedded.purpose,
                        carrier=embedded.carrier, evidence=embedded.evidence, allowed=allowed,
                        decision=decision, reason=reason, article=article,
                    )  # fmt: skip


def _escaped() -> Iterator[Contact]:
    """What comes through the gateway although it must not."""
    decision, reason, article = DECISIONS["fresh"]
    yield Contact(
        page=PAGES[0], state="fresh", side=Side.THROUGH, host="fonts.googleapis.com", path="/css2",
        owner="google-fonts", kind="service", purpose="functional", carrier=Carrier.HEADER,
        evidence=Evidence.IN_THE_PAGE, allowed=False, decision=decision, reason=reason, article=article,
    )  # fmt: skip


def _cookies(pages: tuple[str, ...]) -> Iterator[CookieSet]:
    for state in STATES:
        granted = state in ("analytics", "all")
        for side in Side:
            for name, owner, by_script in (("_ga", "google-analytics", True), ("PHPSESSID", "", False)):
                own = name == "PHPSESSID"
                yield CookieSet(
                    page=pages[0], state=state, side=side, name=name, host="www.morgenrot-solar.example",
                    party="first", by_script=by_script, owner=owner, purpose="necessary" if own else "analytics",
                    allowed=own or granted, kept=own or side is Side.DIRECT,
                )  # fmt: skip
        yield CookieSet(
            page=pages[0], state=state, side=Side.DIRECT, name="YSC", host=".youtube.com", party="third",
            by_script=False, owner="youtube", purpose="media", allowed=state == "all", kept=True,
        )  # fmt: skip


def _forwarded(pages: tuple[str, ...]) -> Iterator[Forwarded]:
    for state in STATES:
        sent_on = state in ("analytics", "all")
        reason = "the visitor has granted its purpose" if sent_on else DECISIONS[state][1]
        for page in pages:
            yield Forwarded(
                page=page, state=state, event="page_view", host="region1.google-analytics.com",
                sent_on=sent_on, reason=reason, fields=FIELDS if sent_on else (),
            )  # fmt: skip
    yield Forwarded(
        page=pages[-1], state="all", event="bestellung_intern", host="region1.google-analytics.com",
        sent_on=False, reason="no event of the site file's",
    )  # fmt: skip


def _of_contacts(contacts: tuple[Contact, ...]) -> Iterator[Finding]:
    for one in contacts:
        if one.allowed:
            continue
        unasked = one.state not in ("all", "analytics")
        who = f"{one.owner or 'an unknown third party'} ({one.purpose or one.kind})"
        yield Finding(
            rule="contact-before-consent" if unasked else "undeclared" if one.state == "all" else "not-agreed",
            severity=Severity.ERROR,
            side=one.side, state=one.state, page=one.page, host=one.host,
            message=f"{one.host}, {who}, is contacted by {one.carrier.value}; {one.reason}",
            remedy="Name the service in the site file, so that visitors are asked, or take it out of the page.",
            article=one.article,
        )  # fmt: skip


def _of_cookies(cookies: tuple[CookieSet, ...]) -> Iterator[Finding]:
    for one in cookies:
        if one.kept and not one.allowed:
            yield Finding(
                rule="cookie-before-consent", severity=Severity.ERROR, side=one.side, state=one.state,
                page=one.page, host=one.host, message=f"cookie {one.name} is set by {one.owner}",
                remedy="Declare it under [cookies] in the site file, or stop setting it.",
                article="TDDDG § 25(1)",
            )  # fmt: skip


def _of_site() -> Iterator[Finding]:
    yield Finding(
        rule="declared-never-seen", severity=Severity.WARNING, side=Side.DIRECT, state="", page="", host="",
        message="vimeo is declared in the site file and was seen on no page",
        remedy="Take [services.vimeo] out, or audit a page that has it.", article="GDPR Art. 5(1)(a)",
    )  # fmt: skip
    yield Finding(
        rule="page-left-out", severity=Severity.WARNING, side=Side.DIRECT, state="",
        page=f"{SITE}/alt/impressum", host="", message="the body could not be decoded (br)",
        remedy="Record the page again.", article="",
    )  # fmt: skip
    yield Finding(
        rule="consent-platform", severity=Severity.NOTE, side=Side.THROUGH, state="fresh", page=PAGES[0],
        host="www.morgenrot-solar.example", message="the page brings a consent notice of its own (__tcfapi)",
        remedy="Switch it off, so that visitors are asked once.", article="GDPR Art. 7(2)",
    )  # fmt: skip
