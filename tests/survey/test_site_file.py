"""The site file that comes of a survey."""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import replace
from datetime import date

import pytest

from consent_gateway.captures.exchange import Exchange
from consent_gateway.catalogue import Catalogue
from consent_gateway.completeness import gaps
from consent_gateway.offer import offer
from consent_gateway.site import Site, contradictions
from consent_gateway.survey.sightings import Survey
from consent_gateway.survey.site_file import Told, own_page, written
from consent_gateway.survey.surveying import Surveyor
from tests.policies import site_of
from tests.shop import FOOT, HOST, START, got, shop

TOLD = Told(source="shop.har", by="HAR", on=date(2026, 11, 24))
OWN = (HOST, "solarhof.de", "static.solarhof.de", "metrics.solarhof.de")


def of(exchanges: list[Exchange], catalogue: Catalogue) -> Survey:
    surveyor = Surveyor(OWN, catalogue)
    for exchange in exchanges:
        surveyor.take(exchange)
    return surveyor.survey()


@pytest.fixture(name="text", scope="module")
def _text(catalogue: Catalogue) -> str:
    text, missing = written(of(shop(), catalogue), TOLD, catalogue)
    assert missing == []
    return text


@pytest.fixture(name="site", scope="module")
def _site(text: str, catalogue: Catalogue) -> Site:
    return site_of(text, catalogue)


def test_it_holds_what_is_unknown_and_names_what_is_known(site: Site) -> None:
    assert site.third_parties.unlisted == "hold"
    assert site.third_parties.first_party == ("static.solarhof.de",)
    assert site.site.hosts == (HOST, "solarhof.de") and site.site.scheme == "https"
    assert site.site.languages == ("de", "en")
    assert site.services is not None and site.services.keys() == {
        "google-analytics", "google-fonts", "google-tag-manager", "linkedin-insight", "youtube",
    }  # fmt: skip
    assert site.analytics.properties == ("G-9XK2V7QW1",) and site.analytics.containers == ("GTM-K7QW2Z9",)


def test_nothing_unknown_is_in_force_it_is_listed_in_comments(text: str) -> None:
    in_force = repr(tomllib.loads(text))
    for unknown in (
        "shopfiles",
        "metrics.solarhof.de",
        "wish_list",
        "theme",
    ):
        assert unknown not in in_force, unknown
        assert unknown in text, unknown
    assert "#   cdn.shopfiles.net: script on /; image on /film" in text
    assert "#   metrics.solarhof.de: image on /" in text
    assert (
        "# [services.google-ads] # Google Ads: only within frames of others (script on /film, within" in text
    )


def test_necessary_cookies_are_proposed_with_reason_and_life_and_the_word_that_they_be_checked(
    text: str, site: Site
) -> None:
    assert {name: (one.purpose, str(one.reason), one.duration) for name, one in site.cookies.items()} == {
        "PHPSESSID": ("necessary", "session", "session"),
        "csrftoken": ("necessary", "forgery", "1 year"),
    }
    assert (
        f"# A proposal, by its name alone (set by {HOST}, on /, /film): see that this is what it is for."
        in text
    )
    assert '# [cookies."AWSALB*"]' in text  # nobody saw how long it lasts
    assert (
        "# [cookies.wish_list] # set by www.solarhof.de, on /\n" in text and '# duration = "1 year"' in text
    )
    assert "#   _ga: Google Analytics" in text


def test_facts_of_the_operator_are_left_to_his_page_and_proposals_stay_comments(
    text: str, site: Site
) -> None:
    assert site.policy.own_page.as_json() == {"de": "/datenschutz", "en": "/en/privacy"}
    assert (site.controller.name, site.controller.contact, site.processing) == ("", "", {})
    assert '# name = "Solarhof GmbH"' in text and '# contact = "info@solarhof.de"' in text


def test_without_a_page_of_the_sites_it_says_at_the_top_what_is_missing(catalogue: Catalogue) -> None:
    survey = replace(of(shop(), catalogue), own_pages={})
    text, missing = written(survey, TOLD, catalogue)
    keys = {".".join(gap.key) for gap in missing}
    assert {"controller.name", "controller.address", "processing", "services.google-analytics.kept"} <= keys
    top = text.partition("\n[site]")[0]
    assert "# A DRAFT: no privacy policy was found" in top and all(f"#   {key}: " in top for key in keys)
    told = replace(TOLD, controller="Solarhof GmbH", contact="info@solarhof.de")
    _, fewer = written(survey, told, catalogue)
    assert keys - {".".join(gap.key) for gap in fewer} == {"controller.name", "controller.contact"}
    assert written(survey, replace(TOLD, policy="/ds"), catalogue)[1] == []


