"""The ledger's secret: made once, sealed under the keys of the ring, and all that follows from it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection

import sqlalchemy as sa

from consent_gateway.database import DatabaseUnavailable
from consent_gateway.keys import KEY_BYTES, Key, KeyRing, hkdf
from consent_gateway.ledger.tables import ENDED, ENTRIES, HEAD, KEYS, SECRETS
from consent_gateway.sealing import Box

PLACE = "ledger secret"
REMOVED = "the secret of the ledger was removed: nothing in it can be opened; restore a backup"


class Secret:
    """Seals the keys of records and the requests of data subjects, finds the key of a receipt, and signs
    the end of the chain."""

    def __init__(self, value: bytes) -> None:
        self._keys = Box(_derived(value, "keys"))
        self.events = Box(_derived(value, "events"))
        self._receipts = _derived(value, "receipts")
        self._head = _derived(value, "head")
        self.requests = Box(_derived(value, "requests"))

    def key_id(self, receipt: str) -> str:
        """The name of a receipt's key, from which nobody else can tell whose it is; without a receipt
        a name that no other record has."""
        if not receipt:
            return secrets.token_hex(16)
        return hmac.new(self._receipts, receipt.encode(), hashlib.sha256).hexdigest()[:32]

    def sealed(self, key: bytes, id: str) -> str:
        return self._keys.seal(key, id)

    def opened(self, sealed: str, id: str) -> Box:
        """What a key opens. Raises ValueError."""
        return Box(self._keys.unseal(sealed, id))

    def seal_of(self, number: int, chain: str) -> str:
        """The signature of the chain's end."""
        return hmac.new(self._head, f"{number}\n{chain}".encode(), hashlib.sha256).hexdigest()


def keep(connection: sa.Connection, ring: KeyRing) -> Secret:
    """The secret, made on first use, sealed under the root of the ring and its newest key. Keys that are
    no longer in the ring cannot open it any more. Raises DatabaseUnavailable."""
    rows = connection.execute(sa.select(SECRETS).order_by(SECRETS.c.place)).all()
    value = _value({row.key: row.sealed for row in rows}, ring) if rows else secrets.token_bytes(KEY_BYTES)
    sealed, place = {row.key for row in rows}, rows[-1].place if rows else 0
    for key in (ring.root, ring.keys[-1]):
        if key.id not in sealed:
            place += 1
            _add(connection, key, value, place)
    known = {ring.root.id, *(key.id for key in ring.keys)}
    if rows and rows[-1].key in known:  # else another machine has a newer ring, and decides
        connection.execute(sa.delete(SECRETS).where(SECRETS.c.key.not_in(known)))
    return Secret(value)


def find(connection: sa.Connection, ring: KeyRing) -> Secret:
    """The secret as it is there. Raises DatabaseUnavailable."""
    rows = connection.execute(sa.select(SECRETS)).all()
    if not rows:
        raise DatabaseUnavailable("the ledger has no secret: consent-gateway serve makes it")
    return Secret(_value({row.key: row.sealed for row in rows}, ring))


def keys(connection: sa.Connection) -> list[str]:
    """The ids of the keys it is sealed under, oldest first; none where nothing was written that needs it."""
    if not sa.inspect(connection).has_table(SECRETS.name):
        return []
    return list(connection.scalars(sa.select(SECRETS.c.key).order_by(SECRETS.c.place)))


def of_other_keys(sealed: Collection[str], ring: KeyRing | None) -> str:
    """That none of the keys there are opens a ledger, and what to do; ids are no secret (`keys list` prints them)."""
    given = (
        f"the keys given ({', '.join(key.id for key in ring.keys)})"
        if ring
        else "the keys given, for there are none"
    )
    return (
        f"the ledger was begun under other keys: it is sealed with the key {' or '.join(sorted(sealed))}, which is not "
        f"among {given}. Set CONSENT_GATEWAY_KEYS to the line that the other machines have, or put the file "
        "keys that belongs to it into the state folder"
    )


def fits(sealed: Collection[str], ring: KeyRing) -> bool:
    """Whether one of the keys has the name of one that a ledger is sealed under, so far as it is sealed at all."""
    return not sealed or not {ring.root.id, *(key.id for key in ring.keys)}.isdisjoint(sealed)


def needed(connection: sa.Connection) -> bool:
    """Whether something is there that was written with a secret."""
    names = sa.inspect(connection).get_table_names()
    tables = [table for table in (HEAD, ENTRIES, KEYS, ENDED) if table.name in names]
    return any(connection.execute(sa.select(table).limit(1)).first() for table in tables)


def _value(sealed: dict[str, str], ring: KeyRing) -> bytes:
    for key in (ring.root, *reversed(ring.keys)):
        if key.id in sealed:
            try:
                return _box(key).unseal(sealed[key.id], PLACE)
            except ValueError as error:
                raise DatabaseUnavailable(
                    f"the ledger was sealed with another key of the name {key.id}"
                ) from error
    raise DatabaseUnavailable(of_other_keys(sealed, ring))


def _add(connection: sa.Connection, key: Key, value: bytes, place: int) -> None:
    connection.execute(
        sa.insert(SECRETS).values(key=key.id, place=place, sealed=_box(key).seal(value, PLACE))
    )


def _box(key: Key) -> Box:
    return Box(hkdf(key.secret, salt=b"consent-gateway", info=b"ledger"))


def _derived(value: bytes, use: str) -> bytes:
    return hkdf(value, salt=b"consent-gateway ledger", info=use.encode())
