"""The variables of the environment that the gateway heeds: one that is misspelt would be heeded by nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

PREFIX = "CONSENT_GATEWAY_"
OPTIONS = frozenset(
    PREFIX + name
    for name in (
        "ADMIN", "DATABASE", "LISTEN", "LOG_FORMAT", "ORIGIN", "SITE", "STATE", "TEMPLATES", "WORKERS",
    )
)  # fmt: skip
BESIDE = frozenset(PREFIX + name for name in ("KEYS", "SMTP_PASSWORD", "WORKER"))  # that are no option's
# Kubernetes puts the address of a service of this name there (documentation, "Service", environment variables).
_OF_A_CLUSTER = re.compile(PREFIX + r"(?:SERVICE_(?:HOST|PORT\w*)|PORT(?:_\w+)?)")


def misspelt(names: Iterable[str]) -> list[str]:
    """A sentence for each variable that looks like one of ours and is none."""
    known = sorted(OPTIONS | BESIDE)
    told = []
    for name in sorted(names):
        if name.startswith(PREFIX) and name not in known and not _OF_A_CLUSTER.fullmatch(name):
            near = get_close_matches(
                name.removeprefix(PREFIX), [one.removeprefix(PREFIX) for one in known], 1
            )
            told.append(
                f"{name} in the environment is no variable of the gateway"
                + (f": perhaps {PREFIX}{near[0]}" if near else f"; there are {', '.join(known)}")
            )
    return told