@pytest.mark.parametrize(
    ("languages", "pages", "found"),
    [
        (("de", "en"), {"de": f"https://{HOST}/ds", "en": f"https://{HOST}/p?x=1"}, [("de", "/ds"), ("en", "/p?x=1")]),
        (("de", "en"), {"de": f"https://{HOST}/ds"}, [("", "/ds")]),
        (("de", "en"), {"fr": f"https://{HOST}/vp"}, [("", "/vp")]),
        (("de",), {"de": "https://solarhof.de/ds"}, [("", "https://solarhof.de/ds")]),
        (("de",), {"de": "http://solarhof.de/ds"}, []),
        (("de",), {"de": f"https://{HOST}//ds"}, [("", f"https://{HOST}//ds")]),
        (("de",), {"de": f"https://{HOST}/.privacy/policy"}, []),
        ((), {"": f"http://{HOST}/ds"}, [("", "/ds")]),
    ],
)  # fmt: skip
def test_the_page_is_one_for_all_unless_each_language_has_its_own(
    catalogue: Catalogue, languages: tuple[str, ...], pages: dict[str, str], found: list[tuple[str, str]]
) -> None:
    survey = Survey(hosts=(HOST,), pages=1, languages=languages, own_pages=pages)
    assert [page for _, page in own_page(survey, TOLD)] == [page for _, page in found]
    written(survey, TOLD, catalogue)


def test_a_site_without_third_parties_asks_for_none(catalogue: Catalogue) -> None:
    page = '<html lang=fr><a href="/p">Politique de confidentialité</a>'
    text, missing = written(of([got(f"https://{HOST}/", page)], catalogue), TOLD, catalogue)
    site = site_of(text, catalogue)
    assert missing == [] and site.services == {} and site.site.languages == ("fr",)


CUSTOMERS = """<html lang="de"><a href="/mein-konto">Mein Konto</a>
<form action="/kontakt"><input type="email" name="mail"><textarea name="text"></textarea></form>
<form class="newsletter" action="/abo"><input type="email"></form>
<form action="/warenkorb/hinein"><button>Kaufen</button></form>
<script src="https://www.googletagmanager.com/gtag/js?id=G-9XK2V7QW1"></script>"""


def uncommented(text: str) -> str:
    """The tables for what the site stores data for, with something in the place of each fact."""
    begun = text.partition("# Begun for what was seen")[2]
    lines = [line[2:] for line in begun.split("\n") if re.match(r"# (\[|\w+ = )", line)]
    filled = (line.replace('""', {"period": '"2 years"', "countries": '"DE"'}.get(line.split(" ")[0], '"Solarhof"')) for line in lines)  # fmt: skip
    return "\n".join(filled)


@pytest.mark.parametrize("language", ["de", "de en"])
def test_tables_for_what_was_seen_are_begun_and_only_the_facts_have_to_be_filled_in(
    catalogue: Catalogue, language: str
) -> None:
    pages = [got(f"https://{HOST}/{one}", CUSTOMERS.replace('"de"', one)) for one in language.split()]
    text, missing = written(of(pages, catalogue), replace(TOLD, policy="/ds"), catalogue)
    assert missing == [] and site_of(text, catalogue).processing == {}
    site = site_of(text + uncommented(text), catalogue)
    assert {*site.processing} == {"server_log", "contact_form", "newsletter", "account", "orders"}
    assert {*site.recipients} == {"hosting", "newsletter", "payment", "shipping"}
    assert contradictions(site) == []
    assert [gap for gap in gaps(site, offer(site, catalogue)) if not gap.elsewhere] == []
    assert site.retention["books"].statutory
    assert "# ---- contact: seen on /de\n" in text and "# [retention.enquiries]" in text


def test_what_was_not_seen_has_no_table_but_the_log_that_every_server_keeps(text: str) -> None:
    assert set(re.findall(r"# \[processing\.(\w+)\]", text)) == {"server_log"}


@pytest.mark.parametrize(("page", "asked"), [(START, False), (CUSTOMERS, True)])
def test_where_nobody_logs_in_nobody_is_asked_about_customer_numbers(
    catalogue: Catalogue, page: str, asked: bool
) -> None:
    text, _ = written(of([got(f"https://{HOST}/", page)], catalogue), TOLD, catalogue)
    site = site_of(text, catalogue)
    assert site.analytics.linking is asked
    assert any(one.id == "analytics_linking" for one in offer(site, catalogue).purposes) is asked


def test_pages_are_counted_and_not_requests(catalogue: Catalogue) -> None:
    image = "https://img.shopfiles.net/a.png"
    five = [got(image, to="image", page=f"/{number}") for number in range(5)]
    text, _ = written(of([*shop(), *five, *five], catalogue), TOLD, catalogue)
    assert "#   img.shopfiles.net: image on /0, /1, /2 and on 2 other pages\n" in text


def test_a_privacy_address_and_the_officer_of_the_policy_page_are_proposed(catalogue: Catalogue) -> None:
    policy = (
        f"<html lang=de><h1>Datenschutz</h1><p>Verantwortlich: info@solarhof.de</p><h2>Unser Datenschutzbeauftragter</h2>"
        f"<p>Dr. Ada Muster<br>Dachgasse 1<br>datenschutz@solarhof.de</p>{FOOT}"
    )
    text, _ = written(of([*shop(), got(f"https://{HOST}/datenschutz", policy)], catalogue), TOLD, catalogue)
    assert '# contact = "datenschutz@solarhof.de"' in text
    assert '# data_protection_officer = "Dr. Ada Muster, Dachgasse 1, datenschutz@solarhof.de"' in text


