"""Tables for what a site was seen to store data for, as comments: the facts alone have to be filled in.

What each stands for goes by the words of docs/policy.md; every line has the article that wants it said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from consent_gateway.survey.forms import ACCOUNT, CONTACT, NEWSLETTER, SHOP
from consent_gateway.survey.toml_text import comment, table, texts

SERVER_LOG = "server log"
INTERESTS = "6(1)(f)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """A purpose in the gateway's words, and the tables it names. `kept` is a [retention.NAME], or "purpose"; `interest`,
    `period` and `ground` are what others write there."""

    name: str
    purpose: str
    legal_basis: tuple[str, ...]
    interest: str = ""
    subjects: tuple[str, ...]
    data: tuple[str, ...]
    recipients: tuple[str, ...]
    kept: str
    period: str = ""
    ground: str = ""
    counts_from: str = ""
    statutory: bool = False
    required: str


# What was seen, with the tables for it.
STUBS: Mapping[str, Stub] = {
    SERVER_LOG: Stub(
        name="server_log",
        purpose="security",
        legal_basis=(INTERESTS,),
        interest="to notice attacks and faults",
        subjects=("visitors",),
        data=("network", "usage"),
        recipients=("hosting",),
        kept="server_log",
        period="14 days",
        ground="security of the systems (Art. 32 GDPR)",
        counts_from="collection",
        required="technical",
    ),
    CONTACT: Stub(
        name="contact_form",
        purpose="information",
        legal_basis=("6(1)(b)", INTERESTS),
        interest="to answer whoever writes to us",
        subjects=("prospects", "customers"),
        data=("name", "contact", "communication"),
        recipients=("hosting",),
        kept="enquiries",
        period="1 year",
        ground="questions that follow",
        counts_from="purpose",
        required="no",
    ),
    NEWSLETTER: Stub(
        name="newsletter",
        purpose="advertising",
        legal_basis=("6(1)(a)",),
        subjects=("prospects", "customers"),
        data=("contact",),
        recipients=("newsletter",),
        kept="purpose",
        required="no",
    ),
    ACCOUNT: Stub(
        name="account",
        purpose="contract",
        legal_basis=("6(1)(b)",),
        subjects=("customers",),
        data=("name", "contact", "usage"),
        recipients=("hosting",),
        kept="accounts",
        period="1 month",
        ground="until nothing is open any more",
        counts_from="contract",
        required="contract",
    ),
    SHOP: Stub(
        name="orders",
        purpose="contract",
        legal_basis=("6(1)(b)",),
        subjects=("customers",),
        data=("name", "contact", "address", "order", "payment"),
        recipients=("hosting", "payment", "shipping"),
        kept="books",
        period="8 years",
        ground="books and vouchers (§ 257 HGB, § 147 AO)",
        counts_from="year",
        statutory=True,
        required="contract",
    ),
}
# Who receives data, with the kind and who that is.
RECIPIENTS: Mapping[str, tuple[str, str]] = {
    "hosting": ("it", "who runs the server"),
    "newsletter": ("it", "who sends it for you"),
    "payment": ("payment", "who takes payments"),
    "shipping": ("shipping", "who delivers"),
}


def stubs(seen: Mapping[str, str], languages: tuple[str, ...]) -> Iterator[str]:
    """The lines for what was seen, by the page it was seen on; what every server does is always among them."""
    found = [(what, stub) for what, stub in STUBS.items() if what == SERVER_LOG or what in seen]
    words = table((language, "") for language in languages) if len(languages) > 1 else '""'
    for what, stub in found:
        yield "#"
        yield f"# ---- {what}: " + (
            f"seen on {comment(seen[what])}"
            if what in seen
            else "every web server keeps one, unless it is told not to"
        )
        yield from _processing(stub, words)
    for name in dict.fromkeys(name for _, stub in found for name in stub.recipients):
        kind, who = RECIPIENTS[name]
        yield "#"
        yield f"# [recipients.{name}] # {who} (GDPR Art. 13(1)(e)); leave it out where that is you yourself"
        yield f'# kind = "{kind}"'
        yield '# name = ""'
        yield '# countries = [""] # Art. 13(1)(f): ISO 3166 codes such as "DE"; the policy has their names'


def _processing(stub: Stub, words: str) -> Iterator[str]:
    yield f"# [processing.{stub.name}]"
    yield f'# purpose = "{stub.purpose}" # GDPR Art. 13(1)(c)'
    yield f"# legal_basis = {texts(stub.legal_basis)} # Art. 13(1)(c): see that it is yours"
    if stub.interest:
        yield f'# interest = {words} # Art. 13(1)(d): others write "{stub.interest}"'
    yield f"# subjects = {texts(stub.subjects)} # Art. 30(1)(c)"
    yield f"# data = {texts(stub.data)} # Art. 30(1)(c)"
    yield f'# recipients = {texts(stub.recipients)} # Art. 13(1)(e): tables below, or ["none"]'
    yield f'# retention = "{stub.kept}" # Art. 13(2)(a)' + (
        ": until that has ceased" if stub.kept == "purpose" else ": the table below"
    )
    yield f'# required = "{stub.required}" # Art. 13(2)(e)'
    if stub.kept == "purpose":
        return
    yield "#"
    yield f"# [retention.{stub.kept}]"
    yield f'# period = "" # Art. 13(2)(a): such as "{stub.period}"'
    yield f'# ground = {words} # such as "{stub.ground}"'
    yield f'# counts_from = "{stub.counts_from}"'
    if stub.statutory:
        yield "# statutory = true # the law demands it: until then blocked and not erased"
