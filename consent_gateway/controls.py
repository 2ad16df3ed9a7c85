"""The controls by which a visitor exercises his rights: what each of them says."""

from __future__ import annotations

from typing import Any

from consent_gateway.consent import OBJECTION_LIFE
from consent_gateway.rendering import Rendering
from consent_gateway.visit import Visit

# The part of a template in which each is, with the text that is read before it is pressed.
PARTS = {
    "object": "_objection.html",
    "rectify": "_rectify.html",
    "restrict": "_restrict.html",
    "lift": "_confirm_lift.html",
    "revoke": "_revoke.html",
}
LAYERS = ("your_data", "policy")


# What of it is one visitor's own: of that a record has what is to be proved, and goes with its key.
OWN: dict[str, Any] = {
    "agreed": (),
    "allowed": (),
    "again": None,
    "objection_since": None,
    "restricted": None,
}


def shown(rendering: Rendering, action: str, language: str, visit: Visit) -> str:
    """The text of a control, the same for everybody: the ledger keeps it in clear and for good."""
    same = {**values(visit), **OWN}
    return rendering.render(PARTS[action], language, token="", layer="", done="", **same)


def values(visit: Visit) -> dict[str, Any]:
    """What the controls have to say."""
    consent, known = visit.consent, visit.catalogue.services
    asked = [one.id for one in visit.offer.purposes]
    runs = [id for id in known if id in {*visit.offer.services, *consent.services}]
    return {
        "asked": asked,
        "agreed": [one.id for one in visit.offer.purposes if consent.agreed(one.id, one.revision)],
        "allowed": [(id, known[id].name) for id in sorted(consent.services) if id in known],
        "again": [known[id].name for id in runs if visit.unblocked.loads(id)],
        "objection_since": consent.objected,
        "objection_life": OBJECTION_LIFE,
        "restricted": consent.restricted,
    }
