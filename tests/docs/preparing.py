"""What a reader of a document has before him, and what stands in here for what a test cannot have.

A new document needs an entry only where its commands need more than an empty folder and the stand-ins of
`ADDRESSES`. What is printed is compared line by line; "…" stands for anything, a line of it for any lines.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import trustme
from playwright.sync_api import sync_playwright

from tests import chromium
from tests.conftest import ROOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """`prepare` fills the folder in which the commands run. `replaced` are parts of commands and of Python with
    what they are here. `exits` are exit codes that the document tells in a sentence. `compared` says whether
    what is printed is held against what the document shows; `left_out` names commands that are only looked at,
    with the reason."""

    prepare: Callable[[Path], None] = lambda folder: None
    replaced: dict[str, str | Callable[[], str]] = field(default_factory=dict)
    exits: dict[str, int] = field(default_factory=dict)
    compared: bool = True
    left_out: dict[str, str] = field(default_factory=dict)


# Addresses in documents that lead to a website: to one of the tests, on loopback. {port} is free.
ADDRESSES = ("http://127.0.0.1:9000", "http://127.0.0.1:8000", "https://www.example.com")
LISTENING = ("127.0.0.1:8080", ":443")
# They run until somebody ends them; ready when the words are printed.
LONG = {
    "consent-gateway serve": "listening on",
    "consent-gateway demo": "listening on",
    "consent-gateway replay": "listening on",
    "mitmdump": "listening at",
    "mitmweb": "listening at",
    "python -m http.server": "Serving HTTP",
}
# Programs that would change the machine, or take an hour: what they are told is looked at, in test_docs.py.
LOOKED_AT = ("make", "pip", "git", "apt-get", "sudo", "pg_dump", "playwright")


def certificate(folder: Path) -> None:
    """chain.pem and key.pem, as an operator has them."""
    issued = trustme.CA().issue_cert("www.example.com")
    issued.cert_chain_pems[0].write_to_path(folder / "chain.pem")
    issued.private_key_pem.write_to_path(folder / "key.pem")


def readme(folder: Path) -> None:
    certificate(folder)
    (folder / "addons").symlink_to(ROOT / "addons")


def project(folder: Path) -> None:
    """A copy of this project, to which something can be added."""
    for name in ("consent_gateway", "tests", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)


def in_chromium() -> str:
    """How Playwright starts the Chromium of this machine."""
    with sync_playwright() as playwright:
        return f'playwright.chromium.launch(executable_path="{chromium.find(playwright)}", args=["--no-sandbox"])'


def site_file(folder: Path) -> None:
    """site.toml with all that a site file can say."""
    shutil.copy(ROOT / "consent_gateway" / "example.toml", folder / "site.toml")


OLDEST_KEY = "$(consent-gateway keys list | head -n 1 | cut -f 1)"
PREPARATIONS: dict[str, Preparation] = {
    "consent.md": Preparation(replaced={"keys remove ID": f"keys remove {OLDEST_KEY}"}),
    "developers.md": Preparation(prepare=project, replaced={"playwright.chromium.launch()": in_chromium}),
    "policy.md": Preparation(prepare=site_file),
    "README.md": Preparation(prepare=readme, exits={"consent-gateway check site.toml": 1}),
}
NOTHING = Preparation()
