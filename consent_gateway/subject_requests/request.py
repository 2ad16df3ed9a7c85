"""A request of a data subject as a value: what was asked, by when it has to be answered, and what was done."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Self
from urllib.parse import urlencode

from consent_gateway.periods import Period

# What may be asked for, and the article of the GDPR.
KINDS = {
    "access": "Art. 15",
    "rectify": "Art. 16",
    "erase": "Art. 17",
    "restrict": "Art. 18",
    "object": "Art. 21",
}
CHANNELS = ("form", "post", "e-mail", "phone")

OPEN = ("open", "extended")
# In which status a request takes a step, whose name is its status then. An answer may go beyond the time that
# there was for it.
TAKES = {"extended": ("open",), "answered": OPEN, "refused": OPEN}

ANSWER_WITHIN = 1  # month of receipt (GDPR Art. 12(3) sentence 1)
MOST_EXTENSION = 2  # further months (Art. 12(3) sentence 2)

LONGEST_REPLY_TO = 320  # the longest mail address has 254 characters; a postal one fits, too
LONGEST_MESSAGE = 10_000
LONGEST_STEP = 20_000
KEY_BYTES = SALT_BYTES = 16


class Unacceptable(ValueError):
    """A request that is not taken as it is; `field` names what is wrong with it, `reason` why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class NotPossible(ValueError):
    """A step that cannot be taken with a request as it is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """What somebody asks. `received` is UTC; `language` and `host` are those of the page, if there was one.
    Raises Unacceptable."""

    kind: str
    reply_to: str = field(repr=False)
    message: str = field(default="", repr=False)
    language: str = ""
    host: str = ""
    channel: str = "form"
    received: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "reply_to", self.reply_to.strip())
        object.__setattr__(self, "message", unified(self.message))
        if self.kind not in KINDS:
            raise Unacceptable("kind", f"must be one of {', '.join(KINDS)}")
        if self.channel not in CHANNELS:
            raise Unacceptable("channel", f"must be one of {', '.join(CHANNELS)}")
        if self.received.tzinfo is None:
            raise Unacceptable("received", "must say its time zone")
        check_text("reply_to", self.reply_to, least=1, most=LONGEST_REPLY_TO)
        check_text("message", self.message, most=LONGEST_MESSAGE, lines=True)
        check_text("language", self.language, most=35)
        check_text("host", self.host, most=253)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was done: when (UTC), what, and in which words. `record` is the number of the ledger's
    event of it; the salt keeps the digest there from being guessed."""

    time: datetime
    what: str
    text: str = field(default="", repr=False)
    salt: str = field(default_factory=lambda: secrets.token_hex(SALT_BYTES), repr=False)
    record: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRequest:
    """A request that was received (GDPR Art. 15 to 21). Times are UTC. Who has the `key` may look at it;
    `closed` is when it was answered or refused."""

    number: int
    kind: str
    reply_to: str = field(repr=False)
    message: str = field(repr=False)
    language: str
    host: str
    channel: str
    received: datetime
    due: date
    status: str = "open"
    steps: tuple[Step, ...] = ()
    key: str = field(repr=False)
    closed: datetime | None = None

    @classmethod
    def of(cls, new: NewRequest, number: int, now: datetime) -> Self:
        """What becomes of a new one, with a random key of 128 bits."""
        return cls(
            number=number,
            **{name: getattr(new, name) for name in NewRequest.__slots__},
            due=due(new.received, ANSWER_WITHIN),
            steps=(Step(time=now, what="received"),),
            key=secrets.token_urlsafe(KEY_BYTES),
        )

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def day_of(self, step: Step) -> date:
        """When it was done (UTC). What came by post was received before it was written here."""
        return (self.received if step.what == "received" else step.time).astimezone(UTC).date()

    def days_left(self, today: date) -> int:
        """Negative where the time for an answer is over."""
        return (self.due - today).days

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.due < today

    # ---- what is done with it; each raises NotPossible or Unacceptable -------------------------------

    def extended(self, months: int, reason: str, now: datetime) -> Self:
        """With more time, and the reason that was told (GDPR Art. 12(3) sentences 2 and 3)."""
        if not 1 <= months <= MOST_EXTENSION:
            raise Unacceptable("months", f"must be 1 to {MOST_EXTENSION}, GDPR Art. 12(3)")
        later = self._after("extended", reason, now)
        if now.astimezone(UTC).date() > self.due:
            raise NotPossible(
                f"an extension has to be told within a month of receipt, GDPR Art. 12(3): that was {self.due}"
            )
        return replace(later, due=due(self.received, ANSWER_WITHIN + months))

    def answered(self, text: str, now: datetime) -> Self:
        return replace(self._after("answered", text, now), closed=now)

    def refused(self, reason: str, now: datetime) -> Self:
        """Not acted on, with the reason that was told (GDPR Art. 12(4))."""
        return replace(self._after("refused", reason, now), closed=now)

    def _after(self, what: str, text: str, now: datetime) -> Self:
        text = unified(text).strip()
        check_text("reason" if what == "extended" else "text", text, least=1, most=LONGEST_STEP, lines=True)
        if self.status not in TAKES[what]:
            raise NotPossible(f"request {self.number} is already {self.status}")
        return replace(self, status=what, steps=(*self.steps, Step(time=now, what=what, text=text)))

    # ---- its proof -----------------------------------------------------------------------------------

    def digest(self, step: Step) -> str:
        """The commitment to a step that is in the ledger."""
        return commitment(step.salt, self.said(step))

    def said(self, step: Step) -> str:
        """All that was said in a step, as JSON, which its digest stands for."""
        said: dict[str, Any] = {"number": self.number, "what": step.what, "time": step.time.isoformat()}
        if step.what == "received":
            asked = ("kind", "reply_to", "message", "language", "host", "channel")
            said |= {name: getattr(self, name) for name in asked} | {"received": self.received.isoformat()}
        else:
            said["text"] = step.text
        return spelt(said)

    @property
    def id(self) -> str:
        """A name that no other request has anywhere, and from which nothing follows."""
        return f"request-{self.number}-{self.digest(self.steps[0])[:16]}"


