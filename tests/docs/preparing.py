"""What a reader of a document has before him, and what stands in here for what a test cannot have.

A new document needs an entry only where its commands need more than an empty folder and the stand-ins of
`ADDRESSES`. What is printed is compared line by line; "…" stands for anything, a line of it for any lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import chromium
from tests.docs import folders, websites


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """`prepare` fills the folder in which the commands run, and may return more of what is `replaced`: those are
    parts of commands and of Python with what they are here. `website` is the reader's own. `exits` are exit codes
    that the document tells in a sentence; of what runs until it is ended, the one it ends with. `said` and `unsaid`
    are words that a command prints or does not; of a server, those of its first page. `compared` says whether what
    is printed is held against what the document shows; `left_out` names commands that are only looked at, with the
    reason. `in_browser`: some of it needs Chromium. `afterwards` looks at what is in the folder when everything has ended."""

    prepare: Callable[[Path], Mapping[str, str] | None] = lambda folder: None
    website: Callable[[], AbstractContextManager[str]] = websites.application
    replaced: dict[str, str | Callable[[], str]] = field(default_factory=dict)
    exits: dict[str, int] = field(default_factory=dict)
    said: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unsaid: dict[str, tuple[str, ...]] = field(default_factory=dict)
    afterwards: Callable[[Path], None] = lambda folder: None
    compared: bool = True
    left_out: dict[str, str] = field(default_factory=dict)
    in_browser: bool = False


# Addresses in documents that lead to a website: to one of the tests, on loopback. {port} is free.
ADDRESSES = (
    "http://127.0.0.1:9000",
    "http://127.0.0.1:8000",
    "https://www.example.com",
    "https://staging.example.com",
)
LISTENING = ("127.0.0.1:8080", "127.0.0.1:8081", ":443", "127.0.0.1:9100")
# Folders outside of the one in which a document is followed.
OUTSIDE = ("/tmp/fresh", "/tmp/recording", "/var/lib/consent-gateway")
# They run until somebody ends them, ready when the words are printed, unless one of `ENDING` is among their options.
ENDING = ("--help", "--report", "-nr")
SERVING = "listening on"
LONG = {
    "consent-gateway serve": SERVING,
    "consent-gateway demo": SERVING,
    "consent-gateway replay": SERVING,
    "mitmdump": "listening at",
    "mitmweb": "listening at",
    "python -m http.server": "Serving HTTP",
}
# Programs that would change the machine, or take an hour: what they are told is looked at, in test_docs.py.
LOOKED_AT = (
    "make", "pip", "git", "apt-get", "sudo", "playwright",
    "haproxy", "nginx", "pg_dump", "podman", "psql", "systemctl",  # those of PostgreSQL and the proxies: tests/deploy
)  # fmt: skip


def in_chromium() -> str:
    """How Playwright starts the Chromium of this machine."""
    with sync_playwright() as playwright:
        return f'playwright.chromium.launch(executable_path="{chromium.find(playwright)}", args=["--no-sandbox"])'


TOLD = "its recipient is one of the operator's: tests/commands/test_requests_notices.py"
PROVED = "its number is that of the advance notice: tests/commands/test_requests_advance.py"
ADVANCE = (
    'consent-gateway requests advance-notice --who "Anna Muster, customer 4711" --recipient collect'
    " --planned 2026-12-15 --text-file notice.txt --site site.toml"
)
HEAD = "5145a3f2656d0bdc28b8fedb9d735de54a71342e40d7e51f03efce40fdab091b"
RECORD = "chromium --user-data-dir={folder} --proxy-server={scheme}127.0.0.1:8080 --ignore-certificate-errors https://www.example.com/"
OBSERVED = "mitmdump -nr capture.flow -s addons/audit.py --set consent_site=site.toml --set flow_detail=0"
KEPT = "mitmdump -nr capture.flow -s addons/audit.py --set flow_detail=0 -w audited.flow"
FILTERED = 'mitmdump -nr audited.flow "~marker :no_entry:"'
OLDEST_KEY = "$(consent-gateway keys list | head -n 1 | cut -f 1)"
PREPARATIONS: dict[str, Preparation] = {
    "consent.md": Preparation(replaced={"keys remove ID": f"keys remove {OLDEST_KEY}"}),
    "developers.md": Preparation(
        in_browser=True, prepare=folders.project, replaced={"playwright.chromium.launch()": in_chromium}
    ),
    "audit-reports.md": Preparation(prepare=folders.manifest),
    "captures.md": Preparation(
        in_browser=True,
        website=websites.shop,
        # It says that this writes a HAR as well.
        replaced={"mitmdump -w shop.mitm": "mitmdump -w shop.mitm --set hardump=shop.har"},
        said={RECORD.format(folder="/tmp/fresh", scheme="http://"): ("A shop",)},
        afterwards=folders.recorded,
    ),
    "live-audits.md": Preparation(
        in_browser=True,
        prepare=folders.strict,
        website=websites.shop,
        exits={"consent-gateway audit https://www.example.com/ --site site.toml": 1},
    ),
    "running.md": Preparation(prepare=folders.site_file),
    "operators.md": Preparation(
        in_browser=True,
        prepare=folders.certificate,
        website=websites.shop,
        exits={"consent-gateway check --strict site.toml": 1},
        said={"consent-gateway check --strict site.toml": ("left to the site's own page",)},
        unsaid={
            "consent-gateway serve --origin https://www.example.com --site trial.toml": (websites.PIXEL,),
            # Nothing is new.
            "consent-gateway init https://www.example.com | diff site.toml -": ("<", ">"),
        },
    ),
    "qa.md": Preparation(
        in_browser=True,
        prepare=folders.qa,
        website=websites.counted,
        exits={
            "consent-gateway audit recording.har --site site.toml": 1,
            "consent-gateway audit recording.har --site site.toml --format json -o before.json": 1,
            "consent-gateway audit recording.har --site site.toml --baseline before.json": 1,
            OBSERVED: 1,
            KEPT: 1,
            "mitmdump -s addons/audit.py --set consent_site=site.toml": 2,
        },
        said={
            RECORD.format(folder="/tmp/recording", scheme=""): ("A shop",),
            OBSERVED: ("1 request that needs consent would leave before it",),
            FILTERED: (websites.PIXEL,),
        },
        unsaid={FILTERED: ("https://www.example.com",)},
    ),
    "ledger.md": Preparation(prepare=folders.ledger, afterwards=folders.backed_up),
    "requests.md": Preparation(
        prepare=folders.requests,
        exits={'consent-gateway requests overdue; echo "exit $?"': 0},
        compared=False,
        left_out={
            "consent-gateway requests told 1": TOLD,
            ADVANCE: TOLD,
            "consent-gateway ledger prove 7 -o bundle.json --verifier verify_receipt.py": PROVED,
            f"python verify_receipt.py bundle.json --head {HEAD}": PROVED,
        },
    ),
    "production.md": Preparation(
        prepare=folders.production,
        exits={"consent-gateway check --strict site.toml": 1},
        afterwards=folders.backed_up,
    ),
    "policy.md": Preparation(prepare=folders.site_file),
    "README.md": Preparation(prepare=folders.readme, exits={"consent-gateway check site.toml": 1}),
}
NOTHING = Preparation()
