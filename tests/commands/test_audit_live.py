"""`consent-gateway audit` of addresses, in a real browser."""

from __future__ import annotations

import json
import re
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from click.testing import CliRunner, Result

from consent_gateway.audit.states import STATES
from consent_gateway.captures import browser
from consent_gateway.captures.website import READING, Look
from consent_gateway.commands import audit_live, main
from tests import chromium
from tests.conftest import ROOT
from tests.hurried import SHORT
from tests.loopback import serving


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    guise = replace(READING, waiting=SHORT)
    monkeypatch.setattr(audit_live, "Look", lambda most: Look(most=most, guise=guise))


def audit(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["audit", *arguments])


@pytest.mark.browser
@pytest.mark.slow
def test_what_leaves_is_found_in_each_state_and_none_of_it_through_the_gateway(tmp_path: Path) -> None:
    async def third(request: web.Request) -> web.StreamResponse:
        return web.Response(status=204)

    with serving(third) as other:
        html = f'<!doctype html><title>x</title><img src="http://localhost:{other.port}/a/pixel.gif?secret=hushed">'

        async def site(request: web.Request) -> web.StreamResponse:
            return web.Response(text=html, content_type="text/html")

        with serving(site) as server:
            site_file = tmp_path / "site.toml"
            site_file.write_text('[third_parties]\nunlisted = "hold"\n')
            arguments = (server.address, "--pages", "1", "--site", str(site_file), "--format", "json")
            direct = audit(*arguments, "--progress")
    if "no Chromium" in direct.output:
        pytest.skip(chromium.NONE)
    assert direct.exit_code == 1, direct.output
    report = json.loads(direct.stdout)
    assert report["verdict"] == "leaks"
    assert report["browser"].startswith("Chromium ")
    contacts = {(one["state"], one["side"], one["host"], one["path"]) for one in report["contacts"]}
    assert contacts == {(state.id, "direct", "localhost", "/a/pixel.gif") for state in STATES}
    assert "hushed" not in direct.output
    assert "Opening them" in direct.stderr
    assert any("service workers" in one for one in report["conditions"])
    written = CliRunner().invoke(main, ["policy", "--site", str(site_file), "--format", "json"])
    assert report["policy_hash"] == json.loads(written.stdout)["hash"]
    assert any("CNAME" in one for one in report["not_measured"])


def test_without_a_browser_it_does_not_run_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "NAMES", ("no-such-browser",))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "/nowhere")
    result = audit("http://127.0.0.1:1/")
    assert result.exit_code == 2
    assert "apt-get install chromium-headless-shell" in result.output


def test_what_is_no_address_is_refused() -> None:
    result = audit("http://")
    assert result.exit_code == 2
    assert "no address of a website" in result.output


@pytest.mark.browser
@pytest.mark.slow
def test_a_site_that_cannot_be_opened_is_not_clean() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    result = audit(f"http://127.0.0.1:{port}/", "--format", "json")
    if "no Chromium" in result.output:
        pytest.skip(chromium.NONE)
    assert result.exit_code == 2, result.output
    report = json.loads(result.stdout)
    assert report["verdict"] == "not proven"
    assert any("net::ERR_CONNECTION_REFUSED" in one for one in report["left_out"])


def test_documents_agree_on_how_long_it_takes() -> None:
    for name in ("operators.md", "live-audits.md"):
        text = " ".join((ROOT / "docs" / name).read_text("utf-8").split())
        assert re.search(r"[Tt]en pages take \[?two to five minutes", text) and "`--progress`" in text
