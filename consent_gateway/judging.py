"""What the addresses in headers and instruction files are for one visitor: held, or no place for a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from consent_gateway.catalogue import Treatment
from consent_gateway.consent import NOTHING
from consent_gateway.contacts import Judge
from consent_gateway.page.elements import Owner
from consent_gateway.recognition import Recogniser
from consent_gateway.urls import resolve
from consent_gateway.visit import Visit


def judge(visit: Visit, recogniser: Recogniser) -> Judge:
    """Judges by whose an address is and what this visitor has released."""
    return _judge(visit, recogniser, visit.loads, advertising=visit.grants("marketing"))


def extremes(visit: Visit, recogniser: Recogniser) -> tuple[Judge, Judge]:
    """The same for a visitor who has released nothing, and for one who has released everything."""
    nobody = replace(visit, consent=NOTHING)
    return judge(nobody, recogniser), _judge(visit, recogniser, lambda service: True, advertising=True)


def _judge(visit: Visit, recogniser: Recogniser, loads: Callable[[str], bool], *, advertising: bool) -> Judge:
    """Measurement is never released: it goes by way of the gateway."""
    hostname = visit.request.hostname

    def released(owner: Owner | None) -> bool:
        if not isinstance(owner, str) or not loads(owner):
            return False
        return visit.catalogue.services[owner].treatment is not Treatment.MEASUREMENT

    def held(value: str) -> bool:
        address = resolve(value, visit.request.url)
        owner = recogniser.owner(address, hostname) if address else None
        return owner is not None and not released(owner)

    def unreportable(value: str) -> bool:
        address = resolve(value, visit.request.url)
        if address is None or recogniser.is_own(address.host, hostname):
            return False
        return not released(recogniser.owner(address, hostname))

    return Judge(held=held, unreportable=unreportable, advertising=advertising)
