"""The tables of requests, in the database of the ledger. Times are ISO 8601 in UTC, so that they sort."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

METADATA = sa.MetaData()
TIME = sa.String(32)
DAY = sa.String(10)
LARGEST = 2**31 - 1  # that an integer of PostgreSQL holds

# What was asked, by whom, and what was answered is in `sealed`; the rest is what deadlines need.
REQUESTS = sa.Table(
    "requests",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("received", TIME, nullable=False),
    sa.Column("due", DAY, nullable=False),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("closed", TIME, nullable=True),
    sa.Column("sealed", sa.Text, nullable=False),
)
# The last number that was given, also after what had it was removed.
NUMBERS = sa.Table(
    "request_numbers",
    METADATA,
    sa.Column("what", sa.String(20), primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)
# What is to be sent on. `next_attempt` is moved ahead before an attempt, so that nobody else makes it.
OUTBOX = sa.Table(
    "request_outbox",
    METADATA,
    sa.Column("request", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("route", sa.String(10), primary_key=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_attempt", TIME, nullable=False, index=True),
    sa.Column("done", TIME, nullable=True),
    sa.Column("last_error", sa.String(200), nullable=False),
)
# Recipients who are to be told (GDPR Art. 19). No personal data.
RECIPIENT_NOTICES = sa.Table(
    "request_recipient_notices",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("time", TIME, nullable=False),
    sa.Column("latest", TIME, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("right", sa.String(10), nullable=False),
    sa.Column("recipient", sa.String(200), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("request", sa.Integer, nullable=True, index=True),
    sa.Column("closed", TIME, nullable=True),
    sa.Column("outcome", sa.String(10), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
# Notices before data go to a collection service: who was told what is in `sealed`.
ADVANCE_NOTICES = sa.Table(
    "request_advance_notices",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("time", TIME, nullable=False),
    sa.Column("planned", DAY, nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),
)


def text_of(moment: datetime) -> str:
    """A time as the columns have it."""
    return moment.astimezone(UTC).isoformat()
