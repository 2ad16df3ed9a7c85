"""`consent-gateway init`"""

from __future__ import annotations

import contextlib
import json
import os
import pty
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from click.testing import CliRunner, Result

from consent_gateway.commands import init, main
from consent_gateway.survey import site_file
from tests import loopback
from tests.captures.recording import recorded_by_mitmdump
from tests.conftest import ROOT
from tests.loopback import HTML, Server
from tests.shop import HOST, START, got, har, shop


def run(*arguments: str, input: str = "") -> Result:
    return CliRunner().invoke(main, ["init", *arguments], input=input)


def passes(file: Path) -> Result:
    return CliRunner().invoke(main, ["check", str(file)])


@pytest.fixture(name="capture")
def _capture(tmp_path: Path) -> Path:
    return har(shop(), tmp_path / "shop.har")


def test_of_a_capture_it_makes_a_site_file_that_passes_check_and_holds_what_is_unknown(
    capture: Path, tmp_path: Path
) -> None:
    file = tmp_path / "site.toml"
    result = run(str(capture), "-o", str(file))
    assert result.exit_code == 0, result.output
    assert "4 pages of www.solarhof.de" in result.stderr and result.stdout == ""
    checked = passes(file)
    assert checked.exit_code == 0 and "5 services, unlisted third parties: hold" in checked.stdout
    assert (
        "left to the site's own privacy policy, /datenschutz, /en/privacy: controller.name," in checked.stdout
    )
    assert "#   cdn.shopfiles.net: script on /; image on /film" in file.read_text()


