"""Requests on their way to the operator's mail server."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage

from consent_gateway.notify_table import Notify
from consent_gateway.subject_requests.mail_server import PASSWORD_VARIABLE, MailServer
from consent_gateway.subject_requests.request import SubjectRequest
from consent_gateway.subject_requests.routes import NotDelivered

TIMEOUT = 20  # seconds for each answer of the server


class SmtpRoute:
    """Hands in the mail that `compose` makes of a request. `notify` has a mail server."""

    name = "smtp"

    def __init__(
        self, notify: Notify, compose: Callable[[SubjectRequest], EmailMessage], password: str = ""
    ) -> None:
        assert notify.mail_server
        self._server = notify.mail_server
        self._notify = notify
        self._compose = compose
        self._password = password

    async def send(self, request: SubjectRequest, now: datetime) -> None:
        """Raises NotDelivered."""
        await asyncio.to_thread(self._hand_in, self._compose(request))

    def _hand_in(self, message: EmailMessage) -> None:
        try:
            client = self._connected()
            try:
                self._secure(client)
                if self._server.user:
                    client.login(self._server.user, self._password)
                client.send_message(message, self._notify.mail_from, [self._notify.to])
            finally:
                with suppress(smtplib.SMTPException, OSError):  # what was accepted stays accepted
                    client.quit()
        except (smtplib.SMTPException, OSError) as error:
            raise NotDelivered(_reason(error)) from error

    def _connected(self) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        if self._server.secure:
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=_context(self._server))
        return smtplib.SMTP(host, port, timeout=TIMEOUT)

    def _secure(self, client: smtplib.SMTP) -> None:
        """TLS where the server offers it; without it nothing leaves this machine unless that is wanted."""
        client.ehlo_or_helo_if_needed()
        if self._server.secure:
            return
        if client.has_extn("starttls"):
            client.starttls(context=_context(self._server))
            client.ehlo()
        elif not self._server.is_here and not self._notify.plain:
            raise NotDelivered("the server offers no STARTTLS; [notify] plain would send without")


def _context(server: MailServer) -> ssl.SSLContext:
    """Certificates are checked but on this machine itself, where they are seldom made out to its name."""
    context = ssl.create_default_context()
    if server.is_here:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _reason(error: Exception) -> str:
    """Never the server's own words: addresses may be in them."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the server does not take user and {PASSWORD_VARIABLE}: {error.smtp_code}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {code for code, _ in error.recipients.values()}
        return f"the server refuses the recipient: {', '.join(map(str, sorted(codes)))}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server answered {error.smtp_code}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of the server is not trusted: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}"
    return type(error).__name__
