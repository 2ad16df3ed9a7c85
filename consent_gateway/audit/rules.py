"""What is a finding: the rules of the audit, each with its article and what to do about it.

This table is meant to be read by the law department and by QA.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from consent_gateway.audit.findings import Contact, CookieSet, Finding, Forwarded, Severity, Side
from consent_gateway.audit.states import STATES

AGREEING = frozenset(state.id for state in STATES if state.agrees)
# What says who a visitor is, and never goes on to Google as it was (GDPR Art. 5(1)(c)): client and user ids,
# addresses, ids of clicks, and what is said of a person in hashes.
NEVER_PASSED = frozenset(
    "cid uid uip _uip sid _fid _fplc ecid em gclid gclsrc dclid wbraid gbraid fbclid jid gjid _gid ir rdid".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what breaks it is `severity`; `message` has names of the fields in braces."""

    id: str
    severity: Severity
    message: str
    remedy: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class Of:
    """A rule for contacts that were not agreed to: the first that applies counts."""

    applies: Callable[[Contact], bool]
    rule: Rule


ERROR, WARNING = Severity.ERROR, Severity.WARNING
_IN_FRONT = "put the gateway in front, or take it out of the page"

CONTACTS: tuple[Of, ...] = (
    Of(
        lambda one: one.state == "all" and not one.is_asked_about,
        Rule(
            id="seen-not-declared",
            severity=ERROR,
            message="{whom} is contacted ({carrier} {where}), and visitors who agree to everything are not asked "
            "about it",
            remedy="name it in [services] of the site file (what the catalogue does not have is added to it first: "
            'consent-gateway services --new HOST), or write unlisted = "hold", or take it out of the page',
            article="GDPR Art. 13(1)(e)",
        ),
    ),
    Of(
        lambda one: one.state in AGREEING,
        Rule(
            id="contact-not-agreed",
            severity=ERROR,
            message="{whom} is contacted ({carrier} {where}) and was not agreed to: {reason}",
            remedy=_IN_FRONT,
            article="GDPR Art. 6(1)(a)",
        ),
    ),
    Of(
        lambda one: one.kind == "unlisted",
        Rule(
            id="unlisted-before-consent",
            severity=ERROR,
            message="{whom}, which nobody has declared, is contacted before consent ({carrier} {where})",
            remedy='write unlisted = "hold" under [third_parties], or name the host in first_party if it is yours',
            article="TDDDG § 25(1)",
        ),
    ),
    Of(
        lambda one: True,
        Rule(
            id="contact-before-consent",
            severity=ERROR,
            message="{whom} is contacted before consent ({carrier} {where})",
            remedy=_IN_FRONT,
            article="TDDDG § 25(1)",
        ),
    ),
)

COOKIE = Rule(
    id="cookie-before-consent",
    severity=ERROR,
    message="the cookie {name}{whose} is set by {by} without an agreement",
    remedy="put the gateway in front, or declare it under [cookies] if the site needs it",
    article="TDDDG § 25(1)",
)
COOKIE_WITH_PURPOSE = replace(  # declared, or a known service's
    COOKIE,
    remedy="its purpose is not agreed to: put the gateway in front, or stop setting it before",
)
HIT = Rule(
    id="hit-without-consent",
    severity=ERROR,
    message="the measurement hit {event} goes on to Google without an agreement",
    remedy="this is a fault of the gateway: report it with this file",
    article="GDPR Art. 6(1)(a)",
)
FIELD = Rule(
    id="field-not-to-pass",
    severity=ERROR,
    message="of the measurement hit {event} the parameter {name} goes on to Google as it was",
    remedy="this is a fault of the gateway: report it with this file",
    article="GDPR Art. 5(1)(c)",
)
NEVER_SEEN = Rule(
    id="declared-never-seen",
    severity=WARNING,
    message="{name} is named in [services] of the site file, and no audited page contacts it",
    remedy="take it out of the site file, or audit the pages that have it",
    article="GDPR Art. 5(1)(d)",
)
UNREAD = Rule(
    id="not-read",
    severity=WARNING,
    message="could not be looked at: {reason}",
    remedy="record it again, with whole bodies",
)
CONSENT_TOOL = Rule(
    id="second-consent-tool",
    severity=WARNING,
    message="the page brings {name} already: visitors are asked twice, and the answers can differ",
    remedy="take it out of the page before the gateway goes in front",
    article="GDPR Art. 7(2)",
)
NEW_HOST = Rule(
    id="new-host",
    severity=ERROR,
    message="{name} is contacted and is not in the baseline",
    remedy="find out who has added it; if it is meant, make a new baseline",
    article="GDPR Art. 24(1)",
)
NEW_COOKIE = Rule(
    id="new-cookie",
    severity=ERROR,
    message="the cookie {name} of {host} is set and is not in the baseline",
    remedy="find out who has added it; if it is meant, make a new baseline",
    article="GDPR Art. 24(1)",
)
RULES: tuple[Rule, ...] = (
    *(of.rule for of in CONTACTS),
    COOKIE, HIT, FIELD, NEVER_SEEN, UNREAD, CONSENT_TOOL, NEW_HOST, NEW_COOKIE,
)  # fmt: skip


def finding(
    rule: Rule,
    side: Side,
    *,
    state: str = "",
    page: str = "",
    host: str = "",
    is_new: bool = False,
    **words: str,
) -> Finding:
    """A broken rule, with these words in its message."""
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        side=side,
        state=state,
        page=page,
        host=host,
        message=rule.message.format(host=host, **words),
        remedy=rule.remedy,
        article=rule.article,
        is_new=is_new,
    )


def of_contacts(contacts: tuple[Contact, ...]) -> Iterator[Finding]:
    """One finding for each host in each page, state and side."""
    told: set[tuple[str, str, str, str, str]] = set()
    for one in contacts:
        if one.allowed:
            continue
        rule = next(of.rule for of in CONTACTS if of.applies(one))
        place = (rule.id, one.side, one.state, one.page, one.host)
        if place in told:
            continue
        told.add(place)
        yield finding(
            rule,
            one.side,
            state=one.state,
            page=one.page,
            host=one.host,
            whom=one.host if one.kind == "unlisted" else f"{one.host} ({one.owner})",
            carrier=one.carrier.value,
            where=one.path,
            reason=one.reason,
        )


def of_cookies(cookies: tuple[CookieSet, ...]) -> Iterator[Finding]:
    for one in cookies:
        if one.kept and not one.allowed:
            by = "a script" if one.by_script else one.host
            whose = f" of {one.owner}" if one.owner else ""
            yield finding(
                COOKIE_WITH_PURPOSE if one.purpose else COOKIE,
                one.side,
                state=one.state,
                page=one.page,
                host=one.host,
                name=one.name,
                by=by,
                whose=whose,
            )


def of_hits(hits: tuple[Forwarded, ...]) -> Iterator[Finding]:
    """What of the measurement should not have gone on."""
    for one in hits:
        if not one.sent_on:
            continue
        event = one.event or "without a name"
        found = [(HIT, "")] if one.state not in AGREEING else []
        found += [
            (FIELD, field.name)
            for field in one.fields
            if field.what == "passed" and field.name in NEVER_PASSED
        ]
        for rule, name in found:
            yield finding(
                rule, Side.THROUGH, state=one.state, page=one.page, host=one.host, event=event, name=name
            )
