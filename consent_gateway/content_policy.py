"""Content Security Policies: the second one, which is ours, and room for our files in the site's own.

Neither weakens the other: a browser heeds every policy it is given (CSP3 8.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from consent_gateway.directives import allows, directives, governing, replaced, without_none
from consent_gateway.messages import Headers
from consent_gateway.urls import STAND_IN, Pattern

FIELDS = ("content-security-policy", "content-security-policy-report-only")


# Of what it would refuse, a policy that only reports tells the console without making it an error,
# but for frames (Chromium 156, measured over 20 kinds of fetch). So those it leaves alone.
QUIET_ON_FRAMES = "; frame-src * data: blob:; object-src * data: blob:"


# A host without a scheme stands for the page's own scheme, and one without a port for the default one
# (CSP3 6.7.2.8). In our pages a host of the site's own counts under any: "http" is https as well, "ws" is not for every
# browser wss.
ANY_SCHEME = ("http", "ws", "wss")


def ours(
    *, own: Iterable[str], released: Iterable[str], stand_ins: bool, report_to: str, enforced: bool
) -> str:
    """A policy that limits hosts and nothing else; without `report_to` nobody is told. The site's `own` may be of
    one word; what is no host to a policy, such as an IPv6 address, is left out."""
    sources = _sources(tuple(own), tuple(released), stand_ins)
    reporting = f"; report-uri {report_to}" if report_to else ""
    frames = "" if enforced else QUIET_ON_FRAMES
    return f"default-src {sources}{frames}{reporting}"


@lru_cache(maxsize=256)
def _sources(own: tuple[str, ...], released: tuple[str, ...], stand_ins: bool) -> str:
    sources = ["'self'", "'unsafe-inline'", "'unsafe-eval'", "data:", "blob:"]
    for text in own:
        hosts = _own_hosts(text)
        sources += [f"{scheme}://{host}:*" for host in hosts for scheme in ANY_SCHEME]
        sources += _stood_in(hosts) if stand_ins else ()
    for text in released:
        hosts = _hosts(Pattern.parse(text))
        sources += [*hosts, *(_stood_in(hosts) if stand_ins else ())]
    return " ".join(dict.fromkeys(sources))


def _own_hosts(text: str) -> list[str]:
    """CSP3 2.3.1 has names and IPv4 addresses only."""
    match = re.fullmatch(r"(\*\.)?([\w-]+(?:\.[\w-]+)*)", text, re.ASCII)
    return [] if match is None else [text, match[2]] if match[1] else [text]


def _hosts(pattern: Pattern) -> list[str]:
    return [f"*.{pattern.host}", pattern.host] if pattern.below else [pattern.host]


def _stood_in(hosts: list[str]) -> list[str]:
    return [f"{host}{STAND_IN}:*" for host in hosts]


# ---- the site's own ----------------------------------------------------------------------------

# What our files and forms are to a policy, and where it says so: the first directive that is there
# governs (CSP3 6.8.3); form-action has no fallback.
SCRIPT = ("script-src-elem", "script-src", "default-src")
OF_SCRIPTS = (SCRIPT, ("connect-src", "default-src"))
OF_MARKUP = (("style-src-elem", "style-src", "default-src"), ("form-action",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What the site's policy has to let pass: an address with everything below it, and the digests
    of the scripts that run first, as in `sha256-…`."""

    address: str
    scripts: tuple[str, ...]


def nonce_of(headers: Headers) -> str:
    """The nonce of the site's own policy for this response; empty if it has none."""
    for policy in _policies(headers):
        for source in governing(policy, SCRIPT)[1]:
            if match := re.fullmatch(r"'nonce-([A-Za-z0-9+/_=-]+)'", source, re.I):
                return match[1]
    return ""


def needs_digest(headers: Headers) -> bool:
    """Whether our script must carry its digest to be let pass."""
    return bool(headers.get("integrity-policy")) or any(map(_trusts_by_digest, _policies(headers)))


def runs_scripts(headers: Headers) -> bool:
    """Whether any script at all can run on the page: if not, ours would only be an error in the
    console, and has nothing to hold."""
    for policy in _enforced(headers):
        name, sources = governing(policy, SCRIPT)
        if name and not without_none(sources):
            return False
        sandbox = directives(policy).get("sandbox")
        if sandbox is not None and "allow-scripts" not in map(str.lower, sandbox):
            return False
    return True


def admitting(headers: Headers, ours: Ours) -> Headers:
    """The site's policies with our own address let in where they would keep it out: never a host,
    never a keyword, only what is below that address, and by digest where addresses do not count."""
    scripts = runs_scripts(headers)
    return rewritten(headers, lambda policy: _admitting(policy, ours, scripts=scripts))


def rewritten(headers: Headers, change: Callable[[str], str]) -> Headers:
    """The headers with every policy of the site's own changed; one that is empty then goes."""
    fields = []
    for name, value in headers:
        if name.lower() not in FIELDS:
            fields.append((name, value))
            continue
        changes = [(policy, change(policy)) for policy in value.split(",")]
        kept = [after for before, after in changes if after.strip() or after == before]
        if kept:
            fields.append((name, ",".join(kept)))
    return Headers(tuple(fields))


def _admitting(policy: str, ours: Ours, *, scripts: bool) -> str:
    for names in (*(OF_SCRIPTS if scripts else ()), *OF_MARKUP):
        name, sources = governing(policy, names)
        if not name or allows(sources, ours.address):
            continue
        added = ours.address
        if names is SCRIPT:
            if any(source.lower().startswith("'nonce-") for source in sources):
                continue
            if _trusts_by_digest(policy):
                added = " ".join(f"'{digest}'" for digest in ours.scripts)
        policy = _with(policy, name, names[0], [*without_none(sources), added])
    return _with_types(policy) if scripts else policy


# The policy of our script. It is made before any other code runs, and a name can be taken only once.
TYPES = "privacy"


def _with_types(policy: str) -> str:
    """The policy with ours among those that may be made, where it names which (Trusted Types 4.2)."""
    named = directives(policy).get("trusted-types")
    if named is None or "*" in named or TYPES in named:
        return policy
    return _with(policy, "trusted-types", "trusted-types", [*without_none(named), TYPES])


def _with(policy: str, name: str, narrowest: str, sources: list[str]) -> str:
    """The policy with new sources in a directive. What falls back to default-src gets a directive of
    its own, so that nothing else changes."""
    if name == "default-src":
        return f"{policy.rstrip().rstrip(';')}; {narrowest} {' '.join(sources)}"
    return replaced(policy, name, sources)


def _policies(headers: Headers) -> list[str]:
    return [policy for field in FIELDS for value in headers.all(field) for policy in value.split(",")]


def _enforced(headers: Headers) -> list[str]:
    return [policy for value in headers.all(FIELDS[0]) for policy in value.split(",")]


def _trusts_by_digest(policy: str) -> bool:
    """Whether addresses do not count for scripts (CSP3 8.2) and there is no nonce to take."""
    sources = [source.lower() for source in governing(policy, SCRIPT)[1]]
    nonces = any(source.startswith("'nonce-") for source in sources)
    return "'strict-dynamic'" in sources and not nonces
