"""Who has received data of a visitor: services that were released, by cookie and by records (GDPR Art. 19)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence

from consent_gateway.holding import Holding
from consent_gateway.visit import Visit

# The id of a service that was offered, with the purpose it was offered for.
Offered = tuple[str, str]


def recipients(visit: Visit, held: Sequence[Holding] | None) -> list[str]:
    """The ids of the services, in the catalogue's order, blocked by now or not. Terms that cannot be read
    name nobody."""
    found = {*_of_cookie(visit)}
    offered = {terms: _offered(terms) for terms in {one.terms for one in held or ()}}
    for one in held or ():
        found.update(one.record.services)
        found.update(_of_purposes(offered[one.terms], one.record.granted, visit))
    return [id for id in visit.catalogue.services if id in found]


def _of_cookie(visit: Visit) -> Iterator[str]:
    yield from filter(visit.unblocked.loads, visit.offer.services)
    yield from visit.consent.services


def _of_purposes(offered: Sequence[Offered], granted: Collection[str], visit: Visit) -> Iterator[str]:
    """The services that were released with their purposes."""
    for id, purpose in offered:
        known = visit.catalogue.services.get(id)
        if all(need in granted for need in (known.purposes if known else (purpose,))):
            yield id


def _offered(terms: str) -> list[Offered]:
    """What a policy offered; nothing where it is none of the gateway's, or was changed."""
    try:
        return [
            (str(service["id"]), str(purpose["id"]))
            for purpose in json.loads(terms)["purposes"]
            for service in purpose["services"]
        ]
    except (ValueError, TypeError, KeyError, RecursionError):
        return []
