"""A real process sends on what is taken in while it serves, and does not start with half a mail account."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consent_gateway.commands import main
from tests import started
from tests.crowd import KEYS, kill, served
from tests.loopback import showing
from tests.mailbox import free_port, receiving
from tests.received import WORDS
from tests.waiting import until

pytestmark = pytest.mark.slow


async def run(*arguments: str) -> Result:
    """A command beside the process that serves."""
    return await asyncio.to_thread(CliRunner().invoke, main, arguments, env=KEYS)


async def test_what_is_added_while_the_gateway_serves_is_in_the_mailbox_also_after_a_kill(
    state: Path, database_url: str
) -> None:
    """PRC-09"""
    port = free_port()
    site = state / "site.toml"
    site.write_text(f'[notify]\nsmtp = "smtp://127.0.0.1:{port}"\nto = "privacy@example.com"\n')
    place = ["--state", str(state), "--database", database_url]
    add = ["requests", "add", "--kind", "erase", "--reply-to", "anna@example.com", "--message", WORDS, "--site", str(site), *place]  # fmt: skip
    with showing("<p>A page.") as origin:
        with served(origin, state, database_url, site=site) as (process, _), receiving(port=port) as box:
            assert (await run(*add)).exit_code == 0
            await until(lambda: len(box.messages) == 1)
            kill(process)
            assert (await run(*add)).exit_code == 0
        assert len(box.messages) == 1
        with receiving(port=port) as box, served(origin, state, database_url, site=site):
            await until(lambda: len(box.messages) == 1)
    assert box.messages[0]["Subject"].startswith("Request 2: ") and WORDS in box.messages[0].get_content()
    assert (await run("requests", "overdue", *place)).exit_code == 0
    verified = await run("ledger", "verify", *place)
    assert (verified.exit_code, verified.output.splitlines()[0]) == (0, "0 records, unbroken")


def test_without_the_password_of_its_mail_account_the_gateway_does_not_start(state: Path) -> None:
    site = state / "site.toml"
    site.write_text('[notify]\nsmtp = "smtp://anna@mail.example.com"\nto = "privacy@example.com"\n')
    command = [*started.command(), "serve", "--origin", "http://127.0.0.1:9", "--listen", "127.0.0.1:0", "--state", str(state), "--site", str(site)]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, env=os.environ | KEYS, timeout=60)
    assert result.returncode == 2 and "notify.smtp: names a user, and CONSENT_GATEWAY_SMTP_PASSWORD" in result.stderr  # fmt: skip
