"""`consent-gateway requests answer` and `extend`"""

from __future__ import annotations

from pathlib import Path

import click

from consent_gateway.commands import options
from consent_gateway.commands import requests_opening as opening
from consent_gateway.commands.options import database, state
from consent_gateway.commands.requests_words import recorded, words
from consent_gateway.subject_requests.request import MOST_EXTENSION


@click.command()
@click.argument("number", type=int)
@words("text", "What you answered, or the reason of a refusal")
@click.option("--refuse", is_flag=True, help="It is not acted on, for the reason in the text.")
@state
@database
def answer(number: int, text: str, refuse: bool, state: Path, database: str) -> None:
    """Note that a request was answered, and in which words.

    This sends nothing: you answer where the person wants to be answered. Whoever has number and key of the
    request sees the words on the website, below a refusal also that there is a supervisory authority and a
    court (GDPR Art. 12(4)). That it was answered, and when, is in the ledger; it cannot be taken back.

    \b
        consent-gateway requests answer 3 --text-file answer.txt
    """
    now = options.clock()
    with opening.writing(state, database) as book:
        request = (book.refuse if refuse else book.answer)(number, text, now)
    late = -request.days_left(now.date())
    click.echo(f"request {number} is {request.status}{f', {late} days late' if late > 0 else ''}")
    click.echo(recorded(request.steps[-1].text))


@click.command()
@click.argument("number", type=int)
@click.option("--months", type=click.IntRange(1, MOST_EXTENSION), default=MOST_EXTENSION, show_default=True, help="How many more.")  # fmt: skip
@words("reason", "What you told the person")
@state
@database
def extend(number: int, months: int, reason: str, state: Path, database: str) -> None:
    """Note that a request takes longer, and the reason that was told.

    At most two further months, where necessary for complexity and number of requests; the person has to be
    told, with the reason, within one month of receipt (GDPR Art. 12(3)). After that it is too late.
    """
    with opening.writing(state, database) as book:
        request = book.extend(number, months, reason, options.clock())
    click.echo(f"request {number} is to be answered by {request.due}")
    click.echo(recorded(request.steps[-1].text))
