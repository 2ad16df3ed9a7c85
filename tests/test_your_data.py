"""The page and the download show everything that is held, to who has the cookie, and nothing to anybody else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from typing import Any

import pytest

from consent_gateway.cookies import ConsentCookie
from consent_gateway.gateway import Gateway
from consent_gateway.holding import Holding
from consent_gateway.keys import Key, KeyRing
from consent_gateway.record import Record
from consent_gateway.visit import Reply
from tests.asking import Asking, consented, cookie_of
from tests.conftest import MakeGateway

SITE = "[services.google-analytics]\n[services.youtube]\n[services.zoom]\n"
DUTY = '[retention.consent]\nperiod = "6 years"\nground = "HGB § 257"\nstatutory = true\n'
SCHEMA: dict[str, Any] = json.loads(
    files("consent_gateway").joinpath("your_data.schema.json").read_text("utf-8")
)
RECORD: dict[str, Any] = json.loads(
    files("consent_gateway").joinpath("ledger_record.schema.json").read_text("utf-8")
)


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Gateway:
    return make_gateway(SITE)


def agreed(gateway: Gateway, now: datetime) -> tuple[Asking, Record, str]:
    """A browser that has agreed, and the record of that."""
    asking = Asking(gateway, now)
    form = {"decision": ["save"], "purpose": ["analytics", "media"], "service": ["zoom"], "layer": ["notice"]}
    reply = asking.post("/.privacy/choice", form)
    asking.cookie = cookie_of(reply.response)
    assert reply.record
    return asking, reply.record[0], reply.terms


def looked_up(reply: Reply, *held: Holding) -> str:
    """What goes out once the ledger was asked."""
    assert reply.lookup is not None
    return reply.lookup.answer(held).response.body.decode()


def document(text: str) -> dict[str, Any]:
    import jsonschema

    found: dict[str, Any] = json.loads(text)
    jsonschema.validate(found, SCHEMA)
    return found


def test_prc_02_the_download_has_what_the_cookie_and_the_ledger_hold_and_what_art_15_wants(
    gateway: Gateway, now: datetime
) -> None:
    import jsonschema

    asking, record, terms = agreed(gateway, now)
    one = Holding(number=7, record=record, terms=terms)
    found = document(looked_up(asking.reply("GET", "/.privacy/your-data.json"), one))
    assert found["complete"]
    held = {item["label"]: item for item in found["held"]}
    assert held.keys() == {"decided", "granted", "refused", "services", "receipt", "handle", "record"}
    assert held["receipt"]["text"] == record.receipt == held["record"]["record"]["receipt"]
    jsonschema.validate(held["record"]["record"], RECORD)
    assert Record.of(held["record"]["record"]) == record and held["record"]["number"] == 7
    assert "you agreed" in held["record"]["text"] and held["record"]["where"] == "In the notice"
    recipients = [one["service"] for one in found["information"]["recipients"]]
    assert recipients == ["Google Analytics", "YouTube", "Zoom"]


def test_prc_02_the_page_shows_the_same(gateway: Gateway, now: datetime) -> None:
    asking, record, terms = agreed(gateway, now)
    reply = asking.reply("GET", "/.privacy/your-data?language=de")
    html = looked_up(reply, Holding(number=7, record=record, terms=terms, restricted=True))
    for part in (record.receipt, record.shown[:12], "Sie haben zugestimmt", "Zoom", "24. November 2026, 10:30 UTC",
                 "Gesperrt: wird aufbewahrt", "Art. 77 DSGVO", "Wer Daten erhalten haben kann"):  # fmt: skip
        assert part in html
    assert "<script" not in html and 'href="/.privacy/request?language=de"' in html


def test_prc_02_the_download_is_offered_as_a_file(gateway: Gateway, now: datetime) -> None:
    asking, *_ = agreed(gateway, now)
    html = asking.reply("GET", "/.privacy/your-data").response.body.decode()
    assert 'href="/.privacy/your-data.json?download=1&amp;language=en"' in html
    file = asking.reply("GET", "/.privacy/your-data.json?download=1").response
    assert file.headers.get("content-disposition") == 'attachment; filename="your-data.json"'
    plain = asking.reply("GET", "/.privacy/your-data.json?download=x").response
    assert plain.headers.get("content-disposition") == ""


def test_prc_02_where_the_ledger_cannot_be_read_the_page_says_so(gateway: Gateway, now: datetime) -> None:
    asking, *_ = agreed(gateway, now)
    for path in ("your-data", "your-data?confirm=erase"):
        reply = asking.reply("GET", f"/.privacy/{path}")
        assert reply.lookup is not None
        assert "cannot be read at the moment" in reply.lookup.answer(None).response.body.decode()
    reply = asking.reply("GET", "/.privacy/your-data.json")
    assert reply.lookup is not None
    assert document(reply.lookup.answer(None).response.body.decode())["complete"] is False


def test_prc_02_what_still_waits_to_be_written_is_not_passed_over_as_if_it_were_not(
    gateway: Gateway, now: datetime
) -> None:
    asking, record, terms = agreed(gateway, now)

    def is_complete(*turns: int) -> bool:
        held = [Holding(number=turn, record=replace(record, turn=turn), terms=terms) for turn in turns]
        return bool(document(looked_up(asking.reply("GET", "/.privacy/your-data.json"), *held))["complete"])

    assert is_complete(1)
    asking.cookie = cookie_of(asking.post("/.privacy/rights", {"action": ["restrict"]}).response)
    turn = asking.gateway._cookie.read(asking.request("GET", "/"), now).turn
    assert turn > 1 and not is_complete(1) and not is_complete()
    assert is_complete(1, turn) and is_complete(turn) and is_complete(turn + 1)


def test_of_very_many_records_the_page_shows_the_newest_and_the_download_all(
    gateway: Gateway, now: datetime
) -> None:
    """PRC-02"""
    asking, record, terms = agreed(gateway, now)
    many = [Holding(number=n, record=replace(record, shown=f"{n:012}"), terms=terms) for n in range(1, 1501)]
    html = looked_up(asking.reply("GET", "/.privacy/your-data"), *many)
    shown = [n for n in range(1, 1501) if f"{n:012}" in html]
    assert shown == [*range(1301, 1501)] and '<ol data-part="records" start="1301">' in html
    assert "start=" not in looked_up(asking.reply("GET", "/.privacy/your-data"), *many[:200])
    assert "1500 records of your consent" in looked_up(
        asking.reply("GET", "/.privacy/your-data?confirm=erase"), *many
    )
    found = document(looked_up(asking.reply("GET", "/.privacy/your-data.json"), *many))
    assert len([item for item in found["held"] if item["label"] == "record"]) == 1500


FORGED = ConsentCookie(KeyRing((Key("test", b"f" * 32),)))


@pytest.mark.parametrize("kind", ["none", "garbled", "forged", "twice", "of another host"])
def test_prc_03_who_has_no_valid_cookie_gets_an_explanation_and_no_data_after_the_same_look(
    gateway: Gateway, now: datetime, kind: str
) -> None:
    asking, record, terms = agreed(gateway, now)
    own = asking.cookie
    consent = gateway._cookie.read(asking.request("GET", "/"), now)
    forged = FORGED.write(consent, asking.request("GET", "/"), now)[1].partition(";")[0]
    cookies = {
        "none": "",
        "garbled": own[:-2],
        "forged": forged,
        "twice": f"{own}; {own}",
        "of another host": own,
    }
    stranger = Asking(gateway, now, cookie=cookies[kind])
    if kind == "of another host":
        stranger.host = "other.example.com"
    reply = stranger.reply("GET", "/.privacy/your-data.json")
    assert reply.response.status == 200 and document(reply.response.body.decode()) == {"held": []}
    html = stranger.reply("GET", "/.privacy/your-data")
    somebodys = Holding(number=7, record=record, terms=terms)
    for one in (reply, html):
        assert one.lookup is not None and one.lookup.receipt not in ("", record.receipt)
        assert len(one.lookup.receipt) == len(record.receipt)
        assert record.receipt not in looked_up(one, somebodys)
    assert "Art. 11(2)" in looked_up(html, somebodys)
    assert 'id="objection"' in looked_up(html), "and can object all the same"


def test_prc_03_a_receipt_that_was_guessed_opens_nothing(gateway: Gateway, now: datetime) -> None:
    _, record, _ = agreed(gateway, now)
    for path in (f"your-data.json?receipt={record.receipt}", f"your-data.json?i={record.receipt}"):
        reply = Asking(gateway, now).reply("GET", f"/.privacy/{path}")
        assert json.loads(reply.response.body) == {"held": []}
        assert reply.lookup is not None and reply.lookup.receipt != record.receipt


def test_prc_06_what_is_erased_and_what_is_kept_until_when_and_why_is_said_before(
    make_gateway: MakeGateway, now: datetime
) -> None:
    for site, said in ((SITE, "1 record of your consent, with its key"), (SITE + DUTY, "1 record of your consent is blocked instead and kept until 24 May 2033, because the law demands it (HGB § 257)")):  # fmt: skip
        asking, record, terms = agreed(make_gateway(site), now)
        reply = asking.reply("GET", "/.privacy/your-data?confirm=erase")
        assert said in looked_up(reply, Holding(number=7, record=record, terms=terms))


def test_prc_07_the_objection_stands_apart_from_everything_else(gateway: Gateway, now: datetime) -> None:
    asking, *_ = agreed(gateway, now)
    html = asking.reply("GET", "/.privacy/your-data").response.body.decode()
    section = html[html.index('<section data-part="objection"') :]
    section = section[: section.index("</section>")]
    assert section.count("<form") == 1 and 'value="object"' in section and "<h2" in section
    assert section.count("<input") == 3, "no reason is asked for"


def test_prc_01_it_is_one_click_from_where_every_page_leads(gateway: Gateway, now: datetime) -> None:
    asking = Asking(gateway, now)
    assert b'href="/.privacy/preferences?language=en' in asking.page("<html lang=en><body>x</body>").body
    html = asking.reply("GET", "/.privacy/preferences").response.body.decode()
    for page in ("your-data", "policy"):
        assert html.index(f'href="/.privacy/{page}?language=en"') < html.index("<form"), "near the top"


def test_no_browser_is_told_of_a_block_it_does_not_have(gateway: Gateway, now: datetime) -> None:
    cookie = consented(gateway, now, purpose=["media"])
    html = Asking(gateway, now, cookie=cookie).reply("GET", "/.privacy/your-data?confirm=lift").response.body
    assert b"Lift the block" not in html and b"Block everything" in html


def test_prc_05_the_settings_say_that_everything_is_blocked_and_how_that_ends(
    gateway: Gateway, now: datetime
) -> None:
    asking, *_ = agreed(gateway, now)
    asking.cookie = cookie_of(asking.post("/.privacy/rights", {"action": ["restrict"]}).response)
    html = asking.reply("GET", "/.privacy/preferences").response.body.decode()
    assert "Everything has been blocked at your request since 24 November 2026" in html
    assert 'value="media" checked="checked"' in html, "what was agreed to is kept, and shown"
