"""The tables of a site file that only its privacy policy needs: why data are stored, who gets them, whence."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from consent_gateway import datafile
from consent_gateway.datafile import AfterValidator, Table, model_validator
from consent_gateway.own_words import NOTHING_SAID, OwnWords, WordsField

NONE = "none"  # said expressly: it is not that nobody has thought of it
LEGAL_BASES = ("6(1)(a)", "6(1)(b)", "6(1)(c)", "6(1)(d)", "6(1)(e)", "6(1)(f)")
INTERESTS = "6(1)(f)"
FROM_THE_PERSON = "you"


def _country(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", code):
        raise ValueError(f"must be a two-letter ISO 3166 code such as 'DE': {code!r}")
    return code


def _legal_basis(basis: str) -> str:
    if basis not in LEGAL_BASES and re.search(r"\b6\b.*\b1\b", basis):
        raise ValueError(f"write one of Art. 6 as {', '.join(LEGAL_BASES)}: {basis!r}")
    if not basis:
        raise ValueError("must not be empty")
    return basis


LegalBasis = Annotated[str, AfterValidator(_legal_basis)]
Country = Annotated[str, AfterValidator(_country)]
Safeguard = Literal["", "adequacy", "clauses", "adequacy_or_clauses", "binding_rules"]
Role = Literal["processor", "joint", "controller"]
Required = Literal["", "contract", "law", "technical", "no"]


class Processing(Table):
    """Why data are stored (GDPR Art. 13(1)(c), (d), (2)(a), (e)), for whatever the operator does with
    them. `purpose`, `subjects` and `data` are words of the gateway's, or of the operator's own."""

    purpose: WordsField = NOTHING_SAID
    legal_basis: tuple[LegalBasis, ...] = ()
    interest: WordsField = NOTHING_SAID
    subjects: tuple[WordsField, ...] = ()
    data: tuple[WordsField, ...] = ()
    recipients: tuple[str, ...] = ()
    retention: str = ""
    required: Required = ""
    sources: tuple[str, ...] = (FROM_THE_PERSON,)


class Recipient(Table):
    """Who gets data, beside the services in pages (GDPR Art. 13(1)(e), (f)): a kind that the gateway has
    words for, or `other` with a `purpose`."""

    kind: Literal["it", "credit", "shipping", "payment", "collection", "legal", "authorities", "other"]
    name: str = ""
    purpose: WordsField = NOTHING_SAID
    countries: tuple[Country, ...] = ()
    transfer: Safeguard = ""
    given_role: Role | None = datafile.Field(default=None, validation_alias="role")
    arrangement: WordsField = NOTHING_SAID

    @property
    def role(self) -> Role:
        """As the file says, or as it is with who does this as a rule."""
        return self.given_role or ("processor" if self.kind in ("it", "other") else "controller")

    @model_validator(mode="after")
    def _whole(self) -> Recipient:
        if self.kind == "other" and not self.purpose:
            raise ValueError('"other" needs a purpose: what they get data for')
        if self.role == "joint" and not self.arrangement:
            raise ValueError('a "joint" controller needs an arrangement: its essence (GDPR Art. 26(2))')
        return self


class Source(Table):
    """Whom data come from that do not come from the person (GDPR Art. 14(2)(f))."""

    who: WordsField
    public: bool = False


def _page(page: OwnWords) -> OwnWords:
    for _, address in page.texts:
        if not re.fullmatch(r"(?:https://[a-z0-9.-]+(?::[0-9]+)?(?:/|$)|/(?![/\\]))[!-~]*", address):
            raise ValueError(
                f"must be a path of this site such as '/privacy', or an https address: {address!r}"
            )
    return page


class PolicyTable(Table):
    """What the policy says beside the tables; `automated_decisions` are those of GDPR Art. 22, or "none".
    `own_page` is a privacy policy of the site's own: what this file does not say is to be found there.
    `draft` says that the file is not finished: what is missing is named, and refused by a strict check only."""

    introduction: WordsField = NOTHING_SAID
    automated_decisions: WordsField = NOTHING_SAID
    own_page: Annotated[WordsField, AfterValidator(_page)] = NOTHING_SAID
    draft: bool = False
