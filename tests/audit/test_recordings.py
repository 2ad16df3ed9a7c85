"""The demo's website without the gateway, recorded by real programs: every leak that its stand-ins were sent is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from consent_gateway.commands import main
from consent_gateway.demo.files import example, for_demo
from tests.captures.recording import recorded_by_chromium, recorded_by_mitmdump
from tests.demo.conftest import Demo, under_way

pytestmark = pytest.mark.browser
STATES = "fresh refused analytics all withdrawn expired tampered gpc blocked objected".split()
# What the demo's front page sends to whom, by what.
LEAKS = {
    ("www.googletagmanager.com.localhost", "google-analytics", "script"),
    ("region1.google-analytics.com.localhost", "google-analytics", "run time"),
    ("www.youtube.com.localhost", "youtube", "iframe"),
    ("snap.licdn.com.localhost", "linkedin-insight", "run time"),
    ("px.ads.linkedin.com.localhost", "linkedin-insight", "run time"),
    ("px.ads.linkedin.com.localhost", "linkedin-insight", "pixel"),
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with under_way(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module", params=["mitmdump", "Chromium"])
def recorded(
    request: pytest.FixtureRequest, demo: Demo, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, set[str]]:
    """A recording, and the hosts under which the stand-ins were asked meanwhile."""
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "site.toml").write_text(for_demo(example(), google=demo.addresses.google))
    record = recorded_by_mitmdump if request.param == "mitmdump" else recorded_by_chromium
    visit = demo.started_over()
    path = record([f"{demo.unprotected}/"], folder, wait=1500)
    companies = visit.view("unprotected")["companies"]
    return path, {f"{line['host']}.localhost" for company in companies for line in company["lines"]}


def test_qa_01_each_leak_is_found_in_each_state_and_none_behind_the_gateway(
    recorded: tuple[Path, set[str]],
) -> None:
    recording, asked = recorded
    assert {host for host, _, _ in LEAKS} < asked
    site = ["--site", str(recording.parent / "site.toml")]
    direct = CliRunner().invoke(main, ["audit", str(recording), *site, "--format", "json"])
    assert direct.exit_code == 1, direct.output
    found = json.loads(direct.stdout)
    for state in STATES:
        here = {
            (one["host"], one["owner"], one["carrier"])
            for one in found["contacts"]
            if one["state"] == state and one["side"] == "direct"
        }
        assert here >= LEAKS, state
        assert {host for host, _, _ in here} == asked, state
    through = CliRunner().invoke(main, ["audit", str(recording), *site, "--through"])
    assert through.exit_code == 0, through.output
    unproven = CliRunner().invoke(main, ["audit", str(recording), *site, "--through", "--no-canary"])
    assert unproven.exit_code == 2, unproven.output
