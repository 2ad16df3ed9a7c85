"""The site file that comes of a survey: what was seen and is known is in force, all else stands in comments.

It invents no fact: what the operator alone can know is left to the site's own privacy policy, or named as missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from consent_gateway.catalogue import Catalogue, Treatment
from consent_gateway.completeness import Gap, gaps
from consent_gateway.datafile import Faulty, Unreadable, parse
from consent_gateway.offer import offer
from consent_gateway.site import Site, contradictions
from consent_gateway.site_values import Reference
from consent_gateway.survey.cookie_tables import cookie_tables
from consent_gateway.survey.forms import ACCOUNT, SHOP
from consent_gateway.survey.processing_stubs import stubs
from consent_gateway.survey.sightings import Sighting, Survey
from consent_gateway.survey.toml_text import comment, key, table, text, texts

MEASUREMENT, TAG_MANAGER = "google-analytics", "google-tag-manager"
RULE = "-" * 100
AUTOMATED = '# automated_decisions = "" # what machines alone decide (GDPR Art. 13(2)(f), 22), or "none"'
TWICE = (
    "What loads only once a visitor has agreed was seen only if\n"
    "# somebody did: record a visit in which you agree to everything (docs/captures.md), and look at that. Switch the\n"
    "# tool off once the gateway asks: visitors would be asked twice."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the operator has said on the command line: it goes before what was seen. `source` and `by` say what
    was looked at and how, `on` when."""

    policy: str = ""
    controller: str = ""
    contact: str = ""
    source: str = ""
    by: str = ""
    on: date


class Unwritable(Exception):
    """The file would have a fault: that is one of this program, and nothing of the site's is written."""


def written(survey: Survey, told: Told, catalogue: Catalogue) -> tuple[str, list[Gap]]:
    """The text of the site file, and what is missing in it for `consent-gateway check`. Raises Unwritable."""
    body = "\n".join(_body(survey, told, catalogue)) + "\n"
    missing = _checked(body, catalogue)
    return "\n".join([*_head(survey, told, missing), "", body]), missing


def _checked(body: str, catalogue: Catalogue) -> list[Gap]:
    try:
        site = parse(body, Site, file="site.toml", against=Reference(catalogue, catalogue.matcher()))
    except (Faulty, Unreadable) as error:
        raise Unwritable(str(error)) from error
    if wrong := contradictions(site):
        raise Unwritable("; ".join(f"{'.'.join(key)}: {reason}" for key, reason in wrong))
    return [gap for gap in gaps(site, offer(site, catalogue)) if not gap.elsewhere]


def _head(survey: Survey, told: Told, missing: list[Gap]) -> Iterator[str]:
    yield f"# The site file of {comment(', '.join(survey.hosts[:3]) or 'a website')}, made by consent-gateway init"
    yield f"# on {told.on.isoformat()} from {comment(told.source)}: {counted(survey.pages, 'page')}, {comment(told.by)}."
    yield "#"
    if missing:
        yield "# A DRAFT: no privacy policy was found on the site, and these facts are nobody's to guess. Until they are"
        yield "# said, visitors see that they are missing, and consent-gateway check --strict refuses this file (GDPR Art. 13):"
        for gap in missing:
            yield f"#   {'.'.join(gap.key)}: {comment(str(gap))}"
            yield f"#     write: {comment(gap.remedy)}"
        yield '# Or name the page of the site that says them: own_page = "/privacy" below [policy]; draft goes then.'
        yield "#"
    yield "# What was seen and is known is in force; what is unknown is held, and listed in comments. Look through the"
    yield "# comments: whatever only you can know is a proposal there. Every key is explained in docs/site-file.md."
    if survey.consent_tools:
        yield "#"
        yield f"# The site asks by itself: {comment(', '.join(survey.consent_tools))}. {TWICE}"
    for reason in survey.unread[:10]:
        yield f"# Not read: {comment(reason)}"


