"""What a strict check refuses although it can be served: a table, with the article beside the row; and what only the
operator can know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from consent_gateway.captures.domains import registrable
from consent_gateway.datafile import Table
from consent_gateway.own_words import OwnWords
from consent_gateway.site import Site
from consent_gateway.urls import is_loopback

MEASUREMENT = "google-analytics"


@dataclass(frozen=True, slots=True)
class Warned:
    """A key of a site file that can be served and had better be another, with what to write."""

    key: tuple[str, ...]
    reason: str
    article: str
    remedy: str


# fmt: off
OF_SITE: tuple[tuple[tuple[str, ...], Callable[[Site], bool], str, str, str], ...] = (
    (("site", "hosts"), lambda site: not site.site.hosts,
        "every name is answered, also one that somebody else has pointed here", "GDPR Art. 32(1)",
        'hosts = ["www.example.com"] below [site]: the public names'),
    (("controller", "name"), lambda site: not site.controller.name,
        "the notice asks in the name of nobody", "EDPB 05/2020, no. 64",
        'name = "..." below [controller], as in the imprint'),
    (("controller", "contact"), lambda site: not site.controller.contact,
        "visitors are told to write to you and not where", "GDPR Art. 12(2), 13(1)(a)",
        'contact = "..." below [controller]: an e-mail address that somebody reads'),
    (("services",), lambda site: site.services is None,
        "every service of the catalogue can be released, and visitors are asked about none by name",
        "GDPR Art. 4(11), 13(1)(e)", "a table [services.ID] for each that the site uses; consent-gateway init finds them"),
    (("policy", "draft"), lambda site: site.policy.draft,
        "the privacy policy says of itself that it is not finished", "GDPR Art. 12(1), 13",
        "take it out once nothing is missing"),
    (("third_parties", "unlisted"), lambda site: site.third_parties.unlisted == "load",
        "third parties that are named nowhere load without being asked about", "GDPR Art. 25(2)",
        'unlisted = "hold" below [third_parties]'),
    (("third_parties", "lists"), lambda site: site.third_parties.unlisted == "load" and not site.third_parties.lists,
        "of what is not in the catalogue no tracker is held", "GDPR Art. 25(2)",
        'lists = ["easyprivacy.txt"] below [third_parties], or unlisted = "hold"'),
    (("third_parties", "services"), lambda site: not all(map(site.lists, site.own_services)),
        "adds a service that [services] does not name: it is held, and nobody is asked about it", "GDPR Art. 13(1)(e)",
        "a table [services.ID], ID being the name of its file without .toml"),
    (("third_parties", "local_stand_ins"), lambda site: site.third_parties.local_stand_ins,
        "HOST.localhost counts as HOST: for tests only", "GDPR Art. 32(1)", "take it out"),
    (("analytics", "properties"), lambda site: site.lists(MEASUREMENT) and not site.analytics.properties,
        "whatever property a page names gets hits, also one that a stranger has put there", "GDPR Art. 32(1)",
        'properties = ["G-..."] below [analytics], or no [services.google-analytics]'),
    (("analytics", "script_url"), lambda site: _is_local(site.analytics.script_url),
        "a stand-in on this computer: for tests only", "GDPR Art. 5(1)(a)", "take it out"),
    (("analytics", "collect_url"), lambda site: _is_local(site.analytics.collect_url),
        "a stand-in on this computer: for tests only", "GDPR Art. 5(1)(a)", "take it out"),
    (("notify", "plain"), lambda site: site.notify.plain,
        "requests about personal data go by mail without TLS where the server offers none", "GDPR Art. 32(1)(a)",
        "plain = false below [notify], and a mail server with TLS"),
)
# fmt: on

# What is reserved for examples, or stands in this project's own documents, with what is wrong with it.
_COPIED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:^|[\s@/.])(example\.(?:com|net|org))(?=$|[\s:/,.])", re.I),
        "`{}` is reserved for examples (RFC 2606)"),
    (re.compile(r"(?:^|[\s@/.])[a-z0-9-]+(\.(?:example|invalid|test))(?=$|[\s:/,.])", re.I),
        "`{}` is a reserved domain (RFC 2606)"),
    (re.compile(r"\b(G-(?:ABC123|DEMO2026|XXXXXXX)|GTM-ABC123)\b", re.I), "`{}` is the id of an example"),
    (re.compile(r"\b(00000)\b"), "`{}` is the postal code of an example"),
)  # fmt: skip
_OF_OPERATOR = ("site", "controller", "third_parties", "analytics", "recipients", "notify")


def warned(site: Site) -> list[Warned]:
    """Each key of a site file that is no fault and not strict either."""
    rows = [
        Warned(key, reason, article, remedy)
        for key, applies, reason, article, remedy in OF_SITE
        if applies(site)
    ]
    return [*rows, *_demo_values(site)]


def on_other_domains(site: Site) -> list[Warned]:
    """Hosts of `first_party` on domains that none of `hosts` is on: often a network for files, which is a processor, and
    perhaps a stranger. Nothing where there are no `hosts`."""
    own = {registrable(name) for name in site.site.names}
    return [
        Warned(
            ("third_parties", "first_party", str(number)),
            f"{host} is on no domain of [site] hosts, and loads for everybody, before anybody has agreed",
            "GDPR Art. 28, TDDDG § 25",
            "nothing, if it is yours or you have a contract with it as your processor; else take it out, and it is held",
        )
        for number, host in enumerate(site.third_parties.first_party)
        if own and "." in host and registrable(host.removeprefix("*.")) not in own
    ]


def _demo_values(site: Site) -> Iterator[Warned]:
    """Each key with the value of an example in it, once, with what is wrong with it."""
    copied: dict[tuple[str, ...], dict[str, None]] = {}
    for table in _OF_OPERATOR:
        for key, text in _texts((table,), getattr(site, table)):
            for pattern, said in _COPIED:
                if found := pattern.search(text):
                    copied.setdefault(key, {})[said.format(found[1])] = None
    for key, reasons in copied.items():
        yield Warned(key, ", ".join(reasons), "GDPR Art. 5(1)(a)", "put your own fact in its place")


def _texts(place: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, OwnWords):
        yield from ((place, text) for _, text in value.texts)
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(place, one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _texts((*place, name), one)
    elif isinstance(value, Table):
        for name in type(value).model_fields:
            yield from _texts((*place, name), getattr(value, name))


def _is_local(url: str) -> bool:
    return is_loopback(url.partition("://")[2].partition(":")[0])
