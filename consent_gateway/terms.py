"""The terms in force, as a text that the ledger keeps by its hash: controller, purposes, recipients."""

from __future__ import annotations

import json
from typing import Any

from consent_gateway.offer import Offer, OfferedService
from consent_gateway.site import Site


def terms(offer: Offer, site: Site) -> str:
    """What a decision refers to, beside the words of the layer it was made on (EDPB 05/2020 no. 108)."""
    purposes = [
        {
            "id": purpose.id,
            "revision": purpose.revision,
            "in_accept_all": purpose.accept_all,
            "services": [_service(offered) for offered in purpose.services],
        }
        for purpose in offer.purposes
    ]
    who = {"name": site.controller.name, "contact": site.controller.contact}
    return json.dumps({"controller": who, "purposes": purposes}, ensure_ascii=False, indent=1)


def _service(offered: OfferedService) -> dict[str, Any]:
    service = offered.service
    return {
        "id": offered.id,
        "name": service.name,
        "controller": service.controller.name,
        "country": service.controller.country,
        "third_countries": sorted(offered.third_countries),
        "transfer": offered.own_words or (service.transfer.basis if service.transfer else ""),
        "data": list(service.data),
        "cookies": [f"{cookie.name} ({cookie.duration})" for cookie in service.cookies],
    }