def _body(survey: Survey, told: Told, catalogue: Catalogue) -> Iterator[str]:
    yield from _site(survey)
    yield from _controller(survey, told)
    yield from _policy(survey, told)
    yield from _third_parties(survey, catalogue)
    yield from _analytics(survey)
    yield from _services(survey, catalogue)
    yield from cookie_tables(survey, catalogue)
    yield from _heading("Why you store data, who receives them, how long (GDPR Art. 13(1)(c) to (f), (2)(a))")
    yield "# Begun for what was seen. Take the # away, fill in what is empty, and strike what is not so; of whatever else you"
    yield "# do with data init sees nothing. docs/policy.md has the words, consent_gateway/example.toml a whole set."
    yield from stubs(survey.purposes, survey.languages)


def _heading(said: str) -> Iterator[str]:
    yield ""
    yield f"# ---- {said} {RULE}"[:105]
    yield ""


def _site(survey: Survey) -> Iterator[str]:
    yield "[site]"
    yield "# The public names, most visited first; any other is answered 421. For a trial on your computer leave hosts and"
    yield "# scheme out: docs/operators.md."
    yield f"hosts = {texts(survey.hosts)}"
    yield f"languages = {texts(survey.languages or ('en',))}" + (
        "" if survey.languages else " # no page says its language"
    )
    if survey.secure:
        yield 'scheme = "https"'
    else:
        yield '# scheme = "https" # what visitors see; all that was seen came by http'


def _controller(survey: Survey, told: Told) -> Iterator[str]:
    yield from _heading("Who is responsible (GDPR Art. 13(1)(a), (b), (2)(d))")
    yield "[controller]"
    if told.controller:
        yield f"name = {text(told.controller)}"
    if told.contact:
        yield f"contact = {text(told.contact)}"
    known = {"name": told.controller, "contact": told.contact}
    proposed = {name: said for name, said in survey.proposals.items() if not known.get(name)}
    if proposed:
        yield "# Pages of the site say this of whoever runs it: check each, and take the # away where it is right."
        for name, said in proposed.items():
            yield f"# {name} = {text(comment(said))}"
    if "data_protection_officer" not in proposed:
        yield '# data_protection_officer = "" # how to reach them, or "none"'
    yield '# supervisory_authority = "" # with whom visitors can lodge a complaint'


def _policy(survey: Survey, told: Told) -> Iterator[str]:
    own = own_page(survey, told)
    yield from _heading("The privacy policy")
    yield "[policy]"
    if not own:
        yield "draft = true # not finished: take it out once nothing of the above is missing"
        yield '# own_page = "/privacy" # a privacy policy of the site\'s own, which says what this file leaves out'
        yield AUTOMATED
        return
    yield "# What this file leaves out is said there: the gateway's policy sends visitors to it for that. Read it, and"
    yield "# see that it says so; consent-gateway check lists what is left to it, check --strict refuses that."
    if survey.own_page_on and not told.policy:
        yield f"# Found by a link on {comment(survey.own_page_on)}."
    pages = dict(own)
    yield f"own_page = {text(own[0][1]) if len(set(pages.values())) == 1 else table(own)}"
    yield AUTOMATED


def own_page(survey: Survey, told: Told) -> list[tuple[str, str]]:
    """The site's own privacy policy by language: one for all where not every language has one of its own."""
    if told.policy:
        return [("", _within(told.policy, survey.hosts))]
    found = {language: _within(page, survey.hosts) for language, page in survey.own_pages.items()}
    found = {language: page for language, page in found.items() if page}
    languages = survey.languages or ("en",)
    if all(language in found for language in languages):
        return [(language, found[language]) for language in languages]
    first = next((found[one] for one in languages if one in found), next(iter(found.values()), ""))
    return [("", first)] if first else []


def _within(address: str, hosts: tuple[str, ...]) -> str:
    """As a path where it is on the site's first name, else as an https address; empty for what can be neither, and
    for a page of a gateway that is there already."""
    scheme, _, rest = address.partition("://")
    host, _, path = rest.partition("/")
    if not rest:
        return address
    if path.startswith(".privacy/"):
        return ""
    if hosts and host.partition(":")[0] == hosts[0] and not path.startswith(("/", "\\")):
        return f"/{path}"
    return address if scheme == "https" else ""


