"""The log, as text and as JSON: nothing of a visitor is in it, and JSON is one object a line."""

from __future__ import annotations

import http.client
import json
import logging
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web

from consent_gateway.log_lines import JsonLines, TextLines
from tests import started
from tests.loopback import serving
from tests.raw_http import say

MARK = "markierung"


async def broken(request: web.Request) -> web.StreamResponse:
    """A page that says it is compressed and is not."""
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip", "Set-Cookie": f"id={MARK}"}
    return web.Response(body=MARK.encode() * 100, headers=headers)


# What mitmproxy refuses and repeats in its reason, and bodies that end before their end or are none.
BAD_REQUESTS = (
    (b"Content-Length: " + MARK.encode(),),
    (b"Transfer-Encoding: " + MARK.encode(),),
    (b"Content-Length: 1", b"Transfer-Encoding: chunked", b"X: " + MARK.encode()),
    (MARK.encode() + b" x: 1",),
    (MARK.encode(),),
    (b"Transfer-Encoding: chunked",),
    (b"Upgrade: " + MARK.encode(), b"Connection: upgrade"),
)


@pytest.mark.parametrize("form", ["text", "json"])
def test_whatever_goes_wrong_no_line_has_what_a_visitor_sent_and_as_json_each_is_an_object(
    tmp_path: Path, form: str
) -> None:
    """SEC-09"""
    (tmp_path / "site.toml").write_text('[site]\nlanguages = ["en"]\ntrusted_proxies = ["127.0.0.1"]\n')
    with serving(broken) as origin:
        command = [*started.command(), "serve", "--origin", origin.address, "--listen", "127.0.0.1:0",
                   "--state", str(tmp_path / "state"), "--site", str(tmp_path / "site.toml"), "--log-format", form,
                   "--verbose"]  # fmt: skip
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            address = process.stdout.readline().strip().removeprefix("listening on ")
            connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)
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
            for fields in BAD_REQUESTS:
                answer = say(address, b"POST /a HTTP/1.1", b"Host: a", *fields, body=MARK.encode() + b"\r\n")
                assert MARK.encode() not in answer
            process.send_signal(signal.SIGTERM)
            _, log = process.communicate(timeout=30)
        finally:
            process.kill()
            process.communicate()
    assert "was held back" in log and MARK not in log
    assert "POST a/a failed: the head of the request is no valid HTTP" in log
    assert "/a failed: a body is not framed as HTTP demands" in log
    if form == "json":
        lines = [json.loads(line) for line in log.splitlines()]
        assert all({"time", "level", "logger", "process", "message"} <= line.keys() for line in lines)


def record(name: str, message: str, *values: object) -> logging.LogRecord:
    """As it is logged where an error was caught that has something of a visitor in its words."""
    try:
        raise ValueError(MARK)
    except ValueError:
        return logging.LogRecord(name, logging.ERROR, "", 1, message, values, sys.exc_info())


def test_of_an_error_its_kind_and_place_are_logged_and_not_its_words() -> None:
    failed = record("consent_gateway.proxy.master", "hook %s failed", "request")
    line = json.loads(JsonLines().format(failed))
    assert (line["message"], line["error"]) == ("hook request failed", "ValueError")
    assert __name__.rpartition(".")[2] in line["raised_at"][0] and MARK not in json.dumps(line)
    text = TextLines().format(failed)
    assert text.splitlines()[:2] == ["ERROR consent_gateway.proxy.master: hook request failed", "ValueError"]
    assert __name__.rpartition(".")[2] in text.splitlines()[2] and MARK not in text


@pytest.mark.parametrize(
    ("name", "message", "kept"),
    [
        ("mitmproxy.proxy.server", f"Client TLS handshake failed. Cannot parse ClientHello: {MARK}", "Client TLS handshake failed"),
        ("asyncio", f"Task exception was never retrieved\nfuture: ValueError('{MARK}')", "Task exception was never retrieved"),
        ("asyncio", f"Exception in callback write(b'{MARK}')", "Exception in callback write"),
        ("consent_gateway.key_watch", "the keys cannot be read: key (1). Line: 2", "the keys cannot be read: key (1). Line: 2"),
    ],
)  # fmt: skip
def test_of_what_libraries_say_the_first_words_are_logged(name: str, message: str, kept: str) -> None:
    assert json.loads(JsonLines().format(record(name, message)))["message"] == kept
    assert TextLines().format(record(name, message)).startswith(f"ERROR {name}: {kept}\n")


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("where", ["raised()", "threading.Thread(target=raised).start()"])
def test_an_error_that_ends_the_program_or_a_thread_is_logged_without_its_words_too(
    form: str, where: str
) -> None:
    program = f"""
import threading
from consent_gateway.commands.logged import log
def raised():
    raise ValueError("mark" + "ierung")
log("{form}")
{where}
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert "ValueError" in ended.stderr and "nobody thought of" in ended.stderr and MARK not in ended.stderr
