"""What the gateway itself does to protect data, as far as this site's configuration has it do so."""

from __future__ import annotations

from collections.abc import Callable

from consent_gateway.site import Site

# Each names the sentence of the wording that says it; what holds for every site needs no condition.
MEASURES: tuple[tuple[str, Callable[[Site], bool]], ...] = (
    ("held", lambda site: True),
    ("listed", lambda site: site.third_parties.unlisted == "hold"),
    ("pseudonyms", lambda site: site.lists("google-analytics")),
    ("cookies", lambda site: site.third_parties.unlisted == "hold"),
    ("click_ids", lambda site: True),
    ("signed", lambda site: True),
    ("encrypted", lambda site: True),
    ("chained", lambda site: True),
    ("sparing", lambda site: True),
    ("deletion", lambda site: True),
    ("https", lambda site: site.site.scheme == "https"),
)


def measures(site: Site) -> list[str]:
    """The ids of those in force, in the order in which they are told (GDPR Art. 30(1)(g), 32)."""
    return [id for id, holds in MEASURES if holds(site)]
