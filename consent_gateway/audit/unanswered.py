"""Requests to third parties that had no answer: what their scripts and frames would have loaded is not seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from consent_gateway.audit.recorded import key_of
from consent_gateway.captures.exchange import Exchange

MOST = 200_000  # addresses that are told apart
_WITHOUT_ANSWER = ("websocket", "report")  # a recording of these has none


@dataclass(slots=True)
class Unanswered:
    """The addresses of third parties that were asked for, and whether any request for them was answered."""

    _answered: dict[int, bool] = field(default_factory=dict)

    def note(self, exchange: Exchange) -> None:
        """Notes a request to a third party. An error is no answer: no script came."""
        if exchange.destination in _WITHOUT_ANSWER:
            return
        key = key_of(exchange.request.url)
        if key in self._answered or len(self._answered) < MOST:
            answer = None if exchange.unreadable else exchange.response
            self._answered[key] = self._answered.get(key, False) or (
                answer is not None and answer.status < 400
            )

    @property
    def sentences(self) -> Iterator[str]:
        """How many there were, where there were any."""
        failed = sum(not answered for answered in self._answered.values())
        if failed:
            yield (
                f"of {_addresses(len(self._answered))} of third parties that were asked for, {failed:,} failed or "
                "had no answer: what their scripts and frames would load is not seen"
            )


def not_in_the_capture(number: int) -> Iterator[str]:
    """What is to be said of addresses that pages make a browser fetch and that were not recorded."""
    if number:
        yield (
            f"{_addresses(number)} of third parties that the pages make a browser fetch are not in the capture: what "
            "their scripts and frames would load is not seen"
            if number > 1
            else "1 address of a third party that a page makes a browser fetch is not in the capture: what its "
            "script or frame would load is not seen"
        )


def _addresses(number: int) -> str:
    return f"{number:,} address{'' if number == 1 else 'es'}"
