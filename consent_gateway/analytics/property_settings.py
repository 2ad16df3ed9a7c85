"""What Google's script for a property shows of the settings made at Google: told to the operator."""

from __future__ import annotations

import re

# As they stand in scripts that were served between 2025-07 and 2026-04.
_SETTINGS = (
    (
        re.compile(rb'"vtp_auto(?:Email|Phone|Address)Enabled"\s*:\s*true'),
        "it looks for e-mail addresses, phone numbers and addresses in your pages by itself",
        "Admin, Data streams, Allow user-provided data",
    ),
    (
        re.compile(rb'"vtp_googleSignals"\s*:\s*"ENABLED"'),
        "Google signals are on, which combine visits with Google accounts",
        "Admin, Data collection",
    ),
    (
        re.compile(rb'["\x27](?:AW-[0-9]{6,12}|DC-[0-9]{4,12})["\x27]'),
        "it is linked with advertising",
        "Admin, Product links",
    ),
)


def told(content: bytes) -> list[str]:
    """A sentence for each setting that the gateway has to work against, with where it is made."""
    found = (one for one in _SETTINGS if one[0].search(content))
    return [f"{what}: the gateway drops that; better turn it off ({where})" for _, what, where in found]
