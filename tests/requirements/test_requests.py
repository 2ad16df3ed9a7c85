"""Requirements PRC-04, PRC-09 and PRC-10 at a real gateway: the form, the mailbox, the operator's answer, the page that shows it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from click.testing import CliRunner

from consent_gateway.commands import main
from tests.ledger.test_book import rows
from tests.loopback import gateway, showing
from tests.mailbox import receiving
from tests.requirements.test_rights import Client
from tests.waiting import eventually

SITE = """
[controller]
name = "Example AG"
contact = "privacy@example.com"
supervisory_authority = "https://authority.example"
[recipients.hosting]
kind = "it"
name = "Host GmbH"
countries = ["DE"]
[services.youtube]
[notify]
smtp = "smtp://127.0.0.1:{port}"
to = "privacy@example.com"
"""
ASKED = {"kind": "erase", "reply_to": "ada@example.org", "message": "Kundin 17, bitte löschen."}


def run(state: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, [*arguments, "--state", str(state)])
    return result.exit_code, result.output


def sent(client: Client) -> str:
    """Fills in the form as it stands; the page it leads to."""
    form = client.get("/.privacy/request")
    assert 'action="/.privacy/request"' in form
    status, page = client.ask("/.privacy/request", ASKED)
    assert status == 200 and client.at.startswith("/.privacy/request?number=1&key=")
    return page


def test_PRC_09_a_request_is_taken_mailed_answered_and_its_sender_sees_it(state: Path) -> None:
    with (
        receiving() as box,
        showing("<p>A page.") as origin,
        gateway(origin, state, site=SITE.format(port=box.port)) as served,
    ):
        client = Client(served)
        page = sent(client)
        here = client.at
        assert "Request no. 1" in page and "Answered at the latest by" in page
        eventually(lambda: len(box.messages) == 1)
        mail = box.messages[0]
        assert mail["Reply-To"] == "ada@example.org" and "Kundin 17, bitte löschen." in mail.get_content()

        download = re.search(r'href="([^"]+download=1)"', page)
        assert download and "Request no. 1" in client.get(unescape(download[1]))
        assert run(state, "requests", "overdue")[0] == 0
        assert "Host GmbH" in run(state, "requests", "notices")[1], "PRC-10"

        assert run(state, "requests", "answer", "1", "--refuse", "--text", "Kept by law until 2030.")[0] == 0
        refused = client.get(here)
        for said in ("Kept by law until 2030.", "Art. 77", "Art. 79", "https://authority.example"):
            assert said in refused
        assert client.ask(here.replace("number=1", "number=2"))[0] == 404
        assert client.ask(re.sub("key=[^&]+", "key=guessed", here))[0] == 404
    code, verified = run(state, "ledger", "verify")
    assert (code, verified.splitlines()[0]) == (0, "0 records, unbroken")
    stored = rows(f"sqlite:///{state / 'ledger.sqlite3'}")
    assert "'refused'" in stored
    assert "ada@example.org" not in stored and "Kundin" not in stored


def test_PRC_10_a_right_exercised_here_names_who_had_the_data(state: Path) -> None:
    with showing("<p>A page.") as origin, gateway(origin, state, site=SITE.format(port=9)) as served:
        client = Client(served)
        client.ask("/.privacy/choice", {"decision": "save", "purpose": ["media"]})
        client.press(client.get("/.privacy/your-data"), "restrict")
        assert "YouTube" in run(state, "requests", "notices")[1]


def test_nothing_is_taken_that_cannot_be_kept(state: Path) -> None:
    with showing("<p>A page.") as origin, gateway(origin, state, site=SITE.format(port=9)) as served:
        client = Client(served)
        client.get("/.privacy/request")
        (state / "ledger.sqlite3").rename(state / "gone.sqlite3")
        status, page = client.ask("/.privacy/request", ASKED)
        assert status == 503 and "was not taken" in page and "privacy@example.com" in page
