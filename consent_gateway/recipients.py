"""Who has received data of a visitor: services that were released, by cookie and by records (GDPR Art. 19)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from consent_gateway.holding import Holding
from consent_gateway.visit import Visit


def recipients(visit: Visit, held: Sequence[Holding] | None) -> list[str]:
    """The ids of the services, in the catalogue's order, blocked by now or not."""
    found = {*_of_cookie(visit)}
    for one in held or ():
        found.update(_of_record(one, visit))
    return [id for id in visit.catalogue.services if id in found]


def _of_cookie(visit: Visit) -> Iterator[str]:
    yield from filter(visit.unblocked.loads, visit.offer.services)
    yield from visit.consent.services


def _of_record(one: Holding, visit: Visit) -> Iterator[str]:
    """Of its purposes the services that were offered then."""
    yield from one.record.services
    offered = json.loads(one.terms)["purposes"] if one.terms else []
    for purpose in offered:
        for service in purpose["services"]:
            known = visit.catalogue.services.get(service["id"])
            needs = known.purposes if known else (purpose["id"],)
            if all(need in one.record.granted for need in needs):
                yield service["id"]