def _third_parties(survey: Survey, catalogue: Catalogue) -> Iterator[str]:
    yield from _heading("What may load, and only after the visitor has agreed")
    yield "[third_parties]"
    yield 'unlisted = "hold" # whatever is named nowhere does not load'
    own = [host for host in survey.static_hosts if "." in host and not catalogue.matcher().find(host, "/")]
    if own:
        yield "# Below the site's own domain, and asked for files only: see that they are yours."
        yield f"first_party = {texts(own)}"
    else:
        yield '# first_party = ["cdn.example.net"] # hosts of your own that the pages need'
    if survey.stand_ins:
        yield "local_stand_ins = true # for tests: NAME.localhost counts as NAME; take it out for production"
    yield '# lists = ["easyprivacy.txt"] # files of trackers, which you get and renew yourself'
    if survey.unknown:
        yield "#"
        yield "# Seen and held: who is behind these is not known. What of them is yours goes into first_party; what"
        yield "# is a service of others stays held until the catalogue has it."
        yield from _listed(
            (host, seen, seen.verdict and f"{seen.verdict.rpartition('/')[2]} holds it")
            for host, seen in survey.unknown.items()
        )
    if survey.trackers:
        yield "#"
        yield "# Seen and held, known as trackers; nobody can release them:"
        yield from _listed((host, seen, company) for host, (company, seen) in survey.trackers.items())


def _listed(rows: Iterable[tuple[str, Sighting, str]]) -> Iterator[str]:
    for host, seen, remark in rows:
        yield f"#   {comment(host)}: {where(seen)}{comment(remark) and f' [{comment(remark)}]'}"


def where(seen: Sighting) -> str:
    """Where something was seen and as what: one line for a comment."""
    places: dict[str, list[str]] = {}
    for page, kinds in seen.pages.items():
        places.setdefault(", ".join(sorted(kinds)), []).append(page)
    said = "; ".join(f"{kinds} on {', '.join(pages)}" for kinds, pages in places.items())
    within = f", within frames of {', '.join(sorted(seen.within)[:3])}" if seen.within else ""
    others = f" and on {counted(len(seen.others), 'other page')}" if seen.others else ""
    return comment(f"{said}{others}{within}")


def _analytics(survey: Survey) -> Iterator[str]:
    if not {MEASUREMENT, TAG_MANAGER} & survey.services.keys():
        return
    yield ""
    yield "[analytics]"
    yield "# Found in the pages and in what they sent: see that each is yours. Hits for others are dropped."
    yield f"{'' if survey.properties else '# '}properties = {texts(survey.properties)}"
    yield f"{'' if survey.containers else '# '}containers = {texts(survey.containers)}"
    if survey.purposes.keys() & {ACCOUNT, SHOP}:
        where = comment(survey.purposes.get(ACCOUNT) or survey.purposes[SHOP])
        yield f"# A login or a basket was seen on {where}: visitors are asked whether statistics may be combined with a customer number."
        yield "# linking = false # where you never do"
    else:
        yield "# No login was seen: nobody is asked whether statistics may be combined with a customer number."
        yield "linking = false"


def _services(survey: Survey, catalogue: Catalogue) -> Iterator[str]:
    yield ""
    yield "[services] # each is asked about by name, and held until then"
    for id, seen in survey.services.items():
        service = catalogue.services[id]
        if not seen.by_site:
            yield ""
            yield f"# [services.{key(id)}] # {service.name}: only within frames of others ({where(seen)})"
            continue
        yield ""
        yield f"[services.{key(id)}] # {service.name}, for {', '.join(service.purposes)}"
        yield f"# {where(seen)}"
        if service.treatment is Treatment.MEASUREMENT:
            yield '# kept = "14 months" # as set under "Data retention" of the property'
        if id == TAG_MANAGER:
            yield '# purposes = ["analytics"] # what its containers are for; without, it needs every purpose there is'


def counted(number: int, what: str) -> str:
    """A number of things in words."""
    return f"{number} {what}{'' if number == 1 else 's'}"
