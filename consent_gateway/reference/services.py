"""The page about the catalogue: what a site can name, and what becomes of it, from its data files."""

from __future__ import annotations

from consent_gateway import catalogue
from consent_gateway.catalogue import Catalogue, Service, Treatment
from consent_gateway.reference.markdown import code, contents, plain, table
from consent_gateway.urls import Pattern

_HEAD = """# Catalogue

*This page is made from the [data files](../consent_gateway/catalogue/services) of the catalogue by `make docs`.*

The services that a site file can name, as `[services.ID]`. `consent-gateway services ID` shows all that is known of one,
with its sources; how one is added is in [developers.md](developers.md#add-a-plug-in). *Hosts* counts those by whose
addresses it is recognised and held. The recipient is the company behind it, with its country; *third countries* are where data may go to
besides.

"""
# What stands in the place of a service's elements while it is held.
STANDS = {
    Treatment.PLACEHOLDER: "placeholder",
    Treatment.REMOVAL: "nothing",
    Treatment.MEASUREMENT: "nothing; after opt-in, hits under a pseudonym",
}
COLUMNS = ("id", "name", "recipient", "country", "third countries", "hosts", "stands in its place")


def page() -> str:
    """The whole page, in Markdown."""
    known = catalogue.load()
    parts = "".join(_of_purpose(known, id) for id in known.purposes if known.of_purpose(id)) + _groups(known)
    parts += _known(known)
    return f"{_HEAD}{contents(parts)}\n{parts}"


def _of_purpose(known: Catalogue, purpose: str) -> str:
    """Services that serve several purposes stand with the first; the others refer to it."""
    ids = known.of_purpose(purpose)
    rows = [_row(id, known.services[id]) for id in ids if known.services[id].purposes[0] == purpose]
    elsewhere = [code(id) for id in ids if known.services[id].purposes[0] != purpose]
    also = f"Also, listed above: {', '.join(elsewhere)}.\n\n" if elsewhere else ""
    return f"## {purpose}\n\n{table(COLUMNS, rows)}\n{also}"


def _row(id: str, service: Service) -> tuple[str, ...]:
    transfer = service.transfer
    return (
        f"[`{id}`](../consent_gateway/catalogue/services/{id}.toml)",
        plain(service.name),
        plain(service.controller.name),
        service.controller.country,
        ", ".join(transfer.countries) or "not named" if transfer else "",
        str(len({Pattern.parse(text).host for text in service.urls})),
        f"{STANDS[service.treatment]}{', at the end of the page' if service.floats else ''}",
    )


def _groups(known: Catalogue) -> str:
    rows = [(code(name), ", ".join(map(code, members))) for name, members in known.groups.items()]
    return f"## Groups\n\nA group stands in a site file for its members.\n\n{table(('group', 'members'), rows)}\n"


def _known(known: Catalogue) -> str:
    hosts = list(known.known.hosts)
    companies = {owner.company for _, owner in hosts}
    return (
        "## Known trackers\n\n"
        f"Besides, {len(hosts)} hosts of {len(companies)} companies are known as"
        " [trackers](../consent_gateway/catalogue/known). They do not load, and cannot be released.\n"
    )
