"""The site file for a site that is shown on this computer, and whose the hosts of a recording are."""

from __future__ import annotations

from collections.abc import Iterable

from consent_gateway.notify_table import Notify
from consent_gateway.replay.places import Places, local_name
from consent_gateway.site import Site
from consent_gateway.site_tables import Analytics, SiteTable, ThirdParties


class NotTheSite(Exception):
    """The recording has nothing of the site."""


def own_hosts(site: Site, found: tuple[str, ...], recorded: Iterable[str]) -> tuple[str, ...]:
    """The site's hosts in the recording, the one with most pages first: those of the site file, else those
    that the recording itself tells. Raises NotTheSite."""
    asked = set(recorded)
    found = tuple(dict.fromkeys(host.partition(":")[0] for host in found))
    named = tuple(host for host in site.site.names if host in asked)
    if site.site.names:
        if not named:
            raise NotTheSite(f"it has nothing of {', '.join(site.site.names)}, which [site] hosts names")
        return tuple(sorted(named, key=lambda host: found.index(host) if host in found else len(found)))
    if not found:
        raise NotTheSite("it has no page of any website")
    return found


def shown(own: Site, places: Places) -> Site:
    """What the site file says, for the addresses of a replay: nothing in it leads out of this computer."""
    here = f"http://127.0.0.1:{places.third_parties_port}"
    listening = places.site.rpartition(":")[0]
    names = (*own.site.hosts, *places.hosts, *map(local_name, places.hosts), listening, "localhost")
    first_party = own.third_parties.first_party
    return own.model_copy(
        update={
            "site": SiteTable.model_construct(
                **dict(own.site)
                | {"hosts": tuple(dict.fromkeys(names)), "scheme": None, "trusted_proxies": ()}
            ),
            "third_parties": ThirdParties.model_construct(
                **dict(own.third_parties)
                | {
                    "local_stand_ins": True,
                    "first_party": tuple(dict.fromkeys((*first_party, *map(_local, first_party)))),
                }
            ),
            "analytics": Analytics.model_construct(
                **dict(own.analytics) | {"script_url": here, "collect_url": here}
            ),
            "notify": Notify(),
        }
    )


def _local(pattern: str) -> str:
    below = "*." if pattern.startswith("*.") else ""
    return below + local_name(pattern.removeprefix("*."))
