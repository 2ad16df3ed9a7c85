"""Ledger and keys are backed up, lost and restored, with the programs that docs/production.md names."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

import pytest

from consent_gateway.database import in_folder
from tests import postgresql, started
from tests.conftest import ROOT
from tests.crowd import KEYS, RING, receipt_in, records, served
from tests.docs.blocks import Command, steps
from tests.loopback import Server, showing
from tests.recorded import checked

pytestmark = pytest.mark.slow

VIDEO = 'src="https://www.youtube.com/embed/'
PAGE = (
    f'<!doctype html><html lang="en"><head></head><body><iframe {VIDEO}abcdefghijk"></iframe></body></html>'
)


WRITTEN = "postgresql://consent_gateway@10.0.0.30/consent_gateway"  # in the document


@pytest.fixture(scope="module")
def origin() -> Iterator[Server]:
    with showing(PAGE) as server:
        yield server


class Visitor:
    """A browser with the cookie of its consent, which any of the gateways may be asked with."""

    def __init__(self) -> None:
        self.cookie = ""

    def ask(self, address: str, target: str = "/", **form: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)
        fields = {"Host": "www.example.com", "Origin": "http://www.example.com", "Cookie": self.cookie}
        if form:
            fields["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if form else "GET", target, urlencode(form) or None, fields)
        response = connection.getresponse()
        if form and (cookie := response.getheader("Set-Cookie")):
            self.cookie = cookie.partition(";")[0]
        answer = response.status, response.read().decode()
        connection.close()
        return answer

    def agrees(self, address: str) -> str:
        """The receipt of the consent."""
        assert self.ask(address, "/.privacy/choice", decision="accept_all")[0] == 303
        return receipt_in(self.cookie, "www.example.com")

    def sees_the_video(self, address: str) -> bool:
        return VIDEO in self.ask(address)[1]

    def erases(self, address: str) -> None:
        _, html = self.ask(address, "/.privacy/your-data?confirm=erase")
        found = re.search(r'name="token" value="([^"]+)"', html)
        assert found, html
        assert self.ask(address, "/.privacy/rights", action="erase", confirm="yes", token=found[1])[0] == 303


def ran(*command: str, environment: Mapping[str, str] = KEYS, code: int = 0) -> str:
    """What a command prints."""
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, timeout=60)  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def ledger(*words: str, environment: Mapping[str, str] = KEYS, code: int = 0) -> str:
    return ran(*started.command(), "ledger", *words, environment=environment, code=code)


class Operator:
    """Does in a folder what docs/production.md says of a database, with the real programs."""

    def __init__(self, folder: Path, state: Path) -> None:
        script = folder / "bin" / "consent-gateway"
        script.parent.mkdir()
        script.write_text(f'#!/bin/sh\nexec {shlex.join(started.command())} "$@"\n')
        script.chmod(0o700)
        (folder / "site.toml").touch()
        self._folder, self._state = folder, state
        self._path = f"{script.parent}:{postgresql.programs()}:{os.environ['PATH']}"

    def does(self, start: str, url: str) -> str:
        """What the one command that begins so prints."""
        document = [step.text for step in steps(ROOT / "docs" / "production.md") if isinstance(step, Command)]
        [command] = [text for text in document if text.startswith(start) and WRITTEN in text]
        command = command.replace(WRITTEN, url).replace("/var/lib/consent-gateway", str(self._state))
        here = f"cd {shlex.quote(str(self._folder))}; {command}"
        return ran("sh", "-c", here, environment={**KEYS, "PATH": self._path})


def test_the_database_of_two_machines_is_lost_and_comes_back_from_its_dump(
    origin: Server, tmp_path: Path
) -> None:
    one, other, dump = tmp_path / "one" / "state", tmp_path / "other" / "state", tmp_path / "ledger.sql"
    operator = Operator(tmp_path, one)
    kept, erased, late = Visitor(), Visitor(), Visitor()
    for folder in (one, other):
        folder.parent.mkdir()
    with postgresql.server() as database:
        url = database.url
        with served(origin, one, url) as (_, first), served(origin, other, url) as (_, second):
            receipts = {kept: kept.agrees(first), erased: erased.agrees(second)}
            operator.does("pg_dump ", url)
            operator.does("consent-gateway ledger verify --database", url)
            erased.erases(second)
            receipts[late] = late.agrees(first)
    text = dump.read_text()
    assert "COPY public." in text
    assert "salts" not in text and not [receipt for receipt in receipts.values() if receipt in text]

    with postgresql.server() as anew:
        operator.does("psql ", anew.url)
        assert {one.receipt for one in records(anew.url)} == {receipts[kept], receipts[erased]}
        said = operator.does("consent-gateway ledger verify --noted", anew.url)
        assert said == (tmp_path / "noted").read_text() and said.startswith("2 records, unbroken")
        assert "nothing has served its time" in operator.does("consent-gateway ledger purge", anew.url)
        with served(origin, one, anew.url) as (_, first), served(origin, other, anew.url) as (_, second):
            assert {one.receipt for one in records(anew.url)} == {receipts[kept]}
            assert kept.sees_the_video(first) and kept.sees_the_video(second)
            assert late.sees_the_video(second)
            Visitor().agrees(second)
        found = checked(anew.url, RING)
        assert found.records == 2 and len(found.erased) == 1


def test_a_machine_that_is_lost_comes_back_from_its_ledger_and_its_keys(
    origin: Server, tmp_path: Path
) -> None:
    sqlite3 = shutil.which("sqlite3")
    if sqlite3 is None:
        pytest.skip("there is no sqlite3 on this machine")
    state, backup, elsewhere = tmp_path / "state", tmp_path / "ledger.backup", tmp_path / "keys.backup"
    visitor = Visitor()
    none: dict[str, str] = {}
    with served(origin, state, environment=none) as (_, address):
        assert visitor.ask(address, "/.privacy/choice", decision="accept_all")[0] == 303
        ran(sqlite3, str(state / "ledger.sqlite3"), f".backup {backup}")
        shutil.copy2(state / "keys", elsewhere)
        noted = ledger("verify", "--state", str(state), environment=none)
    shutil.rmtree(state)

    state.mkdir(mode=0o700)
    shutil.copy2(backup, state / "ledger.sqlite3")
    assert "there are no keys yet" in ledger("verify", "--state", str(state), environment=none, code=2)
    shutil.copy2(elsewhere, state / "keys")
    chain = noted.split()[-1]
    assert noted == ledger("verify", "--state", str(state), "--noted", chain, environment=none)
    with served(origin, state, environment=none) as (_, address):
        assert visitor.sees_the_video(address)
        assert Visitor().ask(address, "/.privacy/choice", decision="accept_all")[0] == 303
    assert ledger("verify", "--state", str(state), environment=none).startswith("2 records, unbroken")


def test_with_other_keys_a_restored_ledger_is_not_served(origin: Server, tmp_path: Path) -> None:
    """Keys of a new machine open nothing of the old one's: it says so instead of beginning anew."""
    state = tmp_path / "state"
    with served(origin, state) as (_, address):
        Visitor().agrees(address)
    (tmp_path / "other").mkdir()
    shutil.copy2(in_folder(state).database or "", tmp_path / "other" / "ledger.sqlite3")
    start = (*started.command(), "serve", "--listen", "127.0.0.1:0", "--origin", origin.address)
    said = ran(*start, "--state", str(tmp_path / "other"), environment={}, code=2)
    assert "does not start" in said and "keys" in said and "CONSENT_GATEWAY_KEYS" in said
    assert not (tmp_path / "other" / "keys").exists()
