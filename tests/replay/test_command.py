"""`consent-gateway replay`, as it is called."""

from __future__ import annotations

import http.client
import json
import socket
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from consent_gateway.commands.replay import replay
from tests.replay import leaky
from tests.replay.conftest import replaying


def ask(
    address: str, target: str, method: str = "GET", **headers: str
) -> tuple[int, http.client.HTTPMessage, str]:
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(address).port, timeout=5)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, target, headers=named)
    response = connection.getresponse()
    found = response.status, response.headers, response.read().decode()
    connection.close()
    return found


def contacts(panel: str) -> dict[str, list[dict[str, object]]]:
    with urllib.request.urlopen(f"{panel}/contacts", timeout=5) as stream:
        view: dict[str, list[dict[str, object]]] = json.loads(
            stream.readline().decode().removeprefix("data: ")
        )
        return view


def test_it_serves_the_recorded_site_with_and_without_the_gateway_and_ends_cleanly(tmp_path: Path) -> None:
    capture = leaky.write(tmp_path / "leaky.flow")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with replaying(capture, temporary) as running:
        assert [folder.name[:23] for folder in temporary.iterdir()] == ["consent-gateway-replay-"]
        status, headers, page = ask(running.through, "/")
        assert status == 200 and 'data-privacy="notice"' in page and "snap.licdn.com" not in page
        assert "http://*.localhost:" in headers["Content-Security-Policy"]
        _, _, page = ask(running.direct, "/")
        assert 'data-privacy="notice"' not in page and "//snap.licdn.com.localhost:" in page
        assert ask(running.through, "/nothing")[0] == ask(running.direct, "/nothing")[0] == 404
        assert ask(running.through, "/.replay/")[1]["Location"] == f"{running.panel}/"
    assert list(temporary.iterdir()) == []


def test_the_site_file_decides_what_may_load(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(
        '[site]\nhosts = ["www.shop.example"]\nscheme = "https"\n[third_parties]\nunlisted = "hold"\n[services.youtube]\n'
    )
    with replaying(leaky.write(tmp_path / "leaky.flow"), tmp_path, "--site", str(site)) as running:
        _, headers, _ = ask(running.through, "/")
        assert "tracker.example" not in ask(running.through, "/style.css")[2]
        assert any(
            "-Report-Only" not in name and "report-uri /.privacy" in value for name, value in headers.items()
        )
        third = ask(running.direct, "/")[2].split("tracker.example.localhost:")
        assert len(third) == 1  # it is in the style sheet only
        tracker = ask(running.direct, "/style.css")[2].split("tracker.example.localhost:")[1].split("/")[0]
        ask(f"http://127.0.0.1:{tracker}", "/h1.svg", Host=f"tracker.example.localhost:{tracker}")
        [line] = contacts(running.panel)["direct"]
        assert (line["host"], line["decision"], line["reason"]) == (
            "tracker.example", "hold", "not in the operator's list of services",
        )  # fmt: skip


def test_the_panel_answers_to_its_own_page_only(tmp_path: Path) -> None:
    with replaying(leaky.write(tmp_path / "leaky.flow"), tmp_path) as running:
        host = running.panel.removeprefix("http://")
        assert ask(running.panel, "/", Host="evil.example")[0] == 421
        assert ask(running.panel, "/clear", "POST", Host=host, Origin="https://evil.example")[0] == 403
        assert ask(running.panel, "/clear", "POST", Host=host, Origin=running.panel)[0] == 204
        assert ask(running.panel, "/clear", "POST", Host=host)[0] == 403
        assert "frame-ancestors 'none'" in ask(running.panel, "/", Host=host)[1]["Content-Security-Policy"]
        assert ask(running.panel, "/nothing", Host=host)[0] == 404
        described = json.loads(ask(running.panel, "/replay.json", Host=host)[2])
        assert described["name"] == "leaky.flow" and len(described["states"]) == 10
        assert [page["label"] for page in described["pages"]] == [
            "www.shop.example/", "www.shop.example/about?from=mail",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"no capture", "neither a flow file of mitmproxy nor a HAR"),
        (None, "No such file"),
    ],
)
def test_a_capture_that_cannot_be_read_is_an_error(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "capture"
    if content is not None:
        path.write_bytes(content)
    result = CliRunner().invoke(replay, [str(path), "--listen", "127.0.0.1:0"])
    assert result.exit_code == 2 and reason in result.stderr and str(path) in result.stderr


def test_so_is_one_of_another_website_than_the_site_files(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[site]\nhosts = ["www.other.example"]')
    capture = leaky.write(tmp_path / "leaky.flow")
    result = CliRunner().invoke(replay, [str(capture), "--site", str(site), "--listen", "127.0.0.1:0"])
    assert result.exit_code == 2 and "nothing of www.other.example" in result.stderr


def test_how_much_is_read_is_shown_to_who_wants_to_see_it(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[site]\nhosts = ["www.other.example"]')  # it ends after reading
    capture = leaky.write(tmp_path / "leaky.flow")
    arguments = [str(capture), "--site", str(site), "--listen", "127.0.0.1:0"]
    assert "Reading leaky.flow" in CliRunner().invoke(replay, [*arguments, "--progress"]).stderr
    assert "Reading" not in CliRunner().invoke(replay, arguments).stderr


def test_and_a_wrong_site_file(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text("[surprise]")
    capture = leaky.write(tmp_path / "leaky.flow")
    result = CliRunner().invoke(replay, [str(capture), "--site", str(site), "--listen", "127.0.0.1:0"])
    assert result.exit_code == 2 and "surprise" in result.stderr


def test_it_is_for_this_computer_only_and_for_an_address_that_is_free(tmp_path: Path) -> None:
    capture = leaky.write(tmp_path / "leaky.flow")
    result = CliRunner().invoke(replay, [str(capture), "--listen", "192.0.2.1:8080"])
    assert result.exit_code == 2 and "a replay is for this computer only" in result.stderr
    result = CliRunner().invoke(replay, [str(capture), "--listen", "[::1]:8080"])
    assert result.exit_code == 2 and "has no name for IPv6" in result.stderr
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        result = CliRunner().invoke(replay, [str(capture), "--listen", address])
    assert result.exit_code == 2 and f"cannot listen on {address}" in result.stderr
