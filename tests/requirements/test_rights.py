"""Requirements PRC-01 to PRC-08, PRC-10 and PRC-11 at a real gateway, with a plain HTTP client: consent, look, download, block, lift, object, erase."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from click.testing import CliRunner

from consent_gateway.commands import main
from tests.asking import CHROME
from tests.browser.stand_ins import third_party
from tests.crowd import served
from tests.loopback import Server, gateway, serving, showing
from tests.waiting import eventually

PAGE = '<!doctype html><html lang="en"><head></head><body><iframe src="https://www.youtube.com/embed/abcdefghijk" width="560" height="315"></iframe><script src="https://static.hotjar.com/c/hotjar-1.js"></script></body></html>'
SITE = """
[controller]
name = "Example AG"
[analytics]
properties = ["G-TEST123"]
script_url = "{google}"
collect_url = "{google}"
[services.google-analytics]
[services.hotjar]
[services.youtube]
"""
VIDEO = 'src="https://www.youtube'
HIT = "/.privacy/ga/g/collect?v=2&tid=G-TEST123&en=page_view"
SCHEMA = json.loads(files("consent_gateway").joinpath("your_data.schema.json").read_text("utf-8"))


@dataclass
class Client:
    """A client without a script, which keeps cookies and follows redirects as browsers do."""

    base: str
    jar: CookieJar = field(default_factory=CookieJar)

    def ask(self, path: str, form: dict[str, Any] | None = None) -> tuple[int, str]:
        data = urlencode(form, doseq=True).encode() if form else None
        headers = {"User-Agent": CHROME, "Accept-Language": "en", "Origin": self.base}
        opener = build_opener(HTTPCookieProcessor(self.jar))
        try:
            answer: HTTPResponse = opener.open(Request(f"{self.base}{path}", data, headers), timeout=20)
        except HTTPError as error:
            return error.code, error.read().decode()
        with answer:
            self.at = answer.url.removeprefix(self.base)
            return answer.status, answer.read().decode()

    def get(self, path: str) -> str:
        status, text = self.ask(path)
        assert status in (200, 204), text
        return text

    def press(self, html: str, action: str, **ticked: list[str]) -> str:
        """Sends the form of an action as it stands in a page; returns where that leads."""
        forms = re.findall(r"<form.*?</form>", html, re.S)
        form = next(one for one in forms if f'name="action" value="{action}"' in one)
        fields: dict[str, Any] = {}
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
            fields.setdefault(name, []).append(unescape(value))
        status, text = self.ask("/.privacy/rights", fields | ticked)
        assert status == 200, text
        return text

    def held(self) -> list[dict[str, Any]]:
        import jsonschema

        found = json.loads(self.get("/.privacy/your-data.json?download=1"))
        jsonschema.validate(found, SCHEMA)
        assert isinstance(found["held"], list)
        return found["held"]

    def labels(self) -> set[str]:
        return {one["label"] for one in self.held()}


@pytest.fixture
def google() -> Iterator[Server]:
    with serving(third_party) as server:
        yield server


def hits(google: Server) -> int:
    return sum(seen.path == "/g/collect" for seen in google.requests)


def arrived(google: Server, number: int, client: Client) -> bool:
    """Sends a hit; whether Google has as many by then. A hit is sent on beside the answer."""
    client.get(HIT)
    end = time.monotonic() + (5 if hits(google) < number else 0.5)
    while time.monotonic() < end and hits(google) < number:
        time.sleep(0.05)
    time.sleep(0.4)
    return hits(google) == number


def verified(state: Path) -> str:
    done = CliRunner().invoke(main, ["ledger", "verify", "--state", str(state)])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_whole_walk(google: Server, tmp_path: Path) -> None:
    """PRC-01, PRC-02, PRC-03, PRC-05, PRC-06, PRC-07, PRC-11"""
    state = tmp_path / "state"
    with showing(PAGE) as origin, gateway(origin, state, site=SITE.format(google=google.address)) as base:
        client = Client(base)
        settings = re.search(r'data-privacy="settings" href="([^"]+)"', client.get("/"))
        assert settings
        centre = client.get(unescape(settings[1]))
        link = re.search(r'href="(/\.privacy/your-data[^"]*)"', centre)
        assert link and "Art. 11(2)" in client.get(unescape(link[1])) and client.held() == []

        form = {"decision": "save", "purpose": ["analytics", "media", "marketing"]}
        assert client.ask("/.privacy/choice", form)[0] == 200
        assert "youtube.com/embed" in client.get("/") and arrived(google, 1, client)
        (receipt,) = [one["text"] for one in client.held() if one["label"] == "receipt"]
        assert client.labels() >= {"decided", "granted", "refused", "receipt", "handle", "session", "record"}
        shown = client.get("/.privacy/your-data")
        assert receipt in shown and "you agreed" in shown

        blocked = client.press(shown, "restrict")
        assert "Everything is blocked now" in blocked
        assert arrived(google, 1, client), "nothing is forwarded"
        page = client.get("/")
        assert VIDEO not in page and 'data-privacy="notice"' not in page
        assert {one["restricted"] for one in client.held() if one["label"] == "record"} == {True}
        assert client.ask("/.privacy/choice", {"decision": "accept_all"})[0] == 409

        asked = client.press(blocked, "lift")
        assert "Lift the block?" in asked and "<li>YouTube</li>" in asked
        lifted = client.press(asked, "lift")
        assert "The block is lifted" in lifted and arrived(google, 2, client)

        objected = client.press(lifted, "object")
        assert "You have objected" in objected and "static.hotjar.com/c" not in client.get("/")
        assert "youtube.com/embed" in client.get("/") and "objected" in client.labels()

        question = client.press(objected, "erase")
        assert "Erase for good?" in question and "4 records of your consent" in question
        assert len(client.held()) > 5, "nothing has happened yet"
        erased = client.press(question, "erase")
        assert "Erased." in erased and client.held() == [] and len(client.jar) == 0
        assert 'data-privacy="notice"' in client.get("/") and arrived(google, 2, client)
        assert "4 records whose content has been erased" in verified(state)


@pytest.mark.slow
def test_two_processes_at_one_ledger_agree_on_what_was_erased(google: Server, tmp_path: Path) -> None:
    """PRC-06: what one erases counts for nothing in the other, within the seconds it takes to look."""
    state, site = tmp_path / "state", tmp_path / "site.toml"
    site.write_text(SITE.format(google=google.address))
    with (
        showing(PAGE) as origin,
        served(origin, state, site=site) as (_, one),
        served(origin, state, site=site) as (_, other),
    ):
        client = Client(one)
        client.ask("/.privacy/choice", {"decision": "save", "purpose": ["media"]})
        kept = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.jar)
        host = one.removeprefix("http://")
        assert VIDEO in _with_cookie(one, kept, host) and VIDEO in _with_cookie(other, kept, host)
        client.press(client.press(client.get("/.privacy/your-data"), "erase"), "erase")
        eventually(lambda: VIDEO not in _with_cookie(other, kept, host))
        assert VIDEO not in _with_cookie(one, kept, host)


def _with_cookie(base: str, cookie: str, host: str) -> str:
    """The page under the host that the cookie was given to."""
    asked = Request(f"{base}/", headers={"Cookie": cookie, "Host": host})
    with build_opener().open(asked, timeout=20) as answer:
        text: str = answer.read().decode()
    return text


def test_by_plain_http_nothing_destructive_happens_without_its_form(google: Server, tmp_path: Path) -> None:
    """PRC-11"""
    with (
        showing(PAGE) as origin,
        gateway(origin, tmp_path / "state", site=SITE.format(google=google.address)) as base,
    ):
        client = Client(base)
        client.ask("/.privacy/choice", {"decision": "accept_all"})
        assert client.ask("/.privacy/rights?action=erase&confirm=yes")[0] == 405
        assert client.ask("/.privacy/rights", {"action": "erase", "confirm": "yes"})[0] == 403
        assert (
            client.ask("/.privacy/rights", {"action": "erase", "confirm": "yes", "token": "a~b.c"})[0] == 403
        )
        assert "receipt" in client.labels()


def test_by_plain_http_recipients_are_named_and_a_choice_is_corrected_and_withdrawn(
    google: Server, tmp_path: Path
) -> None:
    """PRC-04, PRC-08, PRC-10"""
    with (
        showing(PAGE) as origin,
        gateway(origin, tmp_path / "state", site=SITE.format(google=google.address)) as base,
    ):
        client = Client(base)
        client.ask("/.privacy/choice", {"decision": "accept_all"})
        received = json.loads(client.get("/.privacy/your-data.json"))["information"]["recipients"]
        assert {one["service"] for one in received} == {"Google Analytics", "Hotjar", "YouTube"}
        changed = client.press(client.get("/.privacy/your-data"), "rectify", purpose=["media"])
        assert "Saved." in changed and client.at.startswith("/.privacy/your-data?done=rectify")
        assert [one["text"] for one in client.held() if one["label"] == "granted"] == [
            "Video, audio and maps"
        ]
        assert "You have withdrawn everything" in client.press(changed, "revoke")
        assert client.labels() == {"decided", "refused"}
