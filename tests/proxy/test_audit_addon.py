"""`addons/audit.py` under mitmproxy's own tools, and the comments of `addons/gateway.py`."""

from __future__ import annotations

import json
import logging
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.io import FlowReader
from mitmproxy.tools import main

from consent_gateway.proxy import observed_view
from tests.conftest import ROOT
from tests.loopback import showing
from tests.replay import leaky

BIN = str(Path(sys.executable).parent)
AUDIT = str(ROOT / "addons" / "audit.py")
GATEWAY = str(ROOT / "addons" / "gateway.py")


@dataclass(frozen=True)
class Ended:
    """What a program has said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def mitmdump(folder: Path, *options: str) -> Ended:
    """mitmdump itself, in this process: starting Python for each would take most of the time."""
    told = [*options, "-s", AUDIT, "--set", f"confdir={folder}/mitmproxy", "--set", "flow_detail=0"]
    loggers, level = list(logging.getLogger().handlers), logging.getLogger().level
    code = 0
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        try:
            main.mitmdump(told)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        finally:
            logging.getLogger().handlers[:] = loggers
            logging.getLogger().setLevel(level)
    return Ended(code, out.getvalue(), err.getvalue())


def flows(path: Path) -> list[http.HTTPFlow]:
    with path.open("rb") as file:
        return [flow for flow in FlowReader(file).stream() if isinstance(flow, http.HTTPFlow)]


def test_mitmdump_says_at_the_end_what_would_leave_and_its_exit_code_does_too(tmp_path: Path) -> None:
    """H21"""
    capture = leaky.write(tmp_path / "capture.flow")
    result = mitmdump(tmp_path, "-nr", str(capture))
    assert result.returncode == 1, result.stderr
    assert "www.shop.example: 13 requests, 7 of them to third parties" in result.stdout
    assert "YouTube (media): hold, nothing was decided, TDDDG § 25(1): 2 requests" in result.stdout
    assert "6 requests that need consent would leave before it" in result.stdout


def test_where_nothing_would_leave_it_ends_well(tmp_path: Path) -> None:
    own = [one for one in leaky.RECORDED if "shop.example" in one.request.host]
    result = mitmdump(tmp_path, "-nr", str(leaky.write(tmp_path / "capture.flow", own)))
    assert result.returncode == 0, result.stderr
    assert "nothing that needs consent would leave before it" in result.stdout


def test_with_nothing_to_look_at_it_could_not_run(tmp_path: Path) -> None:
    result = mitmdump(tmp_path, "-nr", str(leaky.write(tmp_path / "capture.flow", [])))
    assert result.returncode == 2
    assert "there was no request to look at" in result.stderr


def test_the_site_is_whose_page_comes_first_whatever_a_browser_asks_for_before(tmp_path: Path) -> None:
    browsers_own = leaky.exchange("https://update.example/check", leaky.JSON, "{}", destination="empty")
    capture = leaky.write(tmp_path / "capture.flow", [browsers_own, *leaky.RECORDED])
    result = mitmdump(tmp_path, "-nr", str(capture))
    assert "www.shop.example: 14 requests, 8 of them to third parties" in result.stdout
    result = mitmdump(tmp_path, "-nr", str(leaky.write(capture, [browsers_own])))
    assert result.returncode == 0 and "update.example: 1 request, 0 of them" in result.stdout


def test_the_site_file_decides(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(
        '[site]\nhosts = ["www.shop.example"]\n[third_parties]\nunlisted = "hold"\nfirst_party = ["cdn.shop.example"]\n'
    )
    capture = leaky.write(tmp_path / "capture.flow")
    result = mitmdump(tmp_path, "-nr", str(capture), "--set", f"consent_site={site}")
    assert "tracker.example: hold, not in the operator's list of services, GDPR Art. 25(2)" in result.stdout
    assert "cdn.shop.example" not in result.stdout
    site.write_text("[surprise]")
    result = mitmdump(tmp_path, "-nr", str(capture), "--set", f"consent_site={site}")
    assert result.returncode == 1 and "surprise: unknown key" in result.stdout + result.stderr


def test_each_flow_to_a_third_party_is_annotated_and_otherwise_unchanged(tmp_path: Path) -> None:
    """H20"""
    capture, audited = leaky.write(tmp_path / "capture.flow"), tmp_path / "audited.flow"
    mitmdump(tmp_path, "-nr", str(capture), "-w", str(audited))
    before, after = flows(capture), flows(audited)
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        assert one.request.get_state() == other.request.get_state()
        assert one.response and other.response and one.response.get_state() == other.response.get_state()
    by_host = {flow.request.host: flow for flow in after}
    assert (
        by_host["snap.licdn.com"].comment
        == "LinkedIn Insight Tag (marketing): hold, nothing was decided, TDDDG § 25(1)"
    )
    assert by_host["snap.licdn.com"].marked == ":no_entry:"
    assert by_host["snap.licdn.com"].metadata["consent"]["decision"] == "hold"
    assert by_host["tracker.example"].marked == ":white_check_mark:"
    assert by_host["www.shop.example"].comment == by_host["www.shop.example"].marked == ""
    again = tmp_path / "again.flow"
    mitmdump(tmp_path, "-nr", str(audited), "-w", str(again))
    assert [flow.comment for flow in flows(again)] == [flow.comment for flow in after]


def test_mitmdumps_own_filters_find_what_is_held(tmp_path: Path) -> None:
    held = tmp_path / "held.flow"
    mitmdump(tmp_path, "-nr", str(leaky.write(tmp_path / "c.flow")), "-w", str(tmp_path / "all.flow"))
    program = shutil.which("mitmdump", path=BIN) or "mitmdump"
    subprocess.run([program, "-nr", str(tmp_path / "all.flow"), "-w", str(held), "~marker :no_entry:"], check=True, timeout=60, capture_output=True)  # fmt: skip
    assert {flow.request.host for flow in flows(held)} == {
        "www.googletagmanager.com", "region1.google-analytics.com", "snap.licdn.com", "px.ads.linkedin.com",
        "www.youtube.com", "i.ytimg.com",
    }  # fmt: skip


def test_live_it_looks_on(tmp_path: Path) -> None:
    with showing("<!doctype html>text") as server, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        program = shutil.which("mitmdump", path=BIN) or "mitmdump"
        process = subprocess.Popen(
            [program, "-p", str(port), "-s", AUDIT, "--set", f"confdir={tmp_path}/mitmproxy", "--set", "connection_strategy=lazy"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=tmp_path,
        )  # fmt: skip
        try:
            listening(port, process)
            opener = urllib.request.build_opener(
                urllib.request.ProxyHandler({"http": f"http://127.0.0.1:{port}"})
            )
            assert opener.open(f"{server.address}/", timeout=20).read() == b"<!doctype html>text"
        finally:
            process.terminate()
            output, _ = process.communicate(timeout=20)
    assert "127.0.0.1: 1 request, 0 of them to third parties" in output, output
    assert process.returncode == 0


def test_mitmweb_shows_decision_reason_and_the_fields_of_a_hit(tmp_path: Path) -> None:
    hit = leaky.exchange(
        "https://region1.google-analytics.com/g/collect?v=2&tid=G-SHOP12345&cid=1.2&en=page_view&uid=anna", "", "", status=204
    )  # fmt: skip
    capture = leaky.write(tmp_path / "capture.flow", [*leaky.RECORDED[:1], hit, leaky.RECORDED[-1]])
    with mitmweb(tmp_path, "-nr", str(capture), "-s", AUDIT) as ask:
        found = _eventually(lambda: (got := ask("/flows")) and len(got) == 3 and got)
        analytics = next(flow for flow in found if "google" in flow["request"]["host"])
        assert (
            analytics["comment"] == "Google Analytics (analytics): hold, nothing was decided, TDDDG § 25(1)"
        )
        assert analytics["marked"]
        view = ask(f"/flows/{analytics['id']}/request/content/consent.json")
        text = json.dumps(view)
        assert "nothing was decided" in text and "TDDDG" in text
        assert "uid" in text and "dropped" in text and "cid" in text and "changed" in text
        best = json.dumps(ask(f"/flows/{analytics['id']}/request/content/auto.json"))
        assert "nothing was decided" in best


def test_behind_the_gateway_a_developer_sees_what_was_decided(tmp_path: Path) -> None:
    page = (
        '<!doctype html><head></head><body><iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'
    )
    with showing(page) as server, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        options = (
            "--mode", f"reverse:{server.address}@127.0.0.1:{port}", "-s", GATEWAY, "--set", f"consent_state={tmp_path}/state",
        )  # fmt: skip
        with mitmweb(tmp_path, *options) as ask:
            _eventually(lambda: _answers(port))
            found = _eventually(lambda: ask("/flows"))
            comments = " ".join(flow["comment"] for flow in found)
            assert "gateway: has youtube hold (nothing was decided)" in comments


def test_a_flow_that_nobody_has_observed_has_no_view() -> None:
    with pytest.raises(ValueError, match="not a request to a third party"):
        observed_view.text_of({})


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20).close()
    except OSError:
        return False
    return True


@contextmanager
def mitmweb(folder: Path, *options: str) -> Iterator[Any]:
    """mitmweb under way; what it yields asks its API for JSON, None where it does not answer."""
    program = shutil.which("mitmweb", path=BIN) or "mitmweb"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        program, *options, "--no-web-open-browser", "--web-port", str(port), "--set", f"confdir={folder}/mitmproxy",
    ]  # fmt: skip
    command += ["--set", "web_password=test"] if _has_password() else []
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder
    )

    def ask(path: str) -> Any:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}?token=test", timeout=5) as answer:
                return json.load(answer)
        except (urllib.error.URLError, ConnectionError):
            assert process.poll() is None, process.stdout and process.stdout.read()
            return None

    try:
        yield ask
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _has_password() -> bool:
    """mitmweb is behind a password since 12."""
    from mitmproxy.tools.web import webaddons

    return hasattr(webaddons, "WebAuth")


def listening(port: int, process: subprocess.Popen[str]) -> None:
    def reached() -> bool:
        assert process.poll() is None, process.stdout and process.stdout.read()
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            return False
        return True

    _eventually(reached)


def _eventually(condition: Any) -> Any:
    end = time.monotonic() + 30
    while not (found := condition()):
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)
    return found