HOSTILE = 'x"]\n[third_parties]\nunlisted = "load"\n\x1b]0;\u202e\u2028#'


def test_hostile_names_stay_names(catalogue: Catalogue) -> None:
    """Hosts, cookies, titles, data and paths are a stranger's text."""
    page = (
        f'<html lang="de"><title>{HOSTILE}</title><a href="/p&#10;[x]">Datenschutz {HOSTILE}</a>'
        f'<script type="application/ld+json">{{"@type":"Organization","name":"a\\"\\n[site]\\nhosts=[]\\u202e"}}</script>'
        '<script src="https://evil.example-x.net/%22%5D%0A[services]"></script><a href="mailto:x&#10;[y]@z">m</a>'
    )
    cookies = tuple(
        f"{name}=1; Max-Age=9" for name in ("a.b'c`", "x!#$%&", "a\n[site]", 'q"', "[site]", "__proto__")
    )
    exchanges = [
        got(f"https://{HOST}/\n[site]#{HOSTILE}", page, sets=cookies),
        got("https://evil\n[third_parties].net/", to="image"),
        got("https://xn--e1awd7f.net/", to="image"),
    ]
    survey = of(exchanges, catalogue)
    hostile = replace(
        survey,
        unread=(HOSTILE,),
        proposals={"name": HOSTILE},
        unknown={**survey.unknown, HOSTILE: next(iter(survey.unknown.values()))},
        own_page_on=HOSTILE,
    )
    told = replace(TOLD, source=HOSTILE, by=HOSTILE, controller=HOSTILE, contact=HOSTILE)
    text, _ = written(hostile, told, catalogue)
    site = site_of(text, catalogue)
    assert site.third_parties.unlisted == "hold" and site.site.hosts == (HOST,)
    assert site.controller.name == HOSTILE.strip()
    assert all(line.isprintable() for line in text.split("\n"))
    assert site.cookies == {} and site.services == {}


def test_a_consent_tool_that_the_site_has_is_named_with_what_was_not_seen(catalogue: Catalogue) -> None:
    page = f'<html lang="de"><script src="https://consent.cookiebot.com/uc.js"></script>{FOOT}'
    text, _ = written(of([got(f"https://{HOST}/", page)], catalogue), TOLD, catalogue)
    assert "# The site asks by itself: Cookiebot. What loads only once a visitor has agreed" in text
    assert "The site asks by itself" not in written(of(shop(), catalogue), TOLD, catalogue)[0]


def test_a_page_that_comes_through_a_gateway_is_not_taken_for_the_site(catalogue: Catalogue) -> None:
    page = f'<html lang="de"><a data-privacy="settings" href="/.privacy/preferences">x</a>{FOOT}'
    text, _ = written(of([got(f"https://{HOST}/", page)], catalogue), TOLD, catalogue)
    assert "# Not read: /: comes through a gateway" in text


PIECES = [
    b"<a href='", b"mailto:", b"datenschutz", b'"', b"'", b"<", b">", b"\x00", b"\xff", b"&#xd800;", b"//", b"[", b"{",
    b'<script type="application/ld+json">', b"\n", b"\xe2\x80\xae", b"lang=", b"href=https://www.solarhof.de//x",
    b"<base href='https://x.net/'>", b"\xed\xa0\x80",
]  # fmt: skip
TYPES = [
    "text/html",
    "text/html; charset=utf-16",
    "text/html; charset=shift_jis",
    "text/css",
    "image/svg+xml",
    "",
]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_a_site_sends_the_file_can_be_read_and_holds(catalogue: Catalogue, seed: int) -> None:
    chance = random.Random(seed)

    def garbled() -> bytes:
        page = bytearray(START.encode())
        for _ in range(chance.randint(1, 40)):
            at = chance.randrange(len(page))
            page[at : at + chance.randint(0, 6)] = chance.choice(PIECES)
        return bytes(page)

    exchanges = [
        got(
            f"https://{chance.choice([HOST, 'static.solarhof.de', 'x.net', '[::1]', 'bad host'])}/"
            + "".join(chance.choices("/ab.\n\"'[]#?=%\u202e\\", k=9)),
            garbled(),
            of=chance.choice(TYPES),
            to=chance.choice(["document", "style", "script", "empty", "iframe", ""]),
            sets=("".join(chance.choices("ab=;\"' \n[]*.Max-Age", k=20)),),
        )
        for _ in range(8)
    ]
    text, _ = written(of([*exchanges, *shop()], catalogue), TOLD, catalogue)
    assert site_of(text, catalogue).third_parties.unlisted == "hold"
    assert all(line.isprintable() for line in text.split("\n"))
