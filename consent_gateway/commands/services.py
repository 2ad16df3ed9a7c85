"""`consent-gateway services`"""

from __future__ import annotations

from collections.abc import Iterator

import click

from consent_gateway import catalogue
from consent_gateway.catalogue import Service
from consent_gateway.commands.opening import table
from consent_gateway.commands.options import fail


@click.command()
@click.argument("id", required=False)
def services(id: str | None) -> None:
    """List the services the gateway knows, or show one.

    The ids are what a site file lists under [services.ID]; a group, named at the end, stands there for
    its members. WHILE HELD is what becomes of a service's
    elements until the visitor agrees:

    \b
    placeholder   a box of their size stands there, with a button that loads them; what draws itself
                  above the page, such as a chat, has a line at the end of the page
    removal       nothing is there, and nothing is asked for
    measurement   the same; after an opt-in, hits go out by way of the gateway, under a pseudonym
    """
    known = catalogue.load()
    if id is None:
        for line in table(("ID", "PURPOSES", "WHILE HELD", "COMPANY"), map(_row, known.services.items())):
            click.echo(line)
        for group, members in known.groups.items():
            click.echo(f"\n{group}: {', '.join(members)}")
        hosts, software = len(known.known.hosts), len(known.known.software)
        click.echo(
            f"\n{len(known.services)} services, {hosts} hosts of trackers and {software} kinds of their software"
        )
        return
    if id in known.groups:
        click.echo(f"{id} stands for these services in a site file:")
        for member in known.groups[id]:
            click.echo(f"  {member}")
        return
    found = known.services.get(id)
    if found is None:
        fail(f"no service {id!r}; `consent-gateway services` lists them")
    _show(id, found)


def _row(item: tuple[str, Service]) -> tuple[str, str, str, str]:
    id, service = item
    purposes = ", ".join(service.purposes) if len(service.purposes) < 3 else "all purposes"
    return id, purposes, service.treatment.value, service.controller.name


def _show(id: str, service: Service) -> None:
    controller = service.controller
    rows = [
        ("id", id),
        ("name", service.name),
        ("purposes", ", ".join(service.purposes)),
        ("while held", service.treatment.value),
        ("controller", f"{controller.name}, {controller.address or controller.country}"),
        ("policy", controller.privacy_policy),
        ("third countries", _transfer(service)),
        ("data", ", ".join(service.data)),
        ("held addresses", "\n".join(service.urls)),
        ("hosts when loaded", "\n".join(service.hosts) or "none: by way of the gateway"),
        (
            "cookies",
            "\n".join(f"{c.name} ({c.party} party, {c.duration})" for c in service.cookies) or "none",
        ),
        (
            "plug-ins",
            "\n".join(_plug_ins(service)) or "none",
        ),
        ("sources", "\n".join(service.sources)),
        ("reviewed", service.reviewed.isoformat()),
    ]
    for name, value in rows:
        first, *more = value.split("\n")
        click.echo(f"{name + ':':<19}{first}")
        for line in more:
            click.echo(f"{'':<19}{line}")


def _plug_ins(service: Service) -> Iterator[str]:
    yield from (f"{m.id}: {', '.join(m.selectors) or m.url}" for m in service.mounts)
    if service.floats:
        yield f"{service.floats}: above the page"


def _transfer(service: Service) -> str:
    if service.transfer is None:
        return "none named"
    countries = ", ".join(service.transfer.countries) or "not named"
    return f"{countries} ({service.transfer.basis.replace('_', ' ')})"
