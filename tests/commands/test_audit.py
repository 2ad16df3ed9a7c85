"""`consent-gateway audit`: captures in, a report out, and an exit code that a pipeline can rest on."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consent_gateway.audit.reports import FORMATS
from consent_gateway.audit.rules import RULES
from consent_gateway.audit.states import STATES
from consent_gateway.captures.exchange import Exchange
from consent_gateway.commands import main
from tests.audit.sites import SITE, asked, exchange, leaky
from tests.audit.test_offline import STRICT
from tests.conftest import ROOT

CLEAN = [exchange(f"{SITE}/", "<!doctype html><p>Nothing of others.</p>")]


def har(exchanges: Iterable[Exchange], path: Path) -> Path:
    """The exchanges as a browser saves them."""
    entries = [entry(one) for one in exchanges]
    pages = [{"id": one.page, "startedDateTime": "2026-11-24T10:30:00Z", "title": one.page, "pageTimings": {}}
             for one in exchanges if one.is_page]  # fmt: skip
    log = {"version": "1.2", "creator": {"name": "test", "version": "1"}, "pages": pages, "entries": entries}
    path.write_text(json.dumps({"log": log}))
    return path


def entry(one: Exchange) -> dict[str, object]:
    assert one.response
    kinds = {"empty": "fetch", "style": "stylesheet", "iframe": "document"}
    return {
        "pageref": one.page,
        "_resourceType": kinds.get(one.destination, one.destination),
        "startedDateTime": "2026-11-24T10:30:00Z",
        "time": 1,
        "request": {
            "method": one.request.method,
            "url": one.request.url,
            "httpVersion": "HTTP/1.1",
            "headers": [{"name": name, "value": value} for name, value in one.request.headers],
            "cookies": [],
            "queryString": [],
            "headersSize": -1,
            "bodySize": -1,
        },
        "response": {
            "status": one.response.status,
            "statusText": "OK",
            "httpVersion": "HTTP/1.1",
            "headers": [{"name": name, "value": value} for name, value in one.response.headers],
            "cookies": [],
            "content": {
                "size": len(one.response.body),
                "mimeType": one.response.headers.get("content-type"),
                "text": base64.b64encode(one.response.body).decode(),
                "encoding": "base64",
            },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 1, "receive": 0},
    }


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["audit", *map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audit")
    (folder / "site.toml").write_text(STRICT)
    har(leaky(), folder / "leaky.har")
    har(CLEAN, folder / "clean.har")
    return folder


def test_qa_01_a_leaky_site_exits_with_1_and_behind_the_gateway_with_0(folder: Path) -> None:
    site = ["--site", folder / "site.toml"]
    directly = run(folder / "leaky.har", *site)
    assert directly.exit_code == 1, directly.output
    assert "platform.linkedin.com (linkedin) is contacted before consent" in directly.output
    through = run(folder / "leaky.har", *site, "--through")
    assert through.exit_code == 0, through.output


def test_a_clean_site_exits_with_0_and_says_how_fast_it_was(folder: Path) -> None:
    clean = run(folder / "clean.har", "--progress")
    assert clean.exit_code == 0 and "pages per second" in clean.stderr and "Auditing" in clean.stderr


def test_qa_03_without_the_canary_it_exits_with_2(folder: Path) -> None:
    for name in ("clean.har", "leaky.har"):
        found = run(folder / name, "--no-canary")
        assert found.exit_code == 2 and "not proven" in found.stdout.lower()


def test_qa_02_every_format_is_written_with_a_manifest_that_verifies(folder: Path) -> None:
    for format in FORMATS:
        output = folder / f"report.{format}"
        found = run(folder / "leaky.har", "--format", format, "-o", output)
        assert (found.exit_code, found.stdout) == (1, ""), found.output
        beside = output.with_name(f"{output.name}.manifest.json")
        again = run("--verify", beside)
        assert (again.exit_code, again.stdout) == (0, "2 of 2 files are the same\n")


def test_qa_04_a_manifest_is_verified_and_what_is_another_file_is_named(folder: Path) -> None:
    output = folder / "verified.json"
    run(folder / "leaky.har", "--site", folder / "site.toml", "--format", "json", "-o", output)
    beside = output.with_name("verified.json.manifest.json")
    output.write_text(f"{output.read_text()}\n")
    found = run("--verify", beside)
    assert (found.exit_code, found.stdout) == (1, "2 of 3 files are the same\n")
    assert found.stderr == "verified.json (report) is not the same any more\n"
    output.unlink()
    gone = run("--verify", beside)
    assert gone.exit_code == 2 and "verified.json (report) cannot be read: No such file" in gone.stderr


def test_qa_05_a_baseline_is_a_json_report(folder: Path) -> None:
    before = folder / "before.json"
    assert run(folder / "clean.har", "--format", "json", "-o", before).exit_code == 0
    assert run(folder / "clean.har", "--baseline", before).exit_code == 0
    more = har([*CLEAN, asked("https://new.unknown.example/x", "image")], folder / "more.har")
    found = json.loads(run(more, "--baseline", before, "--format", "json").stdout)
    assert {one["rule"] for one in found["findings"] if one["is_new"]} >= {"new-host"}


def test_the_site_is_the_one_that_the_site_file_names(folder: Path, tmp_path: Path) -> None:
    elsewhere = [exchange(f"https://www.linkedin.com/{number}", "<p>") for number in range(5)]
    page = exchange(f"{SITE}/", '<!doctype html><img src="https://www.linkedin.com/p.gif">')
    recorded = har([page, *elsewhere], tmp_path / "more.har")
    (tmp_path / "named.toml").write_text(f'[site]\nhosts = ["www.example.com"]\n{STRICT}')
    found = run(recorded, "--site", tmp_path / "named.toml")
    assert (found.exit_code, "www.linkedin.com" in found.stdout) == (1, True), found.output


def test_only_so_many_pages_are_looked_at(folder: Path) -> None:
    pages = [exchange(f"{SITE}/{number}", "<p>") for number in range(4)]
    found = json.loads(run(har(pages, folder / "four.har"), "--pages", 2, "--format", "json").stdout)
    assert len(found["pages"]) == 2 and any("2 further pages" in one for one in found["not_measured"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.har"], "missing.har"),
        (["clean.har", "--site", "missing.toml"], "missing.toml"),
        (["clean.har", "--site", "faulty.toml"], "unlisted"),
        (["clean.har", "--baseline", "clean.har"], "not a report of an audit"),
        (["clean.har", "--baseline", "missing.json"], "missing.json"),
        (["clean.har", "-o", "no/folder/report"], "no/folder/report"),
        (["clean.har", "https://www.example.com/"], "either captures or addresses"),
        (["site.toml"], "neither"),
        ([], "Missing argument"),
        (["--verify", "missing.json"], "missing.json: No such file"),
        (["--verify", "site.toml"], "not JSON"),
        (["clean.har", "--verify", "before.json"], "either it or what is to be audited"),
    ],
)
def test_what_cannot_run_says_why_and_exits_with_2(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(folder)
    (folder / "faulty.toml").write_text('[third_parties]\nunlisted = "maybe"\n')
    found = run(*arguments)
    assert (found.exit_code, said in found.stderr) == (2, True), found.output


def test_the_commands_of_the_documentation_run_as_printed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "docs/qa.md").read_text("utf-8")
    commands = re.findall(r"^    consent-gateway (audit .*)$", text, re.M)
    (tmp_path / "site.toml").write_text(STRICT)
    (tmp_path / "recording.har").write_bytes((folder / "leaky.har").read_bytes())
    monkeypatch.chdir(tmp_path)
    codes = [CliRunner().invoke(main, command.split()).exit_code for command in commands]
    assert codes == [0 if "--through" in command else 1 for command in commands] and len(codes) == 4


def test_the_documentation_names_every_state_and_every_rule() -> None:
    text = (ROOT / "docs/qa.md").read_text("utf-8")
    states = re.findall(r"^\| `(\w+)` \| ((?:has|had|sends|agreed) .*) \|$", text, re.M)
    assert states == [(state.id, state.sentence) for state in STATES]
    rows = [row for row in text.splitlines() if re.match(r"\| `[a-z-]+`.*\| (?:error|warning) \|", row)]
    told = {
        (id, row.split("|")[2].strip())
        for row in rows
        for id in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", row.split("|")[1])
    }
    assert told == {(rule.id, rule.severity.value) for rule in RULES}


def test_the_policy_in_the_report_is_the_one_that_the_site_file_makes(folder: Path) -> None:
    file = folder / "site.toml"
    written = CliRunner().invoke(main, ["policy", "--site", str(file), "--format", "json"])
    found = run(folder / "leaky.har", "--site", file, "--format", "json")
    assert json.loads(found.stdout)["policy_hash"] == json.loads(written.stdout)["hash"]


def test_what_was_not_recorded_of_third_parties_is_counted(folder: Path) -> None:
    page = exchange(
        f"{SITE}/", '<script src="https://platform.linkedin.com/in.js"></script><script src="https://www.youtube.com/a"></script>'
    )  # fmt: skip
    found = run(har([page], folder / "unrecorded.har"))
    assert "2 addresses of third parties that the pages make a browser fetch are not in the" in found.stdout
    whole = [page, asked("https://platform.linkedin.com/in.js", "script"), asked("https://www.youtube.com/a", "script", status=502)]  # fmt: skip
    found = run(har(whole, folder / "recorded.har"))
    assert "are not in the" not in found.stdout
    assert "Of 2 addresses of third parties that were asked for, 1 failed" in " ".join(found.stdout.split())


def test_a_capture_without_its_end_is_not_clean_and_leaks_in_the_rest_of_it_are_leaks(folder: Path) -> None:
    site = ["--site", folder / "site.toml"]
    more = [*CLEAN, exchange(f"{SITE}/b", "<!doctype html><p>Nothing here." + "x" * 2000)]
    clean, leaks = har(more, folder / "cut.har"), har([*leaky(), *more], folder / "leaks.har")
    for path in (clean, leaks):
        path.write_text(path.read_text()[:-1500])
    found = run(clean, *site)
    said = " ".join(found.stdout.split())
    assert found.exit_code == 2, found.output
    assert said.startswith("NOT PROVEN: In what could be read nothing was found")
    assert "Not read to the end:" in said and "whatever follows cannot be read" in said
    assert run(leaks, *site).exit_code == 1
    assert "Not read to the end:" in run(leaks, *site).stdout


def test_one_page_of_several_that_could_not_be_read_is_said_in_the_first_lines(folder: Path) -> None:
    pages = [*CLEAN, exchange(f"{SITE}/b", unreadable="damaged base64", answered=False)]
    found = run(har_of_unreadable(pages, folder / "one.har"))
    assert found.exit_code == 0, found.output
    assert "1 page or file could not be looked at." in " ".join(found.stdout.split("\n\n")[0].split())


def har_of_unreadable(exchanges: Iterable[Exchange], path: Path) -> Path:
    """As a browser saves them, the body of the last damaged."""
    *whole, last = exchanges
    damaged = exchange(last.request.url, "x")
    har([*whole, damaged], path)
    log = json.loads(path.read_text())
    log["log"]["entries"][-1]["response"]["content"]["text"] = "%%%"
    path.write_text(json.dumps(log))
    return path
