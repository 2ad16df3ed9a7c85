"""What an audit rests on, with a hash of every file: its inputs, its reports, the site file, the baseline.

A manifest shows whether a file is still the one that was audited or written. Whoever can write the files
can write a manifest, too: to prove more, have it signed or time-stamped. `audit_manifest.schema.json` in the
package is its schema.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consent_gateway.audit.findings import Audit
from consent_gateway.audit.reports import naming
from consent_gateway.audit.reports.answer import answer, limits
from consent_gateway.audit.reports.presentable import presentable

NAME, VERSION = "consent-gateway audit manifest", 1


class BadManifest(Exception):
    """What is to be verified is no manifest; the message names the file and says why."""


def manifest(audit: Audit, reports: Iterable[Path], *, beside: Path) -> str:
    """The manifest as JSON, to be written into the folder `beside`: names of files are relative to it. Raises
    OSError if a report or the baseline cannot be read."""
    shown = presentable(audit)
    document: dict[str, Any] = {
        "manifest": NAME,
        "version": VERSION,
        "started": shown.started.isoformat(),
        "finished": shown.finished.isoformat(),
        "versions": {
            "consent-gateway": shown.gateway,
            "mitmproxy": shown.mitmproxy,
            "python": platform.python_version(),
            "browser": shown.browser,
        },
        "command": list(shown.command),
        "verdict": shown.verdict.value,
        "exit_code": naming.EXIT_CODES[shown.verdict],
        "answer": answer(shown),
        "judged": shown.judged.value,
        "policy": shown.policy_hash,
        "states": list(shown.states),
        "pages": list(shown.pages),
        "addresses": [one.name for one in shown.inputs if not one.sha256],
        "conditions": list(shown.conditions),
        "coverage": [
            {"situation": one.situation.value, "tried": one.tried, "said": one.said} for one in shown.coverage
        ],
        "canary": {"planted": list(shown.canary.planted), "found": list(shown.canary.found)},
        "findings": len(shown.findings),
        "not_measured": list(limits(shown)),
        "left_out": list(shown.left_out),
        "files": [*_inputs(audit, beside), *(_report(path, beside) for path in reports)],
    }
    return f"{json.dumps(document, indent=1)}\n"


@dataclass(frozen=True, slots=True)
class Verified:
    """How many files are as a manifest says; a sentence for each that is not, and for each that cannot be read."""

    same: int
    different: tuple[str, ...]
    unreadable: tuple[str, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        return (*self.different, *self.unreadable)


def verified(path: Path) -> Verified:
    """Every file of a manifest, hashed again. Raises BadManifest."""
    same, different, unreadable = 0, list[str](), list[str]()
    for one in _files(path):
        named = f"{one['name']} ({one['role']})"
        try:
            if _hash(path.parent / one["name"]) == one["sha256"]:
                same += 1
            else:
                different.append(f"{named} is not the same any more")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no name of a file"
            unreadable.append(f"{named} cannot be read: {reason}")
    return Verified(same, tuple(different), tuple(unreadable))


def _inputs(audit: Audit, beside: Path) -> Iterable[dict[str, str]]:
    """Files under the hashes with which they were audited, whatever they hold by now."""
    for one in audit.inputs:
        if one.sha256:
            yield _entry("input", Path(one.name), beside, one.sha256)
    if audit.site_file:
        yield _entry("site file", Path(audit.site_file), beside, audit.site_sha256)
    if audit.baseline:
        path = Path(audit.baseline)
        yield _entry("baseline", path, beside, _hash(path))


def _report(path: Path, beside: Path) -> dict[str, str]:
    return _entry("report", path, beside, _hash(path))


def _entry(role: str, path: Path, beside: Path, sha256: str) -> dict[str, str]:
    name = os.path.relpath(path.absolute(), beside.absolute())
    return {"role": role, "name": Path(name).as_posix(), "sha256": sha256}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(path: Path) -> list[dict[str, str]]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadManifest(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise BadManifest(f"{path}: not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("manifest") != NAME:
        raise BadManifest(f'{path}: "manifest" is not "{NAME}"')
    if document.get("version") != VERSION:
        raise BadManifest(f'{path}: "version" is {document.get("version")!r}; this program reads {VERSION}')
    files = document.get("files")
    if not isinstance(files, list) or not all(_is_entry(one) for one in files):
        raise BadManifest(f'{path}: "files" is no list of files with "role", "name" and "sha256"')
    return files


def _is_entry(one: object) -> bool:
    return isinstance(one, dict) and all(isinstance(one.get(key), str) for key in ("role", "name", "sha256"))
