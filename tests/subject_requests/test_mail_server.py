"""The address of a mail server, and what a single mail address is."""

from __future__ import annotations

import pytest

from consent_gateway.subject_requests.mail_server import MailServer, is_address


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", MailServer("localhost", 25)),
        ("smtp://anna@mail.example.com:587", MailServer("mail.example.com", 587, "anna")),
        ("smtps://anna%40example.com@mail.example.com/", MailServer("mail.example.com", 465, "anna@example.com", True)),
        ("smtp://[::1]:2525", MailServer("::1", 2525)),
    ],
)  # fmt: skip
def test_an_address_says_host_port_user_and_tls(url: str, server: MailServer) -> None:
    assert MailServer.parse(url) == server


@pytest.mark.parametrize("url", ["", "localhost:25", "http://localhost", "smtp://", "smtp://h/path", "smtp://h:x"])  # fmt: skip
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"must be|no valid"):
        MailServer.parse(url)


def test_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValueError, match="must not have a password") as raised:
        MailServer.parse("smtp://anna:hunter2@example.com")
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(("host", "is_here"), [("localhost", True), ("127.0.0.1", True), ("::1", True), ("mail.example.com", False), ("10.0.0.1", False)])  # fmt: skip
def test_only_loopback_is_this_machine(host: str, is_here: bool) -> None:
    assert MailServer(host, 25).is_here is is_here


@pytest.mark.parametrize("text", ["anna@example.com", "a.b+c@xn--mnchen-3ya.de", "root@localhost"])
def test_one_address_is_one(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "anna@",
        "@example.com",
        "a@b@c.de",
        "anna@example.com, other@example.com",
        "Anna <anna@example.com>",
        "anna@example.com\n",
        "anna@example.com\r\nBcc: all@example.com",
        "a..b@example.com",
        "anna@-example.com",
        "anna@example.com ",
        "änna@example.com",
        f"{'a' * 65}@example.com",
    ],
)
def test_what_is_not_exactly_one_address_is_none(text: str) -> None:
    assert not is_address(text)
