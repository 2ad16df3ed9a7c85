"""Names, numbers, dates and lists as a language says them (Unicode CLDR)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.units import format_unit

from consent_gateway.periods import Period

# CLDR's "pt" is that of Brazil and its "en" that of the United States.
_LOCALES = {"en": "en_150", "pt": "pt_PT"}
# CLDR's forms for numbers of things; those for millions are left out. Written down, for asking Babel reads the
# whole locale: a tenth of a start.
_ONE_AND_OTHER = frozenset(("one", "other"))
_PLURAL_FORMS = {
    **dict.fromkeys(("cs", "hr", "lt", "ro", "sk"), _ONE_AND_OTHER | {"few"}),
    **dict.fromkeys(("pl", "uk"), _ONE_AND_OTHER | {"few", "many"}),
    **dict.fromkeys(("ga", "mt"), _ONE_AND_OTHER | {"two", "few", "many"}),
    "lv": _ONE_AND_OTHER | {"zero"},
    "sl": _ONE_AND_OTHER | {"two", "few"},
}


@lru_cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, language))


def plural_forms(language: str) -> frozenset[str]:
    """The forms a language has for a number of things: some of zero, one, two, few, many and other."""
    return _PLURAL_FORMS.get(language, _ONE_AND_OTHER)


def plural_in(forms: Mapping[str, str], number: int, language: str) -> str:
    """The sentence for a number of things, that of `other` where there is none for it."""
    return forms.get(_locale(language).plural_form(number), forms["other"])


def country_in(code: str, language: str) -> str:
    """The name of an ISO 3166 country."""
    return str(_locale(language).territories.get(code, code))


# CLDR has short forms only (https://github.com/unicode-org/cldr, common/main/mt.xml).
_MALTESE = {
    "second": ("sekonda", "żewġ sekondi", "{} sekondi", "{}-il sekonda", "{} sekonda"),
    "minute": ("minuta", "żewġ minuti", "{} minuti", "{}-il minuta", "{} minuta"),
    "hour": ("siegħa", "sagħtejn", "{} sigħat", "{}-il siegħa", "{} siegħa"),
    "day": ("jum", "jumejn", "{} ijiem", "{}-il jum", "{} jum"),
    "week": ("ġimgħa", "ġimagħtejn", "{} ġimgħat", "{}-il ġimgħa", "{} ġimgħa"),
    "month": ("xahar", "xahrejn", "{} xhur", "{}-il xahar", "{} xahar"),
    "year": ("sena", "sentejn", "{} snin", "{}-il sena", "{} sena"),
}


def period_in(period: Period, language: str) -> str:
    """A period in words."""
    if language == "mt":
        forms = dict(zip(("one", "two", "few", "many", "other"), _MALTESE[period.unit], strict=True))
        return plural_in(forms, period.number, language).format(period.number)
    return str(format_unit(period.number, f"duration-{period.unit}", locale=_locale(language)))


def date_in(day: date, language: str) -> str:
    """A day in words."""
    return str(format_date(day, "long", locale=_locale(language)))


def list_in(items: Iterable[str], language: str) -> str:
    """Several things in one sentence."""
    return str(format_list(list(map(str, items)), locale=_locale(language)))
