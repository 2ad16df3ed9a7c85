"""Mail is handed in at a real server: over TLS where it can be, and never elsewhere without a word for it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial

import pytest
import trustme

from consent_gateway.datafile import parse
from consent_gateway.notify_table import Notify
from consent_gateway.rendering import templates_folder
from consent_gateway.site import Site
from consent_gateway.subject_requests import mail_server
from consent_gateway.subject_requests.mail import mail
from consent_gateway.subject_requests.request import SubjectRequest
from consent_gateway.subject_requests.routes import NotDelivered
from consent_gateway.subject_requests.smtp import SmtpRoute
from consent_gateway.wording import load
from tests.loopback import tls_for_anyone
from tests.mailbox import Mailbox, free_port, receiving
from tests.received import NOW, new

REQUEST = SubjectRequest.of(new(), 1, NOW)


def notify(address: str, *, plain: bool = False) -> Notify:
    text = f'[notify]\nsmtp = "{address}"\nto = "privacy@example.com"\nplain = {str(plain).lower()}'
    return parse(text, Site, file="f").notify


def compose(request: SubjectRequest) -> EmailMessage:
    message = EmailMessage()
    message["From"] = message["To"] = "privacy@example.com"
    message["Subject"] = f"Request {request.number}"
    message.set_content("ü")
    return message


async def send(address: str, password: str = "", *, plain: bool = False) -> None:
    await SmtpRoute(notify(address, plain=plain), compose, password).send(REQUEST, NOW)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine as if it were another one."""
    monkeypatch.setattr(mail_server, "is_loopback", lambda host: False)


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Iterator[ssl.SSLContext]:
    """A certificate for 127.0.0.1 that this process trusts."""
    authority = trustme.CA()
    with authority.cert_pem.tempfile() as file:
        monkeypatch.setenv("SSL_CERT_FILE", file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        yield context


async def test_mail_arrives_at_its_one_address() -> None:
    with receiving() as box:
        await send(f"smtp://127.0.0.1:{box.port}")
    assert box.recipients == [["privacy@example.com"]] and box.messages[0]["Subject"] == "Request 1"


async def test_lines_that_mean_something_to_the_protocol_arrive_as_words() -> None:
    wicked = ".\n..\nQUIT\n\nMAIL FROM:<all@example.com>\n"
    request = SubjectRequest.of(new(message=wicked), 1, NOW)
    with receiving() as box:
        address = f"smtp://127.0.0.1:{box.port}"
        whole = partial(mail, notify=notify(address), wording=load([templates_folder()], ("en",))["en"])
        await SmtpRoute(notify(address), whole).send(request, NOW)
    assert len(box.messages) == 1 and wicked in box.messages[0].get_content().replace("\r\n", "\n")


async def test_where_the_server_offers_tls_it_is_used() -> None:
    with receiving(starttls=tls_for_anyone()) as box:
        await send(f"smtp://127.0.0.1:{box.port}")
    assert box.over_tls == [True]


async def test_smtps_is_tls_from_the_first_byte() -> None:
    with receiving(tls=tls_for_anyone()) as box:
        await send(f"smtps://127.0.0.1:{box.port}")
    assert len(box.messages) == 1


@pytest.mark.usefixtures("elsewhere")
async def test_another_machine_that_offers_no_tls_gets_nothing_unless_that_is_wanted() -> None:
    with receiving() as box:
        with pytest.raises(NotDelivered, match="offers no STARTTLS"):
            await send(f"smtp://127.0.0.1:{box.port}")
        assert box.messages == []
        await send(f"smtp://127.0.0.1:{box.port}", plain=True)
    assert len(box.messages) == 1


@pytest.mark.usefixtures("elsewhere")
async def test_another_machine_has_to_have_a_certificate_that_is_trusted() -> None:
    with receiving(starttls=tls_for_anyone()) as box:
        for plain in (False, True):
            with pytest.raises(NotDelivered, match="certificate of the server is not trusted"):
                await send(f"smtp://127.0.0.1:{box.port}", plain=plain)
    assert box.messages == []


@pytest.mark.usefixtures("elsewhere")
async def test_with_a_trusted_certificate_it_is_sent(trusted: ssl.SSLContext) -> None:
    with receiving(starttls=trusted) as box:
        await send(f"smtp://127.0.0.1:{box.port}")
    assert box.over_tls == [True]


async def test_a_user_logs_in() -> None:
    with receiving(accounts=True, starttls=tls_for_anyone()) as box:
        await send(f"smtp://anna@127.0.0.1:{box.port}", "right")
        with pytest.raises(NotDelivered, match="does not take user and CONSENT_GATEWAY_SMTP_PASSWORD: 535"):
            await send(f"smtp://anna@127.0.0.1:{box.port}", "wrong")
    assert set(box.accounts) == {"anna"} and len(box.messages) == 1


@pytest.mark.parametrize("answer", ["451 anna@example.com: try later", "550 no anna@example.com here"])
async def test_a_refusal_is_told_by_its_number_not_by_its_words(answer: str) -> None:
    with receiving() as box:
        box.answers.append(answer)
        with pytest.raises(NotDelivered) as raised:
            await send(f"smtp://127.0.0.1:{box.port}")
    assert answer[:3] in str(raised.value) and "anna" not in str(raised.value)


async def test_a_server_that_is_down_is_one() -> None:
    with pytest.raises(NotDelivered, match="ConnectionRefusedError"):
        await send(f"smtp://127.0.0.1:{free_port()}")


async def test_a_server_that_does_not_say_goodbye_has_taken_it_all_the_same() -> None:
    class Rude(Mailbox):
        async def handle_QUIT(self, server: object, session: object, envelope: object) -> str:
            return "421 go away"

    from aiosmtpd.controller import Controller

    box = Rude(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        await send(f"smtp://127.0.0.1:{box.port}")
    finally:
        controller.stop()
    assert len(box.messages) == 1
