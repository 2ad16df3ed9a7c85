"""The table `[notify]` of a site file: where requests for the operator's other systems are sent on to."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from consent_gateway.datafile import AfterValidator, Field, Table, ValidationInfo, Written, field_validator
from consent_gateway.subject_requests.mail_server import MailServer, is_address
from consent_gateway.urls import is_loopback

Value = TypeVar("Value", str, bool)


def _smtp(value: str) -> str:
    if value:
        MailServer.parse(value)
    return value


def _address(value: str) -> str:
    if value and not is_address(value):
        raise ValueError(f"not a single mail address such as 'privacy@example.com': {value!r}")
    return value


def _webhook(value: str) -> str:
    if not value:
        return value
    try:
        url, port = urlsplit(value), urlsplit(value).port
    except ValueError as error:
        raise ValueError("has no valid host or port") from error
    if url.username is not None or url.password is not None:
        raise ValueError("must not have a user name or password in it: what is sent is signed")
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.hostname or "")):
        raise ValueError("must be https (http only for a loopback address)")
    if not url.hostname or url.fragment or port == 0 or not value.isascii() or not value.isprintable():
        raise ValueError("must be an address such as 'https://intern.example.com/privacy'")
    return value


MailAddress = Annotated[str, AfterValidator(_address), Written("mail address")]
Server = Annotated[
    str,
    AfterValidator(_smtp),
    Written('`"smtp://HOST:PORT"` or `"smtps://HOST:PORT"`, with a user `"smtp://USER@HOST:PORT"`'),
]
Webhook = Annotated[
    str, AfterValidator(_webhook), Written('https address such as `"https://intern.example.com/privacy"`')
]


class Notify(Table):
    """Where requests about personal data are sent on to: by mail, by webhook, by both or nowhere."""

    smtp: Server = ""
    """The mail server; its password is in the environment as `CONSENT_GATEWAY_SMTP_PASSWORD`."""
    to: MailAddress = Field(default="", validate_default=True)
    """Who gets the mail; `smtp` needs it."""
    sender: MailAddress = Field(default="", alias="from")
    """Where the mail comes from; else the address in `to`."""
    plain: bool = False
    """Send also where the server offers no TLS; never with a user (GDPR Art. 32(1)(a))."""
    webhook: Webhook = ""
    """Where signed messages are posted to."""

    @cached_property
    def mail_server(self) -> MailServer | None:
        return MailServer.parse(self.smtp) if self.smtp else None

    @property
    def mail_from(self) -> str:
        return self.sender or self.to

    @property
    def routes(self) -> tuple[str, ...]:
        """The ways by which a request is sent on."""
        return (*(("smtp",) if self.smtp else ()), *(("webhook",) if self.webhook else ()))

    @field_validator("to")
    @classmethod
    def _somebody(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("smtp") and not value:
            raise ValueError("missing: smtp needs an address to send to")
        return _only_with_smtp(value, info)

    @field_validator("sender", "plain")
    @classmethod
    def _of_mail(cls, value: Value, info: ValidationInfo) -> Value:
        server = info.data.get("smtp")
        if value is True and server and MailServer.parse(server).secure:
            raise ValueError("contradicts smtps, which is never without TLS")
        if value is True and server and MailServer.parse(server).user:
            raise ValueError("a password is never sent without TLS: leave out the user or plain")
        return _only_with_smtp(value, info)


def _only_with_smtp(value: Value, info: ValidationInfo) -> Value:
    if value and "smtp" in info.data and not info.data["smtp"]:
        raise ValueError("says something about mail, and there is no smtp")
    return value
