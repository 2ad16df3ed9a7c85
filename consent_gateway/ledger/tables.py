"""The tables of the ledger."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()
HASH = sa.String(64)
ID = sa.String(32)

# One row for each entry, never changed but for one thing: when an entry is erased, `content`,
# `commitment` and `key` go, and `digest` keeps the chain together.
ENTRIES = sa.Table(
    "ledger_entries",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", ID, nullable=False, unique=True),
    sa.Column("key", ID, nullable=True, index=True),
    sa.Column("content", sa.Text, nullable=True),
    sa.Column("commitment", HASH, nullable=True),
    sa.Column("digest", HASH, nullable=False),
    sa.Column("chain", HASH, nullable=False, unique=True),
)
# The keys that contents are encrypted with, sealed under the ledger's secret.
KEYS = sa.Table(
    "ledger_keys",
    METADATA,
    sa.Column("id", ID, primary_key=True),
    sa.Column("sealed", sa.Text, nullable=False),
)
# The ledger's secret, sealed under each key of the ring; `place` grows.
SECRETS = sa.Table(
    "ledger_secrets",
    METADATA,
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),
)
# Where the chain ends, in one row that only who has the secret can write.
HEAD = sa.Table(
    "ledger_head",
    METADATA,
    sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("chain", HASH, nullable=False),
    sa.Column("seal", HASH, nullable=False),
)
# Decisions that take something back: of the same receipt those before `turn` count no more. The rows are
# needed as long as a cookie from before may be valid, `until` a day.
ENDED = sa.Table(
    "ledger_ended",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", ID, nullable=False),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("until", sa.String(10), nullable=False, index=True),
)
# Names of receipts whose records are only kept, since which day and on what ground.
RESTRICTED = sa.Table(
    "ledger_restricted",
    METADATA,
    sa.Column("key", ID, primary_key=True),
    sa.Column("since", sa.String(10), nullable=False),
    sa.Column("ground", sa.Text, nullable=False),
)
TEXTS = sa.Table(
    "texts",
    METADATA,
    sa.Column("hash", HASH, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)

# The ledger of an earlier version: contents in clear, the chain over them.
BEFORE = sa.MetaData()
RECORDS = sa.Table(
    "records",
    BEFORE,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("chain", HASH, nullable=False, unique=True),
)
