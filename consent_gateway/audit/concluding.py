"""Everything that was gathered → the audit: findings by the rules, and what the report rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import consent_gateway
from consent_gateway.audit import baseline as baselines
from consent_gateway.audit import rules
from consent_gateway.audit.baseline import Baseline
from consent_gateway.audit.findings import (
    Audit,
    Canary,
    Contact,
    CookieSet,
    Covered,
    Finding,
    Forwarded,
    Input,
    OwnService,
    Side,
)
from consent_gateway.audit.states import STATES
from consent_gateway.gateway import Gateway


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What an audit is told about itself: the command line, versions, files, and which side it judges."""

    started: datetime
    judged: Side = Side.DIRECT
    command: tuple[str, ...] = ()
    mitmproxy: str = ""
    browser: str = ""
    site_file: str = ""
    site_sha256: str = ""
    policy_hash: str = ""  # of the policy that the site file makes; of the gateway's where it is empty
    baseline: tuple[str, Baseline] | None = None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What captures or a browser have shown, whichever it was. `services` are those that were seen."""

    pages: tuple[str, ...]
    contacts: tuple[Contact, ...]
    cookies: tuple[CookieSet, ...]
    forwarded: tuple[Forwarded, ...]
    services: frozenset[str]
    consent_tools: Mapping[str, str]
    left_out: tuple[str, ...] = ()
    not_measured: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()
    coverage: tuple[Covered, ...] = ()


def concluded(
    results: Results,
    occasion: Occasion,
    gateway: Gateway,
    inputs: Iterable[Input],
    canary: Canary,
    finished: datetime,
) -> Audit:
    """The audit with all of its findings."""
    declared = tuple(gateway.site.services or ())
    audit = Audit(
        started=occasion.started,
        finished=finished,
        gateway=consent_gateway.__version__,
        mitmproxy=occasion.mitmproxy,
        browser=occasion.browser,
        command=occasion.command,
        site_file=occasion.site_file,
        site_sha256=occasion.site_sha256,
        policy_hash=occasion.policy_hash or gateway.policy.hash,
        judged=occasion.judged,
        inputs=tuple(inputs),
        pages=results.pages,
        states=tuple(state.id for state in STATES),
        contacts=results.contacts,
        cookies=results.cookies,
        forwarded=results.forwarded,
        findings=tuple(_findings(results, declared, occasion.judged)),
        canary=canary,
        not_measured=(*results.not_measured, *_untried(results.coverage)),
        left_out=results.left_out,
        declared=declared,
        conditions=occasion.conditions,
        own_services=tuple(
            OwnService(id=id, name=one.name, company=one.controller.name)
            for id, one in gateway.site.own_services.items()
        ),
        coverage=results.coverage,
        incomplete=results.incomplete,
    )
    if occasion.baseline:
        name, known = occasion.baseline
        audit = baselines.against(audit, known, name)
    return audit


def _untried(coverage: Iterable[Covered]) -> Iterator[str]:
    yield from (f"{one.situation} was not tried: {one.said}" for one in coverage if not one.tried)


def _findings(results: Results, declared: tuple[str, ...], judged: Side) -> Iterator[Finding]:
    yield from rules.of_contacts(results.contacts)
    yield from rules.of_cookies(results.cookies)
    yield from rules.of_hits(results.forwarded)
    for service in declared:
        if service not in results.services:
            yield rules.finding(rules.NEVER_SEEN, judged, state="all", name=service)
    for name, page in results.consent_tools.items():
        yield rules.finding(rules.CONSENT_TOOL, judged, page=page, name=name)
    for sentence in results.left_out:
        page, _, reason = sentence.partition(": ")
        yield rules.finding(rules.UNREAD, judged, page=page, reason=reason or sentence)
