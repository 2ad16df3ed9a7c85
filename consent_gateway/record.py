"""What the ledger keeps of a decision, as values: the record, and the texts that belong to it."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from consent_gateway.consent import LAST_TURN, REMEMBERED

NEVER = LAST_TURN + 1
# Kinds of decisions. What takes something back or blocks it ends what older cookies say.
GRANTS = ("grant", "change", "activation")
TAKES_BACK = ("withdrawal", "objection")
ENDS = (*TAKES_BACK, "change", "restriction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One decision (GDPR Art. 7(1)): when, what was granted and refused, and what was shown.

    There is no address, user agent or URL in it (GDPR Art. 5(1)(c)). `time` is UTC to the second,
    for a refusal to the day. `layer` is where it was made. `shown` is the hash of the text it was made
    on, `policy` that of the facts of the privacy policy in force. `previous` is the number of the record
    before it with the same receipt, 0 if there is none; the ledger sets it. `turn` counts the decisions
    under a receipt; the ledger sets it higher where another one came in between.
    """

    time: str
    kind: str
    host: str
    layer: str
    language: str
    shown: str
    policy: str = ""
    granted: dict[str, str]
    refused: dict[str, str]
    services: list[str]
    signal: bool
    receipt: str
    previous: int = 0
    turn: int = 0

    @property
    def ends(self) -> bool:
        """Whether it takes something back that was agreed to under its receipt, or blocks it."""
        return bool(self.receipt) and self.kind in ENDS

    @property
    def grants_anything(self) -> bool:
        return bool(self.granted or self.services)

    @property
    def least_turn(self) -> int:
        """The first turn that counts after it; none does where nothing is left of the receipt."""
        return self.turn if self.grants_anything else NEVER

    @property
    def until(self) -> str:
        """The day after which no cookie from before it is valid."""
        return REMEMBERED.after(self.decided).date().isoformat()

    @property
    def decided(self) -> datetime:
        """The time as one; for a refusal the beginning of its day."""
        moment = datetime.fromisoformat(self.time)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def as_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Record:
        """Raises ValueError for what is no record."""
        try:
            return cls(**values)
        except TypeError as error:
            raise ValueError(str(error)) from error


def _new_id() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Submission:
    """A record on its way into the ledger, with the texts it names. `id` is a random number: what is
    submitted twice is written once. What `grants` something is only written if its turn still counts."""

    record: Record
    shown: str
    policy: str = ""
    id: str = field(default_factory=_new_id)
    grants: bool = False

    @property
    def texts(self) -> dict[str, str]:
        """The texts by their hashes."""
        found = {self.record.shown: self.shown}
        return found | {self.record.policy: self.policy} if self.policy else found

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> Submission:
        """What as_json has written. Raises ValueError for anything else."""
        try:
            values = json.loads(text)
            return cls(**values | {"record": Record.of(values["record"])})
        except (TypeError, KeyError) as error:
            raise ValueError(str(error)) from error


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def moment(now: datetime, *, exact: bool) -> str:
    """The time of a record: a refusal is dated to the day, so that it points to nobody."""
    utc = now.astimezone(UTC)
    return utc.isoformat(timespec="seconds") if exact else utc.date().isoformat()
