"""How long a cookie lives by the field that sets it (RFC 6265 4.1.2), and as a site file says it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from consent_gateway.cookie_names import is_name
from consent_gateway.messages import Response

LONGEST = 100 * 365 * 86400  # seconds; browsers keep none for longer than 400 days (RFC 6265bis 5.5)
_UNITS = (("year", 365 * 86400), ("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
_OVER = -1
_NEARLY = 0.01  # of a life: a date is a second or two off


def set_by(response: Response, time: datetime | None) -> Iterator[tuple[str, int | None]]:
    """The cookies that an answer sets, each with its life in seconds, 0 for the session, None where that cannot be
    told; not those it deletes. `time` is when it came, where nothing in it says so."""
    now = _date(response.headers.get("date")) or time
    for line in response.headers.all("set-cookie"):
        pair, *attributes = line.split(";")
        name = pair.partition("=")[0].strip()
        seconds = _life(attributes, now)
        if is_name(name) and "*" not in name and seconds != _OVER:
            yield name, seconds


def _life(attributes: list[str], now: datetime | None) -> int | None:
    """The same of one field; Max-Age counts before Expires."""
    said: dict[str, str] = {}
    for attribute in attributes:
        name, _, value = attribute.partition("=")
        said[name.strip().lower()] = value.strip()
    age = said.get("max-age", "")
    if age.removeprefix("-").isdecimal() and age.isascii() and len(age) < 20:
        return min(int(age), LONGEST) if int(age) > 0 else _OVER
    expires = _date(said.get("expires", ""))
    if expires is None:
        return 0
    if now is None:
        return None
    seconds = (expires - now).total_seconds()
    return min(int(seconds) + 1, LONGEST) if seconds > 0 else _OVER


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text.replace("-", " "))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def duration(seconds: int) -> str:
    """As a site file says it, never too short: in the largest unit that is right to a hundredth."""
    if seconds <= 0:
        return "session"
    for unit, length in _UNITS:
        number = -(-seconds // length)
        if number * length - seconds <= seconds * _NEARLY:
            return f"{number} {unit}{'' if number == 1 else 's'}"
    raise AssertionError("a second is right to the second")
