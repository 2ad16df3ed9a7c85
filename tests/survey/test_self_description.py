"""What the pages of a site say of it, all together."""

from __future__ import annotations

from consent_gateway.page.charset import UTF8
from consent_gateway.survey.documents import Document
from consent_gateway.survey.self_description import MOST_PROPOSALS, SelfDescription
from tests.shop import HOST


def described(*pages: str) -> SelfDescription:
    said = SelfDescription(lambda address: HOST in address)
    for number, page in enumerate(pages):
        said.take(Document(page.encode(), UTF8, f"https://{HOST}/"), f"/{number}")
    return said


def page(language: str, path: str) -> str:
    return f'<html lang="{language}"><a href="{path}">Datenschutz</a>'


def test_the_policy_is_where_most_pages_of_a_language_lead() -> None:
    said = described(page("de", "/a"), page("de", "/b"), page("de", "/b"), page("en", "/c"))
    assert said.policies == {"de": f"https://{HOST}/b", "en": f"https://{HOST}/c"}
    assert said.policy_linked_on == "/1"


def test_a_policy_of_somebody_else_is_none() -> None:
    assert described(page("de", "https://policies.google.com/privacy")).policies == {}


def test_of_several_links_in_a_page_the_surest_counts() -> None:
    html = (
        '<html lang="de"><a href="/blog">Mehr Datenschutz im Garten</a><a href="/ds">Datenschutzerklärung</a>'
    )
    assert described(html).policies == {"de": f"https://{HOST}/ds"}


def test_languages_are_those_the_gateway_has_most_pages_first() -> None:
    pages = ['<html lang="en-US">', '<html lang="de">', '<html lang="de-AT">', '<html lang="ja">', "<html>"]
    assert described(*pages).languages == ("de", "en")


def test_an_address_for_data_protection_goes_before_a_more_frequent_one_if_it_is_the_sites() -> None:
    often = '<a href="mailto:info@solarhof.de">m</a>' * 3
    policy = '<html lang="de"><a href="/ds">Datenschutz</a>'
    of_policy = f"{policy}<p>privacy@google.com privacy@google.com oder dsb@solarhof.de"
    said = SelfDescription(lambda address: HOST in address)
    said.take(Document(f"{policy}{often}".encode(), UTF8, f"https://{HOST}/"), "/")
    said.take(Document(of_policy.encode(), UTF8, f"https://{HOST}/ds"), "/ds")
    assert said.proposals["contact"] == "dsb@solarhof.de"
    said.take(Document(b"<p>datenschutz@solarhof.de", UTF8, f"https://{HOST}/blog"), "/blog")
    assert said.proposals["contact"] == "dsb@solarhof.de"


def test_purposes_are_told_with_the_first_page_that_has_them() -> None:
    cart = '<a href="/cart">x</a><a href="https://x.net/login">x</a>'
    assert described("<p>", cart, cart).purposes == {"shop": "/1"}


def test_of_what_is_said_of_the_operator_the_most_frequent_counts_and_a_crowd_is_bounded() -> None:
    mails = "".join(f'<a href="mailto:a{number}@b.de">m</a>' for number in range(MOST_PROPOSALS + 9))
    often = '<a href="mailto:info@solarhof.de">m</a>' * 3
    said = described(often, mails)
    assert said.proposals == {"contact": "info@solarhof.de"}
