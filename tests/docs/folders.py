"""What is in the folder in which a document is followed, and in one case what has to be there in the end."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import trustme

from consent_gateway.audit.reports.manifest import NAME, VERSION
from consent_gateway.captures.opening import opened
from consent_gateway.database import in_folder
from consent_gateway.record import hash_of
from tests import shop
from tests.conftest import ROOT
from tests.received import again, new
from tests.recorded import TEXT, checked, filled, record, write
from tests.recorded import opened as opened_ledger
from tests.testing.applications import VIDEO


def certificate(folder: Path) -> None:
    """chain.pem and key.pem, as an operator has them."""
    issued = trustme.CA().issue_cert("www.example.com")
    issued.cert_chain_pems[0].write_to_path(folder / "chain.pem")
    issued.private_key_pem.write_to_path(folder / "key.pem")


def addons(folder: Path) -> None:
    """Scripts for mitmproxy, as a clone has them."""
    (folder / "addons").symlink_to(ROOT / "addons")


def readme(folder: Path) -> None:
    """Those, a certificate, and a snippet with a plug-in."""
    addons(folder)
    certificate(folder)
    (folder / "snippet.html").write_text(VIDEO)


def project(folder: Path) -> None:
    """A copy of this project, to which something can be added."""
    for name in ("consent_gateway", "tests", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)


def site_file(folder: Path) -> None:
    """site.toml with all that a site file can say."""
    shutil.copy(ROOT / "consent_gateway" / "example.toml", folder / "site.toml")


def strict(folder: Path) -> None:
    """site.toml of a site that holds what it does not name."""
    (folder / "site.toml").write_text('[third_parties]\nunlisted = "hold"\n\n[services.youtube]\n')


def production(folder: Path) -> dict[str, str]:
    """site.toml, three decisions in a ledger, and the same in a database that several processes share: a file here,
    PostgreSQL in tests/deploy."""
    strict(folder)
    state, shared = folder / "state", f"sqlite:///{folder / 'shared.sqlite3'}"
    three = (record(), record("refusal"), record("grant"))
    with opened_ledger(shared, filled(state, *three)) as book:
        write(book, *three)
    return {
        "/var/lib/consent-gateway": str(state),
        "postgresql://consent_gateway@10.0.0.30/consent_gateway": shared,
    }


def backed_up(folder: Path) -> None:
    """What was backed up is nobody else's to read."""
    made = [path for name in ("ledger.backup", "keys.backup", "noted") if (path := folder / name).exists()]
    assert made and {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}


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


def qa(folder: Path) -> None:
    """The same in a clone, with a HAR that somebody has exported."""
    recording(folder)
    addons(folder)
    shop.har(shop.shop(), folder / "capture.har")


def recorded(folder: Path) -> None:
    """The page that was visited is in the flow file and in the HAR, with its text."""
    for name in ("shop.mitm", "shop.har"):
        pages = [one for one in opened(folder / name).exchanges() if one.is_page]
        assert [one.response is not None and b"A shop" in one.response.body for one in pages] == [True], name


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
