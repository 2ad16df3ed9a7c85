"""Writing behind the last entry: inside one transaction, by the only one who writes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from consent_gateway.keys import KEY_BYTES
from consent_gateway.ledger.entries import GAP, SALT_BYTES, hash_of_sealed, place_of
from consent_gateway.ledger.marking import follow
from consent_gateway.ledger.secret import Secret
from consent_gateway.ledger.tables import ENDED, ENTRIES, HEAD, KEYS, TEXTS
from consent_gateway.ledger.turns import Turns
from consent_gateway.record import Record, Submission
from consent_gateway.sealing import Box
from consent_gateway.verify_receipt import GENESIS, commitment, digest, link


class Appending:
    """The end of the chain while a transaction writes. `finish` makes it last."""

    def __init__(self, connection: sa.Connection, secret: Secret, *, is_new: bool = False) -> None:
        self._connection = connection
        self._secret = secret
        self._new: list[dict[str, Any]] = []
        self._new_keys: dict[str, str] = {}
        last = connection.execute(
            sa.select(ENTRIES.c.number, ENTRIES.c.chain).order_by(ENTRIES.c.number.desc()).limit(1)
        ).first()
        self.number: int = last.number if last else 0
        self.chain: str = last.chain if last else GENESIS
        if not is_new:
            self._check_end()

    def submit(self, submissions: Sequence[Submission]) -> list[int]:
        """The numbers of the records, in order; what was written before keeps its own, what no longer counts
        is not written and has 0."""
        numbers = self._written([one.id for one in submissions])
        names = [self._secret.key_id(one.record.receipt) for one in submissions]
        turns = Turns(self._connection, self._secret, names)
        self._keep_texts(submissions)
        boxes, last = self._boxes(names), self._last(names)
        for one, name in zip(submissions, names, strict=True):
            if one.id not in numbers and turns.refuse(one, name):
                numbers[one.id] = 0
            elif one.id not in numbers:
                record = replace(turns.counted(one.record, name), previous=last.get(name, 0))
                numbers[one.id] = last[name] = self._append(record.as_json(), boxes[name], name, one.id)
                if record.ends:
                    self._end(numbers[one.id], name, record)
                turns.note(record, name)
                follow(self._connection, name, record)
        return [numbers[one.id] for one in submissions]

    def _end(self, number: int, key: str, record: Record) -> None:
        values = {"number": number, "key": key, "turn": record.least_turn, "until": record.until}
        over = ENDED.c.until < record.decided.date().isoformat()
        # One is there already only where somebody has cut off the records that it belonged to.
        self._connection.execute(sa.delete(ENDED).where(over | (ENDED.c.number == number)))
        self._connection.execute(sa.insert(ENDED).values(values))

    def take(self, payloads: Iterable[tuple[str, str, Record | None]]) -> None:
        """Appends contents as they are, each with its receipt, and as a record if it takes something back."""
        named = [(payload, self._secret.key_id(receipt), ending) for payload, receipt, ending in payloads]
        boxes = self._boxes([name for _, name, _ in named])
        for payload, name, ending in named:
            number = self._append(payload, boxes[name], name, secrets.token_hex(16))
            if ending:
                self._end(number, name, ending)
        self.flush()

    def event(self, content: Mapping[str, Any]) -> int:
        """Appends what happened to the ledger itself."""
        payload = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return self._append(payload, self._secret.events, None, secrets.token_hex(16))

    def flush(self) -> None:
        if self._new_keys:
            rows = [{"id": id, "sealed": sealed} for id, sealed in self._new_keys.items()]
            self._connection.execute(sa.insert(KEYS), rows)
            self._new_keys = {}
        if self._new:
            self._connection.execute(sa.insert(ENTRIES), self._new)
            self._new = []

    def finish(self) -> None:
        """Writes what is there, and where the chain now ends."""
        self.flush()
        self._connection.execute(sa.delete(HEAD))
        seal = self._secret.seal_of(self.number, self.chain)
        self._connection.execute(
            sa.insert(HEAD).values(one=1, number=self.number, chain=self.chain, seal=seal)
        )

    def _check_end(self) -> None:
        """Notes for ever that the chain did not end where it was left: what follows would hide it."""
        head = self._connection.execute(sa.select(HEAD)).first()
        known, where = False, 0
        if head is not None and head.seal == self._secret.seal_of(head.number, head.chain):
            known, where = (head.number, head.chain) == (self.number, self.chain), head.number
        if not known:
            self.event({"event": GAP, "found": self.number, "expected": where})

    def _append(self, payload: str, box: Box, key: str | None, id: str) -> int:
        number, salt = self.number + 1, secrets.token_bytes(SALT_BYTES)
        content = box.seal(salt + payload.encode(), place_of(number, self.chain, id, key))
        committed = commitment(salt, payload)
        own_digest = digest(committed, hash_of_sealed(content))
        self.number, self.chain = number, link(self.chain, number, own_digest)
        values = {"content": content, "commitment": committed, "digest": own_digest, "chain": self.chain}
        self._new.append({"number": number, "id": id, "key": key, **values})
        return number

    def _keep_texts(self, submissions: Sequence[Submission]) -> None:
        texts = {hash: text for one in submissions for hash, text in one.texts.items()}
        known = set(self._connection.scalars(sa.select(TEXTS.c.hash).where(TEXTS.c.hash.in_(texts))))
        new = [{"hash": hash, "text": text} for hash, text in texts.items() if hash not in known]
        if new:
            self._connection.execute(sa.insert(TEXTS), new)

    def _written(self, ids: list[str]) -> dict[str, int]:
        rows = self._connection.execute(
            sa.select(ENTRIES.c.id, ENTRIES.c.number).where(ENTRIES.c.id.in_(ids))
        )
        return {row.id: row.number for row in rows}

    def _boxes(self, names: list[str]) -> dict[str, Box]:
        """What the keys of these names open and close; those that are not there are made."""
        rows = self._connection.execute(sa.select(KEYS).where(KEYS.c.id.in_(names)))
        sealed = {row.id: row.sealed for row in rows}
        return {name: self._box(name, sealed.get(name)) for name in set(names)}

    def _box(self, name: str, sealed: str | None) -> Box:
        if sealed is not None:
            try:
                return self._secret.opened(sealed, name)
            except ValueError:  # somebody changed it: what it had closed no longer opens, and shows that
                self._connection.execute(sa.delete(KEYS).where(KEYS.c.id == name))
        self._new_keys[name] = self._secret.sealed(secrets.token_bytes(KEY_BYTES), name)
        return self._secret.opened(self._new_keys[name], name)

    def _last(self, names: list[str]) -> dict[str, int]:
        """The number of the last record under each name."""
        rows = self._connection.execute(
            sa.select(ENTRIES.c.key, sa.func.max(ENTRIES.c.number).label("number"))
            .where(ENTRIES.c.key.in_(names))
            .group_by(ENTRIES.c.key)
        )
        return {row.key: row.number for row in rows}
