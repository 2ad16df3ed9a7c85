"""The log as JSON: one object a line, and nothing of a visitor in it."""

from __future__ import annotations

import http.client
import json
import logging
import signal
import subprocess
import sys
from pathlib import Path

from aiohttp import web

from consent_gateway.log_lines import JsonLines
from tests import started
from tests.loopback import serving

MARK = "markierung"


async def broken(request: web.Request) -> web.StreamResponse:
    """A page that says it is compressed and is not."""
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip", "Set-Cookie": f"id={MARK}"}
    return web.Response(body=MARK.encode() * 100, headers=headers)


def test_whatever_goes_wrong_each_line_is_an_object_and_none_has_what_a_visitor_sent(tmp_path: Path) -> None:
    """SEC-09"""
    (tmp_path / "site.toml").write_text('[site]\nlanguages = ["en"]\ntrusted_proxies = ["127.0.0.1"]\n')
    with serving(broken) as origin:
        command = [*started.command(), "serve", "--origin", origin.address, "--listen", "127.0.0.1:0",
                   "--state", str(tmp_path / "state"), "--site", str(tmp_path / "site.toml"), "--log-format", "json",
                   "--verbose"]  # fmt: skip
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            connection = http.client.HTTPConnection(
                process.stdout.readline().strip().removeprefix("listening on http://"), timeout=20
            )
            headers = dict.fromkeys(
                ("User-Agent", "X-Forwarded-For", "Referer", "Accept-Language", "Cookie"), MARK
            )
            for method, path in (
                ("GET", f"/?q={MARK}"),
                ("POST", "/.privacy/choice"),
                ("POST", "/.privacy/request"),
                ("POST", "/.privacy/reports"),
                ("POST", f"/.privacy/ga/g/collect?v=2&tid=G-1&dl={MARK}"),
            ):
                connection.request(method, path, f"decision={MARK}", headers)
                connection.getresponse().read()
            connection.close()
            process.send_signal(signal.SIGTERM)
            _, log = process.communicate(timeout=30)
        finally:
            process.kill()
            process.communicate()
    lines = [json.loads(line) for line in log.splitlines()]
    assert all({"time", "level", "logger", "process", "message"} <= line.keys() for line in lines)
    assert any("was held back" in line["message"] for line in lines)
    assert MARK not in log


def test_of_an_error_its_kind_and_place_are_logged_and_not_its_words() -> None:
    try:
        raise ValueError(MARK)
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "", 1, "hook %s failed", ("request",), sys.exc_info())
    line = json.loads(JsonLines().format(record))
    assert (line["message"], line["error"]) == ("hook request failed", "ValueError")
    assert __name__.rpartition(".")[2] in line["raised_at"][0] and MARK not in json.dumps(line)