def test_the_gateway_starts_with_it_and_holds_the_unknown(capture: Path, tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    assert run(str(capture), "-o", str(file)).exit_code == 0
    text = (
        file.read_text()
        .replace(f'hosts = ["{HOST}"', f'hosts = ["127.0.0.1", "{HOST}"')
        .replace('scheme = "https"', "")
    )
    with (
        loopback.showing(START) as origin,
        loopback.gateway(origin, tmp_path / "state", site=text) as address,
    ):
        page = loopback_page(address)
    assert "cdn.shopfiles.net/cart.js" not in page and 'src="https://www.googletagmanager.com' not in page
    assert 'data-privacy="notice"' in page and "https://static.solarhof.de/shop.css" in page


def loopback_page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def test_a_file_that_is_there_is_not_overwritten_but_by_force(capture: Path, tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text("mine")
    refused = run(str(capture), "-o", str(file))
    assert (refused.exit_code, file.read_text()) == (2, "mine")
    assert f"{file} is there already; --force overwrites it" in refused.stderr
    assert run(str(capture), "-o", str(file), "--force").exit_code == 0
    assert "[third_parties]" in file.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shop.har", "site.toml"]


def test_nor_is_one_that_has_come_about_meanwhile(
    capture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "site.toml"

    def meanwhile(*arguments: Any) -> Any:
        target.write_text("# mine")
        return site_file.written(*arguments)

    monkeypatch.setattr(init, "written", meanwhile)
    found = run(str(capture), "-o", str(target))
    assert (found.exit_code, target.read_text()) == (2, "# mine"), found.output
    assert "is there already" in found.stderr and list(tmp_path.glob(".site.toml*")) == []


def test_without_a_place_for_it_the_file_goes_to_standard_output(capture: Path) -> None:
    result = run(str(capture))
    assert result.stdout.startswith("# The site file of www.solarhof.de") and "services" in result.stderr


def test_a_place_that_cannot_be_written_is_said(capture: Path, tmp_path: Path) -> None:
    result = run(str(capture), "-o", str(tmp_path / "none" / "site.toml"))
    assert result.exit_code == 2 and "No such file or directory" in result.stderr


def without_policy(tmp_path: Path) -> Path:
    pages = [got(f"https://{HOST}/", START.replace("atenschutz", "aten")), *shop()[5:]]
    return har(pages, tmp_path / "bare.har")


def test_without_a_privacy_policy_it_says_what_is_missing_and_invents_nothing(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    result = run(str(without_policy(tmp_path)), "-o", str(file))
    assert result.exit_code == 0
    assert "is a draft: no privacy policy was found on the site, and init invents no facts" in result.stderr
    assert (
        "missing: controller.address: where who is responsible can be found (GDPR Art. 13(1)(a))"
        in result.stderr
    )
    assert "# A DRAFT: no privacy policy was found" in file.read_text().partition("[site]")[0]
    checked = passes(file)
    assert (
        checked.exit_code == 0 and "controller.address: missing: where who is responsible" in checked.stdout
    )
    strict = CliRunner().invoke(main, ["check", "--strict", str(file)])
    assert (
        strict.exit_code == 1 and "the privacy policy says of itself that it is not finished" in strict.stdout
    )


def test_what_the_operator_says_goes_before_what_was_seen(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    capture = str(without_policy(tmp_path))
    said = ("--policy", "/recht/daten", "--controller", 'Hof "Solar"', "--contact", "ds@solarhof.de")
    assert run(capture, "-o", str(file), *said).exit_code == 0
    assert passes(file).exit_code == 0
    text = file.read_text()
    assert 'own_page = "/recht/daten"' in text and 'name = "Hof \\"Solar\\""' in text


def test_an_address_of_a_policy_that_is_none_is_refused_before_anything_is_looked_at(capture: Path) -> None:
    result = run(str(capture), "--policy", "javascript:alert(1)")
    assert result.exit_code == 2 and "--policy: must be a path of this site" in result.stderr


def test_a_list_of_the_operators_gives_its_verdict(capture: Path, tmp_path: Path) -> None:
    own = tmp_path / "easyprivacy.txt"
    own.write_text("||shopfiles.net^\n")
    result = run(str(capture), "--lists", str(own))
    assert "[easyprivacy.txt holds it]" in result.stdout
    own.write_text("<html>")
    broken = run(str(capture), "--lists", str(own))
    assert broken.exit_code == 2 and "is markup and no list" in broken.stderr


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("none.har", "none.har: No such file or directory"),
        ("empty.har", "empty.har: it is empty"),
        ("foreign.har", "no page of a website was seen"),
        ("ftp://example.com/", "no address of a website"),
        ("http://127.0.0.1:9/", "http://127.0.0.1:9/: no page of a website was seen: "),
    ],
)
def test_what_cannot_be_looked_at_is_said(tmp_path: Path, source: str, reason: str) -> None:
    (tmp_path / "empty.har").write_text("")
    (tmp_path / "foreign.har").write_text(json.dumps({"log": {"version": "1.2", "entries": []}}))
    where = source if "://" in source else str(tmp_path / source)
    result = run(where, "--plain", "-o", str(tmp_path / "site.toml"))
    assert result.exit_code == 2 and reason in result.stderr and "Traceback" not in result.output
    assert not (tmp_path / "site.toml").exists()


@pytest.fixture(scope="module", name="site")
def _site() -> Iterator[Server]:
    pages = {
        "/": '<html lang="en"><script src="http://cdn.shopfiles.localhost:9/a.js"></script><a href="/film">Film</a>'
        '<a href="/privacy">Privacy policy</a>',
        "/film": '<html lang="en"><iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'
        '<a href="/privacy">Privacy</a><script>document.cookie = "zoom=1; path=/; max-age=60"</script>',
        "/privacy": '<html lang="en"><h1>Privacy policy</h1>',
    }

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path not in pages:
            return web.Response(status=404)
        headers = {"Set-Cookie": "PHPSESSID=1; Path=/; HttpOnly", "Content-Type": HTML}
        return web.Response(body=pages[request.path].encode(), headers=headers)

    with loopback.serving(answer) as server:
        yield server


def test_a_site_is_visited_by_plain_http_and_it_is_said_what_that_does_not_see(
    site: Server, tmp_path: Path
) -> None:
    file = tmp_path / "site.toml"
    result = run(f"{site.address}/?secret=1", "--plain", "-o", str(file))
    assert result.exit_code == 0, result.output
    assert "by plain HTTP: what scripts do was not seen" in result.stderr
    text = file.read_text()
    assert "3 pages" in text and "[services.youtube]" in text and 'own_page = "/privacy"' in text
    assert "#   cdn.shopfiles.localhost: script on /" in text and "[cookies.PHPSESSID]" in text
    assert "secret" not in text
    assert passes(file).exit_code == 0


@pytest.mark.browser
def test_a_site_is_visited_by_a_browser_which_sees_what_scripts_do(site: Server, tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    result = run(f"{site.address}/", "-o", str(file), "--pages", "3")
    assert result.exit_code == 0, result.output
    text = file.read_text()
    assert "by Chromium" in text and "# [cookies.zoom] # set by a script, on /film" in text
    assert passes(file).exit_code == 0


def test_no_more_pages_are_looked_at_than_was_said(site: Server) -> None:
    result = run(f"{site.address}/", "--plain", "--pages", "1")
    assert "1 page of 127.0.0.1" in result.stderr


def test_a_flow_file_that_mitmdump_has_recorded_is_looked_at_too(site: Server, tmp_path: Path) -> None:
    capture = recorded_by_mitmdump([f"{site.address}/", f"{site.address}/film"], tmp_path)
    result = run(str(capture))
    assert result.exit_code == 0, result.stderr
    assert "from mitmproxy flows" not in result.stdout and "2 pages, mitmproxy flows." in result.stdout
    assert "[services.youtube]" in result.stdout and 'own_page = "/privacy"' in result.stdout


def test_who_sits_there_is_asked_for_the_page_that_was_not_found(tmp_path: Path) -> None:
    capture = without_policy(tmp_path)
    terminal, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "consent_gateway", "init", str(capture)],
        stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, cwd=ROOT,
    )  # fmt: skip
    os.close(theirs)
    os.write(terminal, b"/datenschutz\n")
    assert process.stdout
    with process.stdout as written:
        text = written.read().decode()
    shown = b""
    with contextlib.suppress(OSError):  # the end of a terminal is an error
        while part := os.read(terminal, 4096):
            shown += part
    os.close(terminal)
    assert process.wait(timeout=30) == 0, shown.decode()
    assert 'own_page = "/datenschutz"' in text
    assert b"No privacy policy was found on the site" in shown and b"pages" in shown
