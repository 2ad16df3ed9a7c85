"""Whom a privacy policy says to write to."""

from __future__ import annotations

import pytest

from consent_gateway.survey.officers import officer_in, privacy_addresses


@pytest.mark.parametrize(
    ("lines", "officer"),
    [
        (["Datenschutzbeauftragte", "Dr. Ada Muster", "Gasse 1", "E-Mail: dsb@hof.de"], "Dr. Ada Muster, Gasse 1, dsb@hof.de"),
        (["Unseren Datenschutzbeauftragten erreichen Sie unter dsb@hof.de."], "dsb@hof.de"),
        (["Data Protection Officer", "You can reach our officer here:", "Ada M.", "Ada Muster", "dpo@hof.de"], "Ada Muster, dpo@hof.de"),
        (["Der Landesdatenschutzbeauftragte", "poststelle@datenschutz.example"], ""),
        (["Datenschutzbeauftragte", *["x"] * 20, "info@hof.de"], ""),
        (["Datenschutzbeauftragter", "Wir haben keinen."], ""),
        (["Délégué à la protection des données", "Ada", "rgpd@hof.fr"], "Ada, rgpd@hof.fr"),
        ([], ""),
    ],
)  # fmt: skip
def test_an_officer_is_who_stands_below_the_title(lines: list[str], officer: str) -> None:
    assert officer_in(lines) == officer


def test_addresses_for_data_protection_are_told_by_their_names() -> None:
    lines = [
        "info@hof.de, datenschutz@hof.de",
        "privacy@hof.de poststelle@datenschutz.example dsb.nord@hof.de",
    ]
    assert list(privacy_addresses(lines)) == ["datenschutz@hof.de", "privacy@hof.de", "dsb.nord@hof.de"]
