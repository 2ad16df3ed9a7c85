"""What recipients are told of (GDPR Art. 19), and what data subjects are told before their data go on."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from consent_gateway.policy_tables import Recipient
from consent_gateway.subject_requests.request import (
    SALT_BYTES,
    Unacceptable,
    check_text,
    commitment,
    spelt,
    unified,
)

RIGHTS = {"rectify": "Art. 16", "erase": "Art. 17", "restrict": "Art. 18"}  # GDPR Art. 19 sentence 1
# How a notice is closed, and what the ledger calls that. Whom data were never given to is no recipient.
OUTCOMES = {
    "told": "told",
    "impossible": "not possible",
    "never_had": "never had the data",
    "not_needed": "not needed",
}
LONGEST_WHO = 320
LONGEST_TEXT = 20_000
LONGEST_NAME = 200


def to_tell(kind: str, recipients: Mapping[str, Recipient]) -> tuple[tuple[str, str], ...]:
    """The recipients of a site file who are to be told of such a request, with the names they go by there."""
    if kind not in RIGHTS:
        return ()
    return tuple((id, one.name or str(one.purpose) or one.kind) for id, one in recipients.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientNotice:
    """One recipient who is to be told that data were corrected, erased or restricted. `request` is None
    where the right was exercised at the gateway itself, `count` times from `time` to `latest`. `closed` is
    when it had one of the OUTCOMES."""

    number: int
    time: datetime
    latest: datetime
    count: int = 1
    right: str
    recipient: str
    name: str
    request: int | None = None
    closed: datetime | None = None
    outcome: str = ""
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.closed is None

    @property
    def said(self) -> str:
        """What became of it, in words; empty while it is open."""
        word = OUTCOMES.get(self.outcome, "")
        return f"{word}: {self.reason}" if self.reason else word


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAdvanceNotice:
    """What somebody was told before his data go to a collection service: to whom, when, and in which
    words. `now` is UTC. Raises Unacceptable."""

    who: str = field(repr=False)
    recipient: str
    planned: date
    text: str = field(repr=False)
    now: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", unified(self.text).strip())
        check_text("who", self.who, least=1, most=LONGEST_WHO)
        check_text("recipient", self.recipient, least=1, most=LONGEST_NAME)
        check_text("text", self.text, least=1, most=LONGEST_TEXT, lines=True)
        if self.planned <= self.now.astimezone(UTC).date():
            raise Unacceptable("planned", "must be later than today: it is a notice in advance")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceNotice:
    """Such a notice as it is kept. `record` is the number of the ledger's event of it."""

    number: int
    who: str = field(repr=False)
    recipient: str
    planned: date
    text: str = field(repr=False)
    time: datetime
    salt: str = field(default_factory=lambda: secrets.token_hex(SALT_BYTES), repr=False)
    record: int = 0

    @property
    def digest(self) -> str:
        """The commitment that is in the ledger."""
        return commitment(self.salt, self.said)

    @property
    def said(self) -> str:
        """All of it, as JSON, which the digest stands for."""
        said = {
            "number": self.number,
            "who": self.who,
            "recipient": self.recipient,
            "planned": self.planned.isoformat(),
            "text": self.text,
            "time": self.time.isoformat(),
        }
        return spelt(said)
