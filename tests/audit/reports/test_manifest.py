"""The manifest of an audit, and whether its files are still the ones it names."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from consent_gateway.audit.findings import Audit, Input
from consent_gateway.audit.reports import html, manifest
from consent_gateway.audit.reports import json as as_json
from tests.audit import audits
from tests.audit.schemas import closed, schema


def hash_of(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A capture, a site file, an earlier report, and the new one in a folder below."""
    (tmp_path / "besuch.flows").write_bytes(b"what was recorded" * 100_000)
    (tmp_path / "site.toml").write_text("[site]\n", "utf-8")
    (tmp_path / "vorher.json").write_text("{}", "utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.html").write_text(html.report(audits.leaky()), "utf-8")
    return tmp_path


def audit_in(folder: Path) -> Audit:
    return replace(
        audits.leaky(),
        inputs=(
            Input(name=str(folder / "besuch.flows"), kind="mitmproxy flows", sha256=hash_of(folder / "besuch.flows")),
            Input(name="https://u:p@www.example/?a=geheim", kind="address", pages=1),
        ),
        site_file=str(folder / "site.toml"),
        site_sha256=hash_of(folder / "site.toml"),
        baseline=str(folder / "vorher.json"),
    )  # fmt: skip


def written(folder: Path) -> Path:
    path = folder / "out" / "manifest.json"
    reports = [folder / "out" / "report.html"]
    path.write_text(manifest.manifest(audit_in(folder), reports, beside=path.parent), "utf-8")
    return path


def test_every_file_is_named_with_its_hash_beside_the_manifest(folder: Path) -> None:
    """QA-04"""
    files = json.loads(written(folder).read_text("utf-8"))["files"]
    assert [(one["role"], one["name"]) for one in files] == [
        ("input", "../besuch.flows"),
        ("site file", "../site.toml"),
        ("baseline", "../vorher.json"),
        ("report", "report.html"),
    ]
    assert all(one["sha256"] == hash_of(folder / "out" / one["name"]) for one in files)


def test_it_says_when_with_what_and_how_it_was_made(folder: Path) -> None:
    """QA-04"""
    said: dict[str, Any] = json.loads(written(folder).read_text("utf-8"))
    assert said["started"] == "2026-11-24T10:30:00+00:00"
    assert said["versions"]["mitmproxy"] == "11.0.2" and said["versions"]["python"]
    assert said["command"][:3] == ["consent-gateway", "audit", "besuch.flows"]
    assert said["addresses"] == ["https://www.example/"]
    assert (said["states"], said["pages"]) == (list(audits.STATES), list(audits.PAGES))
    assert said["conditions"] == ["as recorded: Chromium 131, 1280 × 720, de-DE"]
    assert (said["verdict"], said["findings"], said["policy"]) == ("leaks", 247, audits.HASH[:16])
    assert "No browser ran" in " ".join(said["not_measured"])
    assert said["left_out"] and said["canary"]["planted"] == said["canary"]["found"]


def test_it_validates_against_its_schema_which_names_everything(folder: Path) -> None:
    """QA-02, QA-04"""
    from jsonschema import Draft202012Validator, FormatChecker

    rules = schema("audit_manifest")
    Draft202012Validator.check_schema(rules)
    document = json.loads(written(folder).read_text("utf-8"))
    assert set(rules["required"]) == set(rules["properties"]) == set(document)
    validator = Draft202012Validator(closed(rules), format_checker=FormatChecker())
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)] == []
    for key, value in (("verdict", "fine"), ("not_measured", []), ("files", [{"role": "report"}])):
        assert list(validator.iter_errors(document | {key: value})), key


@pytest.mark.parametrize("make", audits.ALL.values(), ids=audits.ALL)
def test_it_agrees_with_the_report(make: Callable[[], Audit]) -> None:
    """QA-02"""
    audit = replace(make(), inputs=(), site_file="", baseline="")
    said = json.loads(manifest.manifest(audit, [], beside=Path("/")))
    report = json.loads(as_json.report(audit))
    alike = ("verdict", "exit_code", "answer", "judged", "states", "pages", "coverage", "left_out")
    assert {key: said[key] for key in alike} == {key: report[key] for key in alike}
    assert said["findings"] == len(report["findings"])


def test_it_verifies_wherever_the_folder_is_moved(folder: Path) -> None:
    """QA-04"""
    assert manifest.verified(written(folder)) == manifest.Verified(4, (), ())
    moved = folder.rename(folder.with_name("elsewhere"))
    assert manifest.verified(moved / "out" / "manifest.json").faults == ()


def test_every_file_that_is_changed_or_gone_is_named(folder: Path) -> None:
    """QA-04"""
    path = written(folder)
    (folder / "out" / "report.html").write_text("another", "utf-8")
    (folder / "besuch.flows").unlink()
    assert manifest.verified(path) == manifest.Verified(
        2,
        ("report.html (report) is not the same any more",),
        ("../besuch.flows (input) cannot be read: No such file or directory",),
    )


def test_an_input_that_changed_while_it_was_audited_shows(folder: Path) -> None:
    path = folder / "out" / "manifest.json"
    audit = audit_in(folder)
    (folder / "site.toml").write_text("[site]\nhosts = []\n", "utf-8")
    path.write_text(manifest.manifest(audit, [], beside=path.parent), "utf-8")
    assert manifest.verified(path).faults == ("../site.toml (site file) is not the same any more",)


def test_a_hostile_audit_leaves_no_secret_in_it() -> None:
    text = manifest.manifest(replace(audits.hostile(), baseline=""), [], beside=Path("/"))
    assert [one for one in (audits.QUERY, audits.COOKIE, "kennwort", "\x1b") if one in text] == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ("{}", '"manifest" is not'),
        (
            '{"manifest": "consent-gateway audit manifest", "version": 9}',
            '"version" is 9; this program reads 1',
        ),
        (
            '{"manifest": "consent-gateway audit manifest", "version": 1, "files": [{}]}',
            '"files" is no list of files',
        ),
    ],
)
def test_what_is_no_manifest_is_refused_with_file_and_reason(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text, "utf-8")
    with pytest.raises(manifest.BadManifest, match=f"manifest.json: {reason}"):
        manifest.verified(path)


def test_a_manifest_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(manifest.BadManifest, match=r"none\.json: No such file"):
        manifest.verified(tmp_path / "none.json")


def test_a_name_that_is_none_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    files = [
        {"role": "report", "name": "a\x00b", "sha256": ""},
        {"role": "report", "name": ".", "sha256": ""},
    ]
    path.write_text(json.dumps({"manifest": manifest.NAME, "version": 1, "files": files}), "utf-8")
    assert [fault.rpartition(": ")[2] for fault in manifest.verified(path).unreadable] == [
        "no name of a file",
        "Is a directory",
    ]
