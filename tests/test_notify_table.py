"""Where requests are sent on to is said without contradiction, and without a password in a file."""

from __future__ import annotations

import pytest

from consent_gateway.datafile import Faulty, parse
from consent_gateway.notify_table import Notify
from consent_gateway.site import Site


def notify(text: str) -> Notify:
    return parse(f"[notify]\n{text}", Site, file="f").notify


def test_nothing_is_sent_anywhere_without_a_word() -> None:
    assert notify("").routes == ()


def test_by_mail_by_webhook_or_by_both() -> None:
    mail = 'smtp = "smtp://localhost:25"\nto = "privacy@example.com"\n'
    webhook = 'webhook = "https://intern.example.com/privacy?tenant=1"\n'
    assert notify(mail).routes == ("smtp",)
    assert notify(webhook).routes == ("webhook",)
    assert notify(mail + webhook).routes == ("smtp", "webhook")


def test_mail_comes_from_whom_it_goes_to_unless_said_otherwise() -> None:
    mail = 'smtp = "smtp://localhost"\nto = "privacy@example.com"\n'
    assert notify(mail).mail_from == "privacy@example.com"
    assert notify(f'{mail}from = "gateway@example.com"').mail_from == "gateway@example.com"


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ('smtp = "smtp://localhost"', "notify.to", "missing: smtp needs an address"),
        ('to = "a@example.com"', "notify.to", "there is no smtp"),
        ('from = "a@example.com"', "notify.from", "there is no smtp"),
        ("plain = true", "notify.plain", "there is no smtp"),
        ('sender = "a@example.com"', "notify.sender", "unknown key"),
        ('smtp = "smtp://u:secret@h"\nto = "a@b.de"', "notify.smtp", "CONSENT_GATEWAY_SMTP_PASSWORD"),
        ('smtp = "mail.example.com"\nto = "a@b.de"', "notify.smtp", "must be 'smtp://host:25'"),
        ('smtp = "smtp://h:99999"\nto = "a@b.de"', "notify.smtp", "no valid host or port"),
        ('smtp = "smtp://h"\nto = "a@b.de, c@d.de"', "notify.to", "not a single mail address"),
        ('smtp = "smtp://h"\nto = "a@b.de\\nBcc: c@d.de"', "notify.to", "not a single mail address"),
        ('smtp = "smtps://h"\nto = "a@b.de"\nplain = true', "notify.plain", "contradicts smtps"),
        ('smtp = "smtp://u@h"\nto = "a@b.de"\nplain = true', "notify.plain", "never sent without TLS"),
        ('webhook = "http://intern.example.com"', "notify.webhook", "must be https"),
        ('webhook = "https://u:p@intern.example.com"', "notify.webhook", "user name or password"),
        ('webhook = "https://[x"', "notify.webhook", "no valid host or port"),
        ('webhook = "https://intern.example.com/#x"', "notify.webhook", "must be an address"),
    ],
)
def test_a_fault_names_its_key_and_the_reason(text: str, key: str, reason: str) -> None:
    with pytest.raises(Faulty) as raised:
        notify(text)
    fault = next(fault for fault in raised.value.faults if fault.key == key)
    assert reason in fault.reason and "secret" not in str(raised.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/x", "http://localhost/x", "http://[::1]/"])
def test_a_webhook_on_this_machine_needs_no_tls(url: str) -> None:
    assert notify(f'webhook = "{url}"').webhook == url
