"""Names, numbers, dates and lists as a language says them."""

from __future__ import annotations

from datetime import date

import pytest
from babel import Locale

from consent_gateway import locales
from consent_gateway.consent import HANDLE_LIFE, REMEMBERED
from consent_gateway.periods import Period
from consent_gateway.site_values import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_forms_written_down_are_those_of_cldr(language: str) -> None:
    rule = Locale.parse({"pt": "pt_PT"}.get(language, language)).plural_form
    assert locales.plural_forms(language) == {rule(number) for number in range(200)} | {"other"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_names_and_forms_of_its_own(language: str) -> None:
    """BAN-11"""
    assert "other" in locales.plural_forms(language)
    assert locales.country_in("US", language) != "US"
    assert "2026" in locales.date_in(date(2026, 11, 29), language)
    assert len(locales.period_in(REMEMBERED, language).removeprefix("6").strip()) > 1
    assert locales.period_in(HANDLE_LIFE, language).removeprefix("13").strip()
    assert locales.list_in(["a", "b", "c"], language).startswith("a, b")


def test_countries_have_names_in_the_language() -> None:
    assert locales.country_in("US", "de") == "Vereinigte Staaten"
    assert locales.country_in("IE", "en") == "Ireland"


def test_the_form_follows_the_number() -> None:
    assert locales.plural_forms("pl") == {"one", "few", "many", "other"}
    assert locales.plural_forms("ga") == {"one", "two", "few", "many", "other"}
    forms = {"one": "1 firma", "few": "firmy", "many": "firm", "other": "firmy"}
    assert [locales.plural_in(forms, number, "pl") for number in (1, 3, 5)] == ["1 firma", "firmy", "firm"]


@pytest.mark.parametrize("language", ["fr", "es", "it", "pt"])
def test_a_number_with_a_form_of_its_own_that_nobody_has_worded_is_said_all_the_same(language: str) -> None:
    assert "many" not in locales.plural_forms(language)
    assert locales.plural_in({"one": "1", "other": "others"}, 1_000_000, language) == "others"


def test_portuguese_is_that_of_portugal() -> None:
    assert locales.country_in("PL", "pt") == "Polónia"


def test_maltese_has_its_periods_in_words() -> None:
    said = [locales.period_in(Period(number, "month"), "mt") for number in (1, 2, 6, 13, 24)]
    assert said == ["xahar", "xahrejn", "6 xhur", "13-il xahar", "24 xahar"]