CLEAR = ("number", "received", "due", "status", "closed")


def sealed_part(request: SubjectRequest) -> str:
    """What of a request is kept encrypted, as JSON."""
    values = {name: value for name, value in asdict(request).items() if name not in CLEAR}
    return json.dumps(values, ensure_ascii=False, default=datetime.isoformat)


def joined(clear: Mapping[str, Any], sealed: str) -> SubjectRequest:
    """The request again from what is in clear and what was encrypted."""
    values = json.loads(sealed)
    steps = (Step(**step | {"time": datetime.fromisoformat(step["time"])}) for step in values.pop("steps"))
    return SubjectRequest(**clear, **values, steps=tuple(steps))


def address(prefix: str, request: SubjectRequest) -> str:
    """The path at which whoever made it can look at it, in the language of the request if there is one."""
    query = {"number": str(request.number), "key": request.key, "language": request.language}
    return f"{prefix}/request?{urlencode({name: value for name, value in query.items() if value})}"


def due(received: datetime, months: int) -> date:
    """The day so many calendar months later, the last of its month where there is no such day (Regulation
    1182/71 Art. 3(2)(c)). That a period may end on the next working day is not made use of."""
    return Period(months, "month").after(received.astimezone(UTC)).date()


def spelt(said: Mapping[str, Any]) -> str:
    """The one spelling of what was said, as JSON."""
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def commitment(salt: str, said: str) -> str:
    """A digest of what was said, which says nothing of it without the salt: HMAC-SHA256."""
    return hmac.new(bytes.fromhex(salt), said.encode(), hashlib.sha256).hexdigest()


def unified(text: str) -> str:
    """With line breaks of one kind."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check_text(field: str, text: str, *, least: int = 0, most: int, lines: bool = False) -> None:
    """Raises Unacceptable for a text that is too short or long, or has what nobody sees in it."""
    if len(text) < least:
        raise Unacceptable(field, "must not be empty")
    if len(text) > most:
        raise Unacceptable(field, f"must have {most} characters at most")
    allowed = "\n\t" if lines else ""
    for letter in text:
        if letter not in allowed and unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp"):
            raise Unacceptable(field, "must not have control characters in it")
