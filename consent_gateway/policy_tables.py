"""The tables of a site file that only its privacy policy needs: why data are stored, who gets them, whence."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from consent_gateway import datafile
from consent_gateway.datafile import AfterValidator, Table, Written, model_validator
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


LegalBasis = Annotated[
    str, AfterValidator(_legal_basis), Written("legal basis", 'legal bases such as `"6(1)(b)"`')
]
Country = Annotated[str, AfterValidator(_country), Written("country", 'ISO 3166 codes such as `"DE"`')]
Safeguard = Literal["", "adequacy", "clauses", "adequacy_or_clauses", "binding_rules"]
Role = Literal["processor", "joint", "controller"]
Required = Literal["", "contract", "law", "technical", "no"]


class Processing(Table):
    """Why data are stored, for whatever the operator does with them; a table for each purpose."""

    purpose: WordsField = NOTHING_SAID
    """What for: a [word of the gateway's](policy.md), or your own."""
    legal_basis: tuple[LegalBasis, ...] = ()
    """What allows it: letters of Art. 6(1) such as `6(1)(b)`, or another law in your words."""
    interest: WordsField = NOTHING_SAID
    """The legitimate interest, where it rests on `6(1)(f)`."""
    subjects: tuple[WordsField, ...] = ()
    """Whose data: [words of the gateway's](policy.md), or your own."""
    data: tuple[WordsField, ...] = ()
    """Which data: [words of the gateway's](policy.md), or your own."""
    recipients: tuple[str, ...] = ()
    """Names of `[recipients.NAME]`, or `["none"]`."""
    retention: str = ""
    """The name of a `[retention.NAME]`, or `"purpose"`: until that has ceased."""
    required: Required = ""
    """Whether the data have to be provided, and by what."""
    sources: tuple[str, ...] = (FROM_THE_PERSON,)
    """Whom the data come from: names of `[sources.NAME]`, and `"you"`, the person."""


class Recipient(Table):
    """Who gets data, beside the services in pages (GDPR Art. 13(1)(e), (f))."""

    kind: Literal["it", "credit", "shipping", "payment", "collection", "legal", "authorities", "other"]
    """What they do; `"other"` needs a `purpose`."""
    name: str = ""
    """Who they are."""
    purpose: WordsField = NOTHING_SAID
    """What they get data for, in your words."""
    countries: tuple[Country, ...] = ()
    """Where they are."""
    transfer: Safeguard = ""
    """The safeguard for a country outside of the European Economic Area."""
    given_role: Role | None = datafile.Field(default=None, validation_alias="role")
    """What they are; else `"processor"` for `"it"` and `"other"`, `"controller"` for the rest (GDPR Art. 26, 28)."""
    arrangement: WordsField = NOTHING_SAID
    """The essence of what you have agreed on with a `"joint"` controller (GDPR Art. 26(2))."""

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
    """Who they are, and about what."""
    public: bool = False
    """Whether the source is publicly accessible."""


def _page(page: OwnWords) -> OwnWords:
    for _, address in page.texts:
        if not re.fullmatch(r"(?:https://[a-z0-9.-]+(?::[0-9]+)?(?:/|$)|/(?![/\\]))[!-~]*", address):
            raise ValueError(
                f"must be a path of this site such as '/privacy', or an https address: {address!r}"
            )
    return page


class PolicyTable(Table):
    """What the privacy policy says beside the other tables."""

    introduction: WordsField = NOTHING_SAID
    """Text in the place of the gateway's first sentences."""
    automated_decisions: WordsField = NOTHING_SAID
    """What machines alone decide (GDPR Art. 22), or `"none"`."""
    own_page: Annotated[
        WordsField,
        AfterValidator(_page),
        Written('path such as `"/privacy"` or https address, one or [one for each language](#words)'),
    ] = NOTHING_SAID
    """A privacy policy of the site's own, by path or https address: what this file leaves out is
    [said there](site-file.md#a-privacy-policy-of-the-sites-own)."""
    draft: bool = False
    """The file is [not finished](site-file.md#a-draft): `check` names what is missing and refuses it with `--strict` only."""
