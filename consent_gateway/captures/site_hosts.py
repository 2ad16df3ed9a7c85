"""Which hosts of a capture are the site's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from consent_gateway.captures.domains import registrable
from consent_gateway.captures.exchange import Exchange


def site_hosts(exchanges: Iterable[Exchange], named: Iterable[str] = ()) -> tuple[str, ...]:
    """The hosts below the domain that has most of the pages, those with most pages first, then those
    with most of the rest. Another domain of the same owner cannot be told from a link that was followed.
    Where there are pages of hosts that are `named` as the site's, only their domains count."""
    pages: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for exchange in exchanges:
        host = exchange.request.hostname
        if not host:
            continue
        others[host] += 1
        if exchange.is_page and exchange.response is not None and exchange.response.status < 300:
            pages[host] += 1
    domains: Counter[str] = Counter()
    for host, number in pages.items():
        domains[registrable(host)] += number
    meant = {registrable(host) for host in named} & domains.keys()
    own = meant or {domain for domain, _ in domains.most_common(1)}
    hosts = [host for host in others if registrable(host) in own]
    return tuple(sorted(hosts, key=lambda host: (-pages[host], -others[host])))
