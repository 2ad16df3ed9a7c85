"""Puts a gateway together in memory, to look at recorded pages through it: nothing of it is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from consent_gateway import catalogue, site
from consent_gateway.analytics.pseudonym import Salt
from consent_gateway.gateway import Gateway
from consent_gateway.keys import KEY_BYTES, Key, KeyRing
from consent_gateway.lists import files
from consent_gateway.offer import offer
from consent_gateway.policy import Policy
from consent_gateway.policy_in_force import PolicyInForce
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.seen import Seen
from consent_gateway.urls import BadPattern, Pattern


def assembled(
    site_file: Path | None, hosts: Sequence[str], now: datetime, *, scheme: str = "https"
) -> Gateway:
    """A gateway for the site file, or for none, that takes the recorded `hosts` for the site's own beside those
    that the file names. Raises datafile.Unreadable or Faulty."""
    known = catalogue.load()
    own = site.read(site_file, known) if site_file else site.Site()
    lists = files.of_site(own, site_file)
    recorded = [host for host in hosts if _is_host(host)]
    names = tuple(dict.fromkeys((*own.site.hosts, *recorded)))
    own = own.model_copy(update={"site": own.site.model_copy(update={"hosts": names})})
    rendering = Rendering(templates_folder(), own.site.languages, prefix=own.prefix)
    rendering.name_purposes(own.named_purposes)
    salt = secrets.token_bytes(KEY_BYTES)
    return Gateway(
        site=own,
        catalogue=known,
        ring=KeyRing((Key("audit", secrets.token_bytes(KEY_BYTES)),)),
        salts=lambda start: Salt(start, salt),
        rendering=rendering,
        origin=f"{scheme}://{names[0] if names else 'localhost'}",
        origin_hosts=tuple(recorded),
        seen=Seen(),
        started=now,
        lists=lists,
        scheme=own.site.scheme or scheme,
    )


def named_hosts(site_file: Path | None) -> tuple[str, ...]:
    """The hosts that a site file names for the site's. Raises datafile.Unreadable or Faulty."""
    return site.read(site_file, catalogue.load()).site.names if site_file else ()


def policy_hash_of(site_file: Path) -> str:
    """The hash of the policy that a site file makes, as `consent-gateway policy` writes it: an audit looks under
    names and in a scheme that the file need not have. Raises datafile.Unreadable or Faulty."""
    own = site.read(site_file, catalogue.load())
    known = own.catalogue(catalogue.load())
    rendering = Rendering(templates_folder(), own.site.languages, prefix=own.prefix)
    rendering.name_purposes(own.named_purposes)
    return PolicyInForce(Policy(own, offer(own, known), known), own.site.scheme or "https", rendering).hash


def _is_host(host: str) -> bool:
    """Whether rules can be made for it: whatever a recording calls a host need not be one."""
    try:
        return bool(host) and ("." not in host or bool(Pattern.parse(host)))
    except BadPattern:
        return False


def hash_of(file: Path | None) -> str:
    """The SHA-256 of a site file; empty where there is none, or it cannot be read (which `assembled` says)."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() if file else ""
    except OSError:
        return ""
