"""The mail by which the operator learns of a request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from email import policy
from email.message import EmailMessage
from typing import Any

from consent_gateway.locales import date_in
from consent_gateway.notify_table import Notify
from consent_gateway.subject_requests.mail_server import is_address
from consent_gateway.subject_requests.request import SubjectRequest
from consent_gateway.wording import Wording

COMMAND = "consent-gateway requests"


def mail(request: SubjectRequest, notify: Notify, wording: Wording) -> EmailMessage:
    """All that is needed to answer it. The same request has the same Message-ID each time. What somebody
    else has written stands in a header only where it is one mail address."""
    words, language = wording["request_mail"], wording.language
    due = date_in(request.due, language)
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = words["subject"].format(
        number=request.number, kind=words["kinds"][request.kind], due=due
    )
    message["From"] = notify.mail_from
    message["To"] = notify.to
    message["Date"] = request.steps[0].time
    message["Message-ID"] = f"<{request.id}@{notify.mail_from.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 5: nobody's holiday answers it
    if is_address(request.reply_to):
        message["Reply-To"] = request.reply_to
    message.set_content("\n\n".join(_paragraphs(request, words, language)) + "\n", cte="quoted-printable")
    return message


def _paragraphs(request: SubjectRequest, words: Mapping[str, Any], language: str) -> list[str]:
    received = request.received.astimezone(UTC)
    facts = {
        "number": str(request.number),
        "right": words["kinds"][request.kind],
        "received": f"{date_in(received.date(), language)}, {received:%H:%M} UTC",
        "due": date_in(request.due, language),
        "channel": words["channels"][request.channel],
        "host": request.host,
        "language": request.language,
        "reply_to": request.reply_to,
    }
    number = request.number
    return [
        words["intro"],
        "\n".join(f"{words[name]}: {value}" for name, value in facts.items() if value),
        f"{words['message']}:\n{request.message or words['no_message']}",
        words["identity"],
        words["answer"].format(command=f"{COMMAND} answer {number} --text-file FILE"),
        words["extend"].format(command=f"{COMMAND} extend {number} --reason TEXT"),
        words["show"].format(command=f"{COMMAND} show {number}"),
    ]
