"""The form for requests to the operator's other systems, and the page of a request."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from consent_gateway.gateway import Gateway
from consent_gateway.messages import Response
from consent_gateway.subject_requests.asking import LookingUp, Receiving
from consent_gateway.subject_requests.request import KINDS, NewRequest, SubjectRequest
from consent_gateway.visit import Reply
from tests.asking import Asking
from tests.conftest import MakeGateway

SITE = """
[controller]
name = "Example AG"
contact = "privacy@example.com"
supervisory_authority = "https://authority.example"
[recipients.hosting]
kind = "it"
name = "Host GmbH"
countries = ["DE"]
[recipients.lawyers]
kind = "legal"
countries = ["DE"]
"""
FILLED = {"kind": ["erase"], "reply_to": ["ada@example.org"], "message": ["customer 17"]}


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Gateway:
    return make_gateway(SITE)


@pytest.fixture
def asking(gateway: Gateway, now: datetime) -> Asking:
    return Asking(gateway, now)


def receiving(reply: Reply) -> Receiving:
    assert isinstance(reply.asking, Receiving)
    return reply.asking


def taken(reply: Reply, now: datetime) -> SubjectRequest:
    return SubjectRequest.of(receiving(reply).new, 17, now)


def shown(asking: Asking, request: SubjectRequest | None, target: str = "number=17&key=k") -> Response:
    reply = asking.reply("GET", f"/.privacy/request?{target}")
    assert isinstance(reply.asking, LookingUp)
    return reply.asking.found(request)


def test_PRC_09_the_form_asks_for_what_is_needed_and_says_the_deadline(asking: Asking) -> None:
    html = asking.reply("GET", "/.privacy/request").response.body.decode()
    assert re.findall(r'type="radio" name="kind" value="(\w+)"', html) == list(KINDS)
    for part in ('name="reply_to"', 'name="message"', "one month", "privacy@example.com", "3 years"):
        assert part in html
    assert "<script" not in html and 'name="token"' not in html


def test_PRC_04_what_is_sent_goes_on_with_its_fields_and_leads_to_its_number(
    asking: Asking, now: datetime
) -> None:
    reply = asking.post("/.privacy/request", FILLED | {"language": ["de"]})
    asked = receiving(reply)
    assert (asked.new.kind, asked.new.reply_to, asked.new.message) == (
        "erase",
        "ada@example.org",
        "customer 17",
    )
    assert (asked.new.language, asked.new.host, asked.new.channel) == ("de", "www.example.com", "form")
    request = taken(reply, now)
    answer = asked.received(request)
    assert answer.status == 303
    where = answer.headers.get("location")
    assert where == f"/.privacy/request?number=17&key={request.key}&language=de&sent=1"


@pytest.mark.parametrize(
    ("kind", "told"), [("erase", 2), ("rectify", 2), ("restrict", 2), ("access", 0), ("object", 0)]
)
def test_PRC_10_recipients_are_told_of_what_they_have_to_follow(asking: Asking, kind: str, told: int) -> None:
    recipients = receiving(asking.post("/.privacy/request", FILLED | {"kind": [kind]})).recipients
    assert list(recipients) == [("hosting", "Host GmbH"), ("lawyers", "legal")][:told]


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", ""), ("kind", "sell"), ("reply_to", ""), ("reply_to", "  "), ("reply_to", "a\r\nBcc: b"),
     ("reply_to", "x" * 321), ("message", "x" * 10_001), ("message", "\x00")],
)  # fmt: skip
def test_a_fault_is_told_at_its_field_and_nothing_that_was_written_is_lost(
    asking: Asking, field: str, value: str
) -> None:
    reply = asking.post("/.privacy/request", FILLED | {field: [value]})
    html = reply.response.body.decode()
    assert reply.response.status == 400 and reply.asking is None
    assert re.findall(r'<li><a href="#(\w+)">', html) == [field]
    kept = {
        "kind": 'value="erase" required="required" checked',
        "reply_to": "ada@example.org",
        "message": "customer 17",
    }
    assert all(text in html for name, text in kept.items() if name != field)


def test_what_was_written_is_shown_again_as_text_and_not_as_markup(asking: Asking) -> None:
    html = asking.post("/.privacy/request", FILLED | {"kind": [""], "message": ["</textarea><script>x"]})
    assert b"<script" not in html.response.body and b"&lt;script&gt;x" in html.response.body


@pytest.mark.parametrize("fields", [{"kind": ["access", "erase"]}, {"language": ["xx"]}])
def test_a_form_that_is_not_ours_is_refused(asking: Asking, fields: dict[str, list[str]]) -> None:
    reply = asking.post("/.privacy/request", FILLED | fields)
    assert (reply.response.status, reply.asking) == (400, None)


def test_a_post_from_another_website_is_not_taken(asking: Asking) -> None:
    reply = asking.post("/.privacy/request", FILLED, Sec_Fetch_Site="cross-site")
    assert (reply.response.status, reply.asking) == (403, None)


def test_a_client_that_says_nothing_of_where_it_comes_from_is_taken(asking: Asking) -> None:
    form = b"kind=access&reply_to=a%40example.org"
    reply = asking.reply("POST", "/.privacy/request", form, Content_Type="application/x-www-form-urlencoded")
    assert receiving(reply).new.message == ""


def sent(gateway: Gateway, now: datetime, peer: str = "192.0.2.1", **headers: str) -> Reply:
    fields = {"Content_Type": "application/x-www-form-urlencoded"} | headers
    body = b"kind=access&reply_to=a%40example.org"
    post = Asking(gateway, now).request("POST", "/.privacy/request", body, **fields)
    reply = gateway.answer(replace(post, peer=peer), now)
    assert reply is not None
    return reply


def test_one_address_may_send_five_an_hour_and_others_are_not_kept_waiting(
    gateway: Gateway, now: datetime
) -> None:
    for _ in range(5):
        reply = sent(gateway, now)
        receiving(reply).received(taken(reply, now))
    refused = sent(gateway, now)
    assert (refused.response.status, refused.asking) == (429, None)
    assert refused.response.headers.get("retry-after") == "3600"
    assert b"60 minutes" in refused.response.body and b"privacy@example.com" in refused.response.body
    assert sent(gateway, now, "192.0.2.2").asking


def test_what_was_not_taken_in_the_end_does_not_count(gateway: Gateway, now: datetime) -> None:
    for _ in range(9):
        receiving(sent(gateway, now)).too_many(61)
    assert all(sent(gateway, now).asking for _ in range(5))  # not to be written: nothing is said of them
    assert sent(gateway, now).response.status == 429
    assert sent(gateway, now + timedelta(minutes=1)).asking


def test_the_operator_is_told_once_that_a_proxy_may_be_counted_as_one_visitor(
    gateway: Gateway, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(7):
        sent(gateway, now, "192.0.2.1")
    assert caplog.messages == []
    for _ in range(3):
        sent(gateway, now, "192.0.2.1", X_Forwarded_For="198.51.100.7")
    assert [message for message in caplog.messages if "trusted_proxies" in message] == caplog.messages[:1]
    assert len(caplog.messages) == 1 and not any(one in caplog.text for one in ("192.0.2.1", "198.51.100.7"))


def test_where_it_cannot_be_stored_or_is_too_much_the_visitor_is_told_another_way(asking: Asking) -> None:
    asked = receiving(asking.post("/.privacy/request", FILLED))
    assert asked.unreceived.status == 503 and b"privacy@example.com" in asked.unreceived.body
    busy = asked.too_many(61)
    assert (busy.status, busy.headers.get("retry-after")) == (429, "61") and b"2 minutes" in busy.body


def test_PRC_09_a_request_shows_number_time_due_date_and_state(asking: Asking, now: datetime) -> None:
    request = taken(asking.post("/.privacy/request", FILLED), now)
    html = shown(asking, request, "number=17&key=k&sent=1").body.decode()
    for part in ("Request no. 17", "24 November 2026", "24 December 2026", "being worked on", "has arrived"):
        assert part in html
    assert "Art. 77" not in html
    assert "has arrived" not in shown(asking, request).body.decode().replace("Your request arrived.", "")


def test_PRC_09_a_refusal_carries_its_reason_and_who_can_be_turned_to(asking: Asking, now: datetime) -> None:
    request = taken(asking.post("/.privacy/request", FILLED), now).refused("Kept by law <b>.", now)
    html = shown(asking, request).body.decode()
    for part in ("refused", "Kept by law &lt;b&gt;.", "Art. 77", "Art. 79", "https://authority.example"):
        assert part in html


def test_PRC_09_the_confirmation_is_a_file_to_keep(asking: Asking, now: datetime) -> None:
    request = taken(asking.post("/.privacy/request", FILLED), now)
    file = shown(asking, request, "number=17&key=k&download=1&language=de")
    assert file.headers.get("content-disposition") == 'attachment; filename="request-17.txt"'
    text = file.body.decode()
    for part in ("Anfrage Nr. 17", "Example AG", "24. Dezember 2026", "ada@example.org", "customer 17"):
        assert part in text


def test_the_key_in_the_address_is_handed_to_no_page_that_is_linked_there(
    asking: Asking, now: datetime
) -> None:
    taking = asking.post("/.privacy/request", FILLED)
    request = taken(taking, now)
    looking = asking.reply("GET", "/.privacy/request?number=17&key=k").asking
    assert isinstance(looking, LookingUp)
    answers = {
        "redirect": receiving(taking).received(request),
        "page": shown(asking, request),
        "file": shown(asking, request, "number=17&key=k&download=1"),
        "unknown": looking.found(None),
        "unavailable": looking.unavailable,
    }
    policies = {name: answer.headers.all("referrer-policy") for name, answer in answers.items()}
    assert policies == {name: ["no-referrer"] for name in answers}
    # The form is posted from its page: without a referrer browsers would send no Origin either.
    assert asking.reply("GET", "/.privacy/request").response.headers.all("referrer-policy") == ["same-origin"]


@pytest.mark.parametrize(("target", "day"), [("", "20 October 2026"), ("&download=1", "20 October 2026")])
def test_what_came_by_post_arrived_on_the_day_it_came_and_not_when_it_was_written_down(
    asking: Asking, now: datetime, target: str, day: str
) -> None:
    came = datetime(2026, 10, 20, tzinfo=UTC)
    new = NewRequest(kind="erase", reply_to="Weg 1", message="", channel="post", received=came)
    request = SubjectRequest.of(new, 17, now).answered("Erased.", now)
    text = shown(asking, request, f"number=17&key=k{target}").body.decode()
    history = re.sub("<[^>]*>", "", text).replace(":", "")
    assert f"{day} Your request arrived." in history
    assert re.search(r"24 November 2026 [^\n]*answered[^\n]*Erased\.", history)


@pytest.mark.parametrize(
    "target", ["number=17", "key=k", "number=x&key=k", "number=99999999999&key=k", "number=-1&key=k"]
)
def test_without_number_and_key_there_is_no_such_request(asking: Asking, target: str) -> None:
    reply = asking.reply("GET", f"/.privacy/request?{target}")
    assert isinstance(reply.asking, LookingUp)
    assert reply.asking.found(None).status == 404
    assert (reply.asking.number, reply.asking.key) in {(17, ""), (0, "k")}


def test_a_request_that_cannot_be_looked_up_now_is_not_said_to_be_gone(asking: Asking) -> None:
    reply = asking.reply("GET", "/.privacy/request?number=17&key=k")
    assert isinstance(reply.asking, LookingUp) and reply.asking.unavailable.status == 503


def test_its_time_is_that_of_the_server(asking: Asking, now: datetime) -> None:
    assert receiving(asking.post("/.privacy/request", FILLED)).new.received == now.astimezone(UTC)


def test_how_many_an_hour_is_for_the_operator_to_say(make_gateway: MakeGateway, now: datetime) -> None:
    gateway = make_gateway(SITE + "[limits]\nrequests = 1\n")
    assert [bool(sent(gateway, now).asking) for _ in range(2)] == [True, False]
