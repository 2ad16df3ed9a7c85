"""What somebody may have meant by a key that is none."""

from __future__ import annotations

import pytest

from consent_gateway.near_keys import meant_by


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("site.langauges", "perhaps languages, below [site]"),
        ("third_parties.unlist", "perhaps unlisted, below [third_parties]"),
        ("controller.hosts", "perhaps hosts, below [site]"),
        ("third_party", "perhaps third_parties, as a table of its own"),
        ("cookies.sid.reasons", "perhaps reason, below [cookies.NAME]"),
        ("services.youtube.purpose", "perhaps purposes, below [services.NAME]"),
        ('cookies."a.b".purposes', "perhaps purpose, below [cookies.NAME]"),
        ("services.zoom.keep", "perhaps kept, below [services.NAME]"),
        ("theme.dark.acent", "perhaps accent, below [theme.dark]"),
        ("site.surprise", ""),
    ],
)
def test_a_key_nearly_the_same_or_of_another_table_is_named(key: str, meant: str) -> None:
    assert meant_by(key) == meant
