"""What the gateway's core asks for around requests of data subjects, and what it answers with then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from consent_gateway.messages import Response
from consent_gateway.subject_requests.request import NewRequest, SubjectRequest

Recipients = Sequence[tuple[str, str]]  # id and name


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """A request is to be received. `recipients` had the data, and are to be told (GDPR Art. 19). Answered is
    with `received`; with `unreceived` where it could not be written, and nothing was taken; with
    `too_many` and the seconds to wait where there were too many in the last hour."""

    new: NewRequest
    recipients: Recipients = ()
    received: Callable[[SubjectRequest], Response]
    unreceived: Response
    too_many: Callable[[int], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookingUp:
    """Somebody wants to see a request. `found` is called with None where number and key do not belong
    together; `unavailable` goes out where nobody can look now."""

    number: int
    key: str
    found: Callable[[SubjectRequest | None], Response]
    unavailable: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticing:
    """A right was exercised at the gateway itself, and recipients are to be told (GDPR Art. 19)."""

    right: str
    recipients: Recipients
