"""What a reader of a document has before him, and what stands in here for what a test cannot have.

A new document needs an entry only where its commands need more than an empty folder and the stand-ins of
`ADDRESSES`. What is printed is compared line by line; "…" stands for anything, a line of it for any lines.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import trustme
from playwright.sync_api import sync_playwright

from consent_gateway import catalogue
from consent_gateway.audit.reports.manifest import NAME, VERSION
from consent_gateway.database import in_folder
from consent_gateway.record import hash_of
from tests import chromium
from tests.captures.flows import bytes_of, flow_of
from tests.conftest import ROOT
from tests.received import again, new
from tests.recorded import TEXT, checked, filled, record


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """`prepare` fills the folder in which the commands run, and may return more of what is `replaced`: those are parts of commands and of Python with
    what they are here. `exits` are exit codes that the document tells in a sentence. `compared` says whether
    what is printed is held against what the document shows; `left_out` names commands that are only looked at,
    with the reason."""

    prepare: Callable[[Path], Mapping[str, str] | None] = lambda folder: None
    replaced: dict[str, str | Callable[[], str]] = field(default_factory=dict)
    exits: dict[str, int] = field(default_factory=dict)
    compared: bool = True
    left_out: dict[str, str] = field(default_factory=dict)


# Addresses in documents that lead to a website: to one of the tests, on loopback. {port} is free.
ADDRESSES = (
    "http://127.0.0.1:9000",
    "http://127.0.0.1:8000",
    "https://www.example.com",
    "https://staging.example.com",
)
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
    (folder / "snippet.html").write_text(catalogue.load().services["youtube"].example, "utf-8")


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


def strict(folder: Path) -> None:
    """site.toml of a site that holds what it does not name."""
    (folder / "site.toml").write_text('[third_parties]\nunlisted = "hold"\n\n[services.youtube]\n')


def recording(folder: Path) -> None:
    """The same, and what a browser has recorded there: a page with a video that loads at once."""
    strict(folder)
    page, video = "https://www.example.com/", "https://www.youtube.com/embed/abcdefghijk"
    text = f'<!doctype html><html lang="en"><title>A page</title><iframe src="{video}"></iframe></html>'
    entries = [_entry(page, "document", text), _entry(video, "iframe", "<!doctype html>")]
    creator = {"name": "a browser", "version": "1"}
    (folder / "recording.har").write_text(
        json.dumps({"log": {"version": "1.2", "creator": creator, "pages": [], "entries": entries}})
    )


def recordings(folder: Path) -> None:
    """The same, and what the reader has recorded by then with mitmproxy and with a browser of his own."""
    recording(folder)
    (folder / "addons").symlink_to(ROOT / "addons")
    page = b'<!doctype html><html lang="en"><title>A page</title><h1>A page</h1></html>'
    (folder / "capture.flow").write_bytes(
        bytes_of(flow_of("https://www.example.com/", page, content_type="text/html"))
    )
    shutil.copy(folder / "recording.har", folder / "capture.har")


def _entry(url: str, destination: str, text: str) -> dict[str, object]:
    """An entry of a HAR 1.2."""
    asked = [
        {"name": "Sec-Fetch-Dest", "value": destination},
        {"name": "Referer", "value": "https://www.example.com/"},
    ]
    empty = {"cookies": [], "headersSize": -1, "bodySize": -1, "httpVersion": "HTTP/1.1"}
    said = {"size": len(text), "mimeType": "text/html", "text": text}
    return {
        "startedDateTime": "2026-11-24T10:30:00.000Z",
        "time": 1,
        "request": {"method": "GET", "url": url, "headers": asked, "queryString": [], **empty},
        "response": {
            "status": 200,
            "statusText": "OK",
            "headers": [{"name": "Content-Type", "value": "text/html"}],
            "content": said,
            "redirectURL": "",
            **empty,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 1, "receive": 0},
        "_resourceType": destination,
    }


def manifest(folder: Path) -> None:
    """A report and the manifest beside it, as an audit writes them."""
    report = b"a report"
    (folder / "report.html").write_bytes(report)
    entry = {"role": "report", "name": "report.html", "sha256": hashlib.sha256(report).hexdigest()}
    (folder / "report.html.manifest.json").write_text(
        json.dumps({"manifest": NAME, "version": VERSION, "files": [entry]})
    )


def ledger(folder: Path) -> dict[str, str]:
    """A ledger with an old refusal, a grant and its change, and the site file whose periods apply to it."""
    state, receipt = folder / ".consent-gateway", "Jx3rVb0sQ1Kq0m3hXn6b5w"
    ring = filled(
        state,
        record("refusal", time="2022-03-02T00:00:00+00:00"),
        record("grant", receipt=receipt),
        record("change", receipt=receipt, time="2026-11-25T08:12:40+00:00"),
    )
    kept = "proof of consent, Art. 7(1) GDPR"
    (folder / "site.toml").write_text(f'[retention.consent]\nperiod = "3 years"\nground = "{kept}"\n')
    return {
        "c028322aa4deb5e0741cbf0d0c20d11fb21cbbd41ac41307d2d8f4b38ad400a2": hash_of(TEXT),
        "d5df97ac65984e467f1fb844a8e7cd8e475743b96f093a7ec98e2560b662eb66": checked(
            in_folder(state), ring
        ).chain,
    }


def requests(folder: Path) -> None:
    """A ledger and a request that was answered, and the letters that go in and out."""
    ring = filled(folder / ".consent-gateway")
    with again(in_folder(folder / ".consent-gateway"), ring) as book:
        book.receive(new(received=datetime.now(UTC)), datetime.now(UTC), [])
    (folder / "letter.txt").write_text("I want to know what you have.\n")
    (folder / "answer.txt").write_text("We have deleted your account and told our mailing service.\n")
    (folder / "site.toml").write_text('[site]\nhosts = ["www.example.com"]\nscheme = "https"\n')


TOLD = "its recipient is one of the operator's: tests/commands/test_requests_notices.py"
PROVED = "its number is that of the advance notice: tests/commands/test_requests_advance.py"
ADVANCE = (
    'consent-gateway requests advance-notice --who "Anna Muster, customer 4711" --recipient collect'
    " --planned 2026-12-15 --text-file notice.txt --site site.toml"
)
HEAD = "5145a3f2656d0bdc28b8fedb9d735de54a71342e40d7e51f03efce40fdab091b"
OLDEST_KEY = "$(consent-gateway keys list | head -n 1 | cut -f 1)"
PREPARATIONS: dict[str, Preparation] = {
    "consent.md": Preparation(replaced={"keys remove ID": f"keys remove {OLDEST_KEY}"}),
    "developers.md": Preparation(prepare=project, replaced={"playwright.chromium.launch()": in_chromium}),
    "audit-reports.md": Preparation(prepare=manifest),
    "live-audits.md": Preparation(
        prepare=strict, exits={"consent-gateway audit https://www.example.com/ --site site.toml": 1}
    ),
    "qa.md": Preparation(
        prepare=recordings,
        left_out=dict.fromkeys(
            ("mitmdump -w capture.flow", "mitmdump -s addons/audit.py --set consent_site=site.toml"),
            "a browser is to go through it meanwhile: tests/captures/recording.py, tests/proxy/test_audit_addon.py",
        ),
        exits={
            "consent-gateway audit recording.har --site site.toml": 1,
            "consent-gateway audit recording.har --site site.toml --format json -o before.json": 1,
            "consent-gateway audit recording.har --site site.toml --baseline before.json": 1,
        },
    ),
    "ledger.md": Preparation(prepare=ledger),
    "requests.md": Preparation(
        prepare=requests,
        exits={'consent-gateway requests overdue; echo "exit $?"': 0},
        compared=False,
        left_out={
            "consent-gateway requests told 1": TOLD,
            ADVANCE: TOLD,
            "consent-gateway ledger prove 7 -o bundle.json --verifier verify_receipt.py": PROVED,
            f"python verify_receipt.py bundle.json --head {HEAD}": PROVED,
        },
    ),
    "policy.md": Preparation(prepare=site_file),
    "README.md": Preparation(prepare=readme, exits={"consent-gateway check site.toml": 1}),
}
NOTHING = Preparation()
