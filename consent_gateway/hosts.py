"""Whether a request is addressed to the site, by the host it names."""

from __future__ import annotations

from consent_gateway.messages import Request
from consent_gateway.site import Site


def refusal(request: Request, site: Site) -> int:
    """The status that refuses a host that is none, or is not the site's (RFC 9112 3.2, RFC 9110 7.4);
    else 0."""
    if not request.hostname or len(request.headers.all("host")) > 1:
        return 400
    return 421 if site.site.hosts and not is_public(request, site) else 0


def is_public(request: Request, site: Site) -> bool:
    """Whether the site is asked for under one of its names; one without a port counts on every port."""
    return not {request.hostname, request.host.lower()}.isdisjoint(site.site.hosts)
