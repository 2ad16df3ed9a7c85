"""Whom a privacy policy says to write to: addresses for data protection, and its data protection officer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

MOST_LINES = 8  # after the title, within which an officer's address stands
LONGEST_LINE = 90  # characters of a name or an address; what is longer is a sentence
LONGEST = 240  # characters of what is proposed

_MAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,5}[a-z]{2,24}", re.I)
_FOR_PRIVACY = re.compile(
    r"(?:datenschutz(?:beauftragte[rn]?)?|privacy|dpo|dsb|data[._-]?protection|dataprivacy|gdpr|dsgvo|rgpd|avg|rodo|privacidad|"
    r"confidentialite)(?:[._+-]|@)",
    re.I,
)
# GDPR Art. 37 in the languages of the Regulation; not the authorities' "Landesdatenschutzbeauftragte".
_OFFICER = re.compile(
    r"(?<![^\W\d_])(?:datenschutzbeauftragte[rn]?|data protection officers?|délégué[e]? à la protection des données|"
    r"responsabile della protezione dei dati|delegad[oa] de protección de datos|functionaris (?:voor )?gegevensbescherming|"
    r"inspektor(?:em)? ochrony danych|encarregado da proteção de dados|dataskyddsombud|databeskyttelsesrådgiver)",
    re.I,
)


def privacy_addresses(lines: Iterable[str]) -> Iterator[str]:
    """The e-mail addresses in a text that are for data protection by their names."""
    for line in lines:
        for found in _MAIL.finditer(line):
            if is_for_privacy(found[0]):
                yield found[0]


def is_for_privacy(mail: str) -> bool:
    """Whether an e-mail address is for data protection by its name."""
    return _FOR_PRIVACY.match(mail) is not None


def officer_in(lines: Sequence[str]) -> str:
    """Name and address of a data protection officer as they stand after the title, up to an e-mail address; empty
    where there is none near."""
    for number, line in enumerate(lines):
        if not (title := _OFFICER.search(line)):
            continue
        if mail := _MAIL.search(line, title.end()):
            return mail[0]
        said: list[str] = []
        for other in lines[number + 1 : number + 1 + MOST_LINES]:
            mail = _MAIL.search(other)
            if mail or (len(other) <= LONGEST_LINE and not other.endswith((":", "."))):
                said.append(mail[0] if mail else other)
            if mail and sum(map(len, said)) <= LONGEST:
                return ", ".join(said)
    return ""
