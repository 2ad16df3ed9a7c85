"""The mail has all that is needed for an answer, and nobody writes its headers but the gateway."""

from __future__ import annotations

import pytest

from consent_gateway.datafile import parse
from consent_gateway.notify_table import Notify
from consent_gateway.rendering import templates_folder
from consent_gateway.site import Site
from consent_gateway.site_values import LANGUAGES
from consent_gateway.subject_requests.mail import mail
from consent_gateway.subject_requests.request import CHANNELS, KINDS, SubjectRequest
from consent_gateway.wording import load
from tests.received import NOW, WORDS, new

NOTIFY: Notify = parse(
    '[notify]\nsmtp = "smtp://localhost"\nto = "privacy@example.com"\nfrom = "gateway@example.org"', Site, file="f"
).notify  # fmt: skip
WORDINGS = load([templates_folder()], LANGUAGES)


def request_of(number: int = 3, **values: object) -> SubjectRequest:
    return SubjectRequest.of(new(**values), number, NOW)


def test_it_says_who_asks_what_by_when_it_is_to_be_answered_and_how_that_is_noted() -> None:
    message = mail(request_of(), NOTIFY, WORDINGS["en"])
    assert message["Subject"] == "Request 3: erasure (Art. 17 GDPR), answer by 24 December 2026"
    assert (message["From"], message["To"], message["Reply-To"]) == ("gateway@example.org", "privacy@example.com", "anna@example.com")  # fmt: skip
    text = message.get_content()
    for fact in ("Number: 3", "24 November 2026, 10:30 UTC", "Answer by: 24 December 2026", "form on the website", "www.example.com", "anna@example.com", WORDS, "consent-gateway requests answer 3"):  # fmt: skip
        assert fact in text
    assert request_of().key not in text


def test_in_german_it_is_german() -> None:
    message = mail(request_of(message=""), NOTIFY, WORDINGS["de"])
    assert message["Subject"] == "Anfrage 3: Löschung (Art. 17 DSGVO), zu beantworten bis 24. Dezember 2026"
    assert "Nachricht:\n(keine)" in message.get_content().replace("\r\n", "\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_word_for_every_kind_and_channel(language: str) -> None:
    for kind in KINDS:
        for channel in CHANNELS:
            assert mail(request_of(kind=kind, channel=channel), NOTIFY, WORDINGS[language])["Subject"]


def test_it_has_the_same_message_id_each_time_and_another_one_than_others() -> None:
    request = request_of()
    first, second = (mail(request, NOTIFY, WORDINGS["en"]) for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"] == f"<{request.id}@example.org>"
    assert first.as_bytes() == second.as_bytes()
    assert mail(request_of(), NOTIFY, WORDINGS["en"])["Message-ID"] != first["Message-ID"]


@pytest.mark.parametrize(
    "reply_to",
    [
        "Anna Muster, Weg 1, 12345 Ort",
        "anna@example.com, all@example.com",
        "Anna <anna@example.com>",
        "+49 30 1234",
        "anna@example.com>, <all@example.com",
    ],
)
def test_what_is_not_one_address_is_in_no_header(reply_to: str) -> None:
    message = mail(request_of(reply_to=reply_to), NOTIFY, WORDINGS["en"])
    assert message["Reply-To"] is None and reply_to in message.get_content()


def test_what_looks_like_a_header_or_an_end_stays_in_the_body() -> None:
    wicked = "Bcc: all@example.com\n.\nQUIT\n\nSubject: other\nFrom me"
    message = mail(request_of(message=wicked), NOTIFY, WORDINGS["en"])
    assert message["Bcc"] is None and message.get_all("Subject") == [message["Subject"]]
    assert wicked in message.get_content().replace("\r\n", "\n")
    assert all(len(line) <= 998 for line in message.as_bytes().splitlines())


def test_the_longest_message_in_any_script_arrives_whole() -> None:
    long = "ünïcödé 你好 🙂 " * 700
    message = mail(request_of(message=long), NOTIFY, WORDINGS["en"])
    assert message.as_bytes().isascii() and long in message.get_content()
