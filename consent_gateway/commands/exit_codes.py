"""The exit codes of every command: a table."""

from __future__ import annotations

from collections.abc import Mapping

DONE, FINDING, NOT_RUN = 0, 1, 2
EVERYWHERE: Mapping[int, str] = {
    DONE: "done and clean",
    FINDING: "a negative finding",
    NOT_RUN: "could not run: it was called wrongly, what it reads cannot be read, or the gateway does not start",
}

_NO_REQUEST = "there is no such request, or the ledger is broken"
# What the finding of each command is; empty for those that find nothing.
FINDINGS: Mapping[str, str] = {
    "demo": "with `--report`: something that is recognised is not held",
    "init": "",
    "check": "the site file or the templates have faults; with `--strict`, warnings count as such",
    "serve": "",
    "audit": "something leaves before consent; with `--verify`, a file is not the one that the manifest names",
    "replay": "",
    "services": "",
    "policy": "",
    "ledger export": "the ledger is broken",
    "ledger prove": "there is no such record, nothing was granted at that time, or the ledger is broken",
    "ledger purge": "something could not be looked at, removed, or taken out of the files of the database yet",
    "ledger show": "there is no such text, or the ledger is broken",
    "ledger verify": "a record was changed, inserted, moved or removed, a text is missing, or the chain is another",
    "requests add": "the ledger is broken",
    "requests advance-notice": "the ledger is broken",
    "requests advance-notices": "with `--check`: a digest differs from that in the ledger, or the ledger is broken",
    "requests answer": _NO_REQUEST,
    "requests extend": _NO_REQUEST,
    "requests list": "a request does not open",
    "requests notices": "",
    "requests overdue": "a request should have been answered before today, or does not open",
    "requests show": "there is no such request; with `--check`: a digest differs, or the ledger is broken",
    "requests told": "there is no such notice, nothing to tell the recipient, or the ledger is broken",
    "requests webhook-secret": "",
    "reports": "among what was kept from loading is a known service or tracker",
    "keys list": "",
    "keys new": "",
    "keys remove": "",
    "keys rotate": "",
}
# Where "could not run" is more than that.
NOT_RUN_ALSO: Mapping[str, str] = {
    "check": "the file cannot be read as TOML",
    "audit": "nothing is proven, for planted leaks were not found; with `--verify`, a file cannot be read",
    "serve": "the site file has faults",
}
