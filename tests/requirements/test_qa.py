"""QA-06: other tools get the cookie of a visitor who has answered, as the documentation tells."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from consent_gateway.testing.serving import of_wsgi
from tests.conftest import ROOT
from tests.loopback import gateway
from tests.testing.applications import wsgi

COMMANDS = re.findall(r"^    (curl .*)$", (ROOT / "docs" / "qa.md").read_text("utf-8"), re.M)
VIDEO = "https://www.youtube.com/embed/"


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
def test_qa_06_each_command_writes_the_cookie_of_a_visitor_who_has_answered(tmp_path: Path) -> None:
    site = '[third_parties]\nunlisted = "hold"\n[services.youtube]\n'
    with of_wsgi(wsgi) as origin, gateway(origin, tmp_path / "state", site=site) as base:
        for command in COMMANDS:
            told = command.replace("http://127.0.0.1:8080", base)
            subprocess.run(["sh", "-c", told], cwd=tmp_path, check=True, capture_output=True)

        def sees(jar: str) -> bool:
            """Whether a tool with this jar is shown the video; reading it changes nothing."""
            page = subprocess.run(
                ["curl", "--fail", "--silent", "-b", jar, f"{base}/"],
                cwd=tmp_path, check=True, capture_output=True, text=True,
            )  # fmt: skip
            return f'src="{VIDEO}' in page.stdout

        jars = ("all.txt", "media.txt", "refused.txt", "withdrawn.txt")
        assert [sees(jar) for jar in jars] == [True, True, False, False]
        # Website Evidence Collector reads a jar line by line, as curl writes it.
        [line] = [one for one in (tmp_path / "all.txt").read_text().splitlines() if "\tprivacy\t" in one]
        assert line.startswith("#HttpOnly_127.0.0.1\t") and len(line.split("\t")) == 7
