"""Puts a gateway together: what the command line says, the state folder, the database and the site file."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from consent_gateway import catalogue, fairness, policy_page, site
from consent_gateway.database import Url, in_folder
from consent_gateway.ended import Ended
from consent_gateway.erasures import Erasures
from consent_gateway.gateway import Gateway
from consent_gateway.holdings import Holdings, repeat
from consent_gateway.journal import Journal
from consent_gateway.key_watch import KeyWatch
from consent_gateway.keys import KeyRing
from consent_gateway.ledger import Ledger
from consent_gateway.ledger.secret import fits, of_other_keys
from consent_gateway.lists import files
from consent_gateway.periods import Period
from consent_gateway.policy_versions import PolicyVersions
from consent_gateway.private_files import BadState
from consent_gateway.purging import DailyPurge, Purging
from consent_gateway.record import Submission
from consent_gateway.recording import Recording
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.report_counts import ReportCounts
from consent_gateway.retention import rule_of
from consent_gateway.running import Running
from consent_gateway.salt_table import SaltTable
from consent_gateway.salts import Salts
from consent_gateway.seen import Seen
from consent_gateway.site import Site
from consent_gateway.site_tables import CONSENT
from consent_gateway.state import StateFolder
from consent_gateway.subject_requests.book import Requests
from consent_gateway.subject_requests.delivering import delivery_routes
from consent_gateway.subject_requests.intake import Intake
from consent_gateway.subject_requests.sending import Sender
from consent_gateway.upstream import OutboundLog, Upstream

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the command line says. `origin` is scheme, host and port of the site behind. `adapted` changes what
    the site file says, for a site that is only shown or looked at."""

    origin: str
    origin_hosts: tuple[str, ...]
    site_file: Path | None = None
    state: Path = Path(".consent-gateway")
    database: str = ""
    templates: Path | None = None
    outbound_log: Path | None = None
    default_scheme: str = "http"
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    adapted: Callable[[Site], Site] = lambda own: own


def start(settings: Settings, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Running:
    """Puts a gateway together. Raises datafile.Unreadable or Faulty for the site file, its lists
    and the templates, BadState for the state folder, DatabaseUnavailable for the database."""
    known = catalogue.load()
    own = settings.adapted(site.read(settings.site_file, known) if settings.site_file else Site())
    lists = files.of_site(own, settings.site_file)
    rendering = Rendering(templates_folder(), own.site.languages, own=settings.templates, prefix=own.prefix)
    rendering.name_purposes(own.named_purposes)
    state = StateFolder(settings.state)
    state.prepare()
    database = settings.database or in_folder(settings.state)
    ring = _ring(state, database, settings.environment)
    seen = state.seen()
    routes = delivery_routes(
        own.notify, ring, rendering.wording(own.site.languages[0]), settings.environment, settings.site_file
    )
    salts = _salts(settings, state, ring, own.analytics.rotation, now)
    ledger = Ledger(database, ring)
    ended = Ended(ledger, now)
    gateway = Gateway(
        site=own,
        catalogue=known,
        ring=ring,
        salts=salts,
        rendering=rendering,
        origin=settings.origin,
        origin_hosts=settings.origin_hosts,
        seen=Seen(services=frozenset(seen["services"]), properties=frozenset(seen["properties"])),
        started=now(),
        lists=lists,
        is_current=ended.is_current,
        scheme=own.site.scheme or settings.default_scheme,
    )
    if settings.templates:
        fairness.check(gateway, rendering, settings.templates, now())
    with ExitStack() as on_failure:
        on_failure.callback(ledger.close)
        ledger.prepare()
        erasures, kept = Erasures(settings.state), rule_of(own, CONSENT)
        repeat(ledger, erasures, ground=str(kept.ground), period=kept.period, now=now)
        ended.look()
        journal = Journal(settings.state, ring)
        for waiting in _waiting(journal):
            ended.note(waiting.record)
        counts = ReportCounts(database)
        on_failure.callback(counts.close)
        counts.prepare()
        _keep_policy(gateway, rendering, database, now())
        requests = Requests(database, ring, own.notify.routes)
        on_failure.callback(requests.close)
        requests.prepare()
        purging = Purging.of(database, ring, own)
        on_failure.callback(purging.close)
        state.remember_site_file(settings.site_file)
        log = OutboundLog(settings.outbound_log) if settings.outbound_log else None
        on_failure.pop_all()
    return Running(
        gateway,
        Recording(ledger, journal),
        counts,
        state,
        Upstream(log, scripts=settings.state / "scripts"),
        salts,
        KeyWatch(state.keys, ring, settings.environment),
        ended,
        Holdings(ledger, journal, erasures, ended, now),
        Intake(requests, Sender(requests, routes, now), now),
        DailyPurge(purging, now),
        settings.default_scheme,
    )


def _ring(state: StateFolder, database: Url, environment: Mapping[str, str]) -> KeyRing:
    """The keys, made where there are none and no ledger needs others. Raises BadState."""
    with closing(Ledger(database, None)) as ledger:
        # Before the keys are looked for: who starts at the same time in this folder makes them before a ledger.
        sealed = ledger.sealed_under()
    if sealed and not state.keys.is_there(environment):
        raise BadState(of_other_keys(sealed, None))
    ring = state.keys.ring(environment)
    if not fits(sealed, ring):
        raise BadState(of_other_keys(sealed, ring))
    return ring


def _keep_policy(gateway: Gateway, rendering: Rendering, database: Url, now: datetime) -> None:
    """Notes from when on this version is in force, and says in the log what is still missing in it."""
    if missing := [".".join(gap.key) for gap in gateway.policy.policy.missing]:
        logger.warning("the privacy policy lacks %s: see consent-gateway check", ", ".join(missing))
    versions = PolicyVersions(database)
    with ExitStack() as at_last:
        at_last.callback(versions.close)
        versions.prepare()
        known = gateway.policy
        gateway.remember(
            versions.keep(
                known.hash,
                lambda: {
                    policy_page.FACTS: known.text,
                    **policy_page.texts(known.policy, rendering, scheme=known.scheme),
                },
                now,
            )
            if known.is_to_be_kept
            else versions.all()
        )


def _waiting(journal: Journal) -> list[Submission]:
    """What the ledger could not take before the gateway stopped: it counts all the same."""
    try:
        return journal.read()
    except OSError as error:
        raise BadState(f"{error.filename}: {error.strerror}") from error


def _salts(
    settings: Settings, state: StateFolder, ring: KeyRing, rotation: Period, now: Callable[[], datetime]
) -> Salts:
    """Of the state folder, or of the database that several machines share."""
    if not settings.database:
        salts = Salts(state, rotation, now)
        salts.look()
        return salts
    table = SaltTable(settings.database, ring, rotation)
    with ExitStack() as on_failure:
        on_failure.callback(table.close)
        table.prepare()
        salts = Salts(table, rotation, now, table.close)
        salts.look()
        on_failure.pop_all()
    return salts
