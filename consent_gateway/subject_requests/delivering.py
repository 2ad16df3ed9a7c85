"""The ways that a site file names, made ready."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from consent_gateway.datafile import Fault, Faulty
from consent_gateway.keys import KeyRing
from consent_gateway.notify_table import Notify
from consent_gateway.subject_requests.mail import mail
from consent_gateway.subject_requests.mail_server import PASSWORD_VARIABLE
from consent_gateway.subject_requests.posting import WebhookRoute
from consent_gateway.subject_requests.routes import Route
from consent_gateway.subject_requests.smtp import SmtpRoute
from consent_gateway.subject_requests.webhook import secret_of
from consent_gateway.wording import Wording


def delivery_routes(
    notify: Notify, ring: KeyRing, wording: Wording, environment: Mapping[str, str], file: Path | None
) -> list[Route]:
    """In the order of Notify.routes. Raises Faulty where the password of the mail server is missing."""
    routes: list[Route] = []
    if notify.mail_server:
        password = environment.get(PASSWORD_VARIABLE, "")
        if notify.mail_server.user and not password:
            reason = f"names a user, and {PASSWORD_VARIABLE} does not have the password"
            raise Faulty((Fault(str(file or ""), "notify.smtp", reason),))
        routes.append(SmtpRoute(notify, partial(mail, notify=notify, wording=wording), password))
    if notify.webhook:
        routes.append(WebhookRoute(notify.webhook, secret_of(ring)))
    return routes
