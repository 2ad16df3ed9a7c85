"""How long requests are kept after they were closed."""

from __future__ import annotations

from consent_gateway.periods import Period
from consent_gateway.site import Site
from consent_gateway.site_tables import Retention

# The limitation period of BGB § 195, also that of fines in OWiG § 31(2) no. 1.
DEFAULT = Retention(
    period=Period(3, "year"),
    ground="proof that requests were answered, GDPR Art. 5(2); limitation of claims",
)


def retention(site: Site) -> Retention:
    """The period and its ground (GDPR Art. 5(1)(e), 13(2)(a))."""
    return site.retention.get("requests", DEFAULT)
