"""`consent-gateway services`"""

from __future__ import annotations

import click

from consent_gateway import catalogue
from consent_gateway.catalogue import Service
from consent_gateway.commands.options import fail


@click.command()
@click.argument("id", required=False)
def services(id: str | None) -> None:
    """List the services the gateway knows, or show one.

    The ids are what a site file lists under [services.ID].
    """
    known = catalogue.load()
    if id is None:
        width = max(map(len, known.services))
        for service_id, service in known.services.items():
            purposes = ", ".join(service.purposes) if len(service.purposes) < 3 else "all purposes"
            click.echo(
                f"{service_id:<{width}}  {purposes:<14}  {service.treatment:<12}  {service.controller.name}"
            )
        hosts = len(known.known.marketing) + len(known.known.analytics)
        click.echo(f"\n{len(known.services)} services, and {hosts} known tracking hosts that are always held")
        return
    found = known.services.get(id)
    if found is None:
        fail(f"no service {id!r}; `consent-gateway services` lists them")
    _show(id, found)


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
        ("plug-ins", "\n".join(f"{m.id}: {m.type or m.url}" for m in service.mounts) or "none"),
        ("sources", "\n".join(service.sources)),
        ("reviewed", service.reviewed.isoformat()),
    ]
    for name, value in rows:
        first, *more = value.split("\n")
        click.echo(f"{name + ':':<19}{first}")
        for line in more:
            click.echo(f"{'':<19}{line}")


def _transfer(service: Service) -> str:
    if service.transfer is None:
        return "none named"
    countries = ", ".join(service.transfer.countries) or "not named"
    return f"{countries} ({service.transfer.basis.replace('_', ' ')})"
