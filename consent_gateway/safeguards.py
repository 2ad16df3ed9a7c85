"""Why data may go to a third country (GDPR Art. 13(1)(f), 30(1)(e)), in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from consent_gateway.locales import country_in, list_in
from consent_gateway.offer import OfferedService

ANYWHERE = "clauses_anywhere"  # by standard contractual clauses, to countries that are not named


def of_service(offered: OfferedService, transfers: Mapping[str, str], language: str) -> str:
    """In the words of the operator, else by the catalogue; empty where nothing has to be said. `transfers` are
    the sentences of the wording, by basis."""
    if own := offered.own_words.in_language(language)[0]:
        return own
    transfer = offered.service.transfer
    if not transfer:
        return ""
    return to(transfer.countries, transfer.basis if transfer.countries else ANYWHERE, transfers, language)


def to(countries: Iterable[str], basis: str, transfers: Mapping[str, str], language: str) -> str:
    """The sentence of a basis, with the countries it is about."""
    named = list_in([country_in(code, language) for code in countries], language)
    return transfers[basis].format(countries=named)
