"""POL-01 to POL-09: the privacy policy of a running gateway says what the gateway does."""

from __future__ import annotations

import ast
import hashlib
import http.client
import json
import re
from contextlib import closing
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from aiohttp import web

from consent_gateway.catalogue import Catalogue
from consent_gateway.database import in_folder
from consent_gateway.demo.files import for_demo
from consent_gateway.gateway import Gateway
from consent_gateway.keys import KeyRing
from consent_gateway.purging import Purging
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.report_counts import ReportCounts
from consent_gateway.reports import Blocked
from consent_gateway.retention import kept
from consent_gateway.site_tables import REPORTS
from tests.asking import Asking, cookie_of
from tests.conftest import ROOT, MakeGateway
from tests.loopback import gateway, serving
from tests.policies import EXAMPLE, rows, sections, site_of

HOST = "www.morgenrot-solar.example"
SERVICES = {"google-analytics", "linkedin", "linkedin-insight", "youtube", "zoom"}
PLUG_INS = {"linkedin": "linkedin.com/embed/feed/update/urn:li:share:1", "youtube": "youtube.com/embed/x"}

# Which tests enforce what the policy promises in the gateway's name.
ENFORCED = {
    "held": [
        "browser/test_seven_points.py::test_1_before_consent_nothing_leaves_and_every_plug_in_has_its_place",
        "test_gateway.py::test_a_visitor_who_has_not_decided_gets_nothing_foreign_and_is_asked",
    ],
    "listed": [
        "test_dressing.py::test_the_policy_is_enforced_where_the_unlisted_is_held_and_reports_elsewhere",
        "test_content_policy.py::test_the_policy_limits_hosts_and_nothing_else",
    ],
    "pseudonyms": [
        "test_salts.py::test_the_last_period_is_kept_for_sessions_and_the_one_before_is_destroyed",
        "analytics/test_relay.py::test_without_the_salt_of_its_period_a_hit_is_dropped",
    ],
    "cookies": [
        "test_cookie_rules.py::test_any_other_passes_under_load_and_is_held_under_hold",
        "proxy/test_wire.py::test_whatever_the_site_answers_only_the_cookies_that_may_come_do",
        "proxy/test_wire.py::test_the_site_gets_neither_held_cookies_nor_click_identifiers",
    ],
    "click_ids": ["test_gateway.py::test_the_site_gets_them_only_while_marketing_is_granted"],
    "signed": [
        "test_cookies.py::test_a_cookie_counts_only_on_its_host_under_its_key_and_alone",
        "browser/test_seven_points.py::test_2_a_forged_cookie_counts_as_none",
    ],
    "encrypted": ["ledger/test_book.py::test_a_copy_of_the_database_says_nothing_without_the_keys"],
    "chained": ["ledger/test_checks.py::test_a_record_that_follows_the_rules_of_the_chain_but_has_no_keys_is_found"],
    "sparing": ["ledger/test_book.py::test_a_record_has_no_room_for_address_browser_or_page"],
    "deletion": [
        "test_purging.py::test_POL_05_a_clock_moved_forward_proves_every_period",
        "test_purging.py::test_a_running_gateway_purges_by_itself",
        "ledger/test_book.py::test_what_was_erased_is_in_no_file_any_more",
    ],
    "https": ["test_cookies.py::test_over_https_the_cookie_is_pinned_to_host_path_and_scheme"],
}  # fmt: skip


def asking_in_front_of(made: Gateway, now: datetime) -> Asking:
    return Asking(made, now, host=HOST)


def policy(asking: Asking, query: str = "") -> str:
    return asking.reply("GET", f"/.privacy/policy?language=en{query}").response.body.decode()


def test_pol_01_the_sections_are_those_of_the_document(make_gateway: MakeGateway, now: datetime) -> None:
    shown = sections(policy(asking_in_front_of(make_gateway(EXAMPLE), now)))
    assert {"why", "recipients", "countries", "sources", "tracking", "plug-ins", "webinars", "protection",
            "retention", "change", "objection", "access", "contact"} <= shown.keys()  # fmt: skip
    assert all(shown.values())


def test_pol_03_policy_preferences_placeholders_and_gate_know_the_same_services(
    make_gateway: MakeGateway, now: datetime, catalogue: Catalogue
) -> None:
    made = make_gateway(EXAMPLE)
    asking = asking_in_front_of(made, now)
    facts = json.loads(made.policy.text)
    assert {one["id"] for purpose in facts["purposes"] for one in purpose["services"]} == SERVICES
    shown = sections(policy(asking))
    told = " ".join(shown[section] for section in ("tracking", "plug-ins", "webinars"))
    named = {
        id for id, one in catalogue.services.items() if re.search(rf"Privacy policy of {one.name}\b", told)
    }
    assert {id for id in named if id in SERVICES} == SERVICES
    assert {catalogue.services[id].name for id in named} == {catalogue.services[id].name for id in SERVICES}
    preferences = asking.reply("GET", "/.privacy/preferences").response.body.decode()
    # One that is alone behind its purpose has no box of its own.
    assert set(re.findall(r'name="service" value="([^"]+)"', preferences)) <= SERVICES
    offered = {one.name for one in catalogue.services.values() if re.search(rf"\b{one.name}\b", preferences)}
    assert offered == {catalogue.services[id].name for id in SERVICES}
    assert set(made.policy.policy.offer.releasable) == SERVICES
    frames = "".join(
        f'<iframe src="https://www.{url}"></iframe>' for url in (*PLUG_INS.values(), "vimeo.com/video/1")
    )
    page = asking.page(f"<!doctype html><body>{frames}").body.decode()
    placeholders = re.findall(r'data-privacy="placeholder" data-service="([^"]+)"', page)
    assert set(placeholders) - {"vimeo"} == set(PLUG_INS)
    asking.cookie = cookie_of(asking.post("/.privacy/choice", {"decision": ["accept_all"]}).response)
    page = asking.page(f"<!doctype html><body>{frames}").body.decode()
    assert {id for id, url in PLUG_INS.items() if f'src="https://www.{url}"' in page} == set(PLUG_INS)
    assert 'src="https://player.vimeo' not in page and 'src="https://www.vimeo' not in page


def test_pol_03_the_hash_on_the_page_is_that_of_a_decisions_record_and_of_the_json(
    make_gateway: MakeGateway, now: datetime
) -> None:
    made = make_gateway(EXAMPLE)
    asking = asking_in_front_of(made, now)
    (shown,) = re.findall(r'<code data-part="hash">([0-9a-f]{64})</code>', policy(asking))
    body = asking.reply("GET", "/.privacy/policy.json").response.body
    assert hashlib.sha256(body).hexdigest() == shown
    reply = asking.post("/.privacy/choice", {"decision": ["accept_all"]})
    assert reply.record is not None
    assert (reply.record[0].policy, reply.terms.encode()) == (shown, body)


def test_pol_04_every_cookie_of_a_walk_is_in_the_table(tmp_path: Path) -> None:
    async def site(request: web.Request) -> web.StreamResponse:
        html = '<!doctype html><body><iframe src="https://www.youtube.com/embed/x"></iframe>'
        response = web.Response(text=html, content_type="text/html")
        for name in ("session", "nobody_has_declared_me", "_ga"):
            response.set_cookie(name, "1")
        return response

    seen: set[str] = set()
    with serving(site) as origin, serving(site) as google:
        text = for_demo(EXAMPLE, google=google.address)
        with gateway(origin, tmp_path / "state", site=text) as base:
            jar: dict[str, str] = {}

            def ask(path: str, **form: str) -> str:
                headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items()), "Accept": "text/html",
                           "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document", "User-Agent": "Mozilla/5.0 Chrome/156.0.0.0",
                           "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
                with closing(http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)) as connection:
                    connection.request(
                        "POST" if form else "GET", path, urlencode(form) if form else None, headers
                    )
                    answer = connection.getresponse()
                    body = answer.read().decode()
                for field in answer.headers.get_all("Set-Cookie") or ():
                    for name, morsel in SimpleCookie(field).items():
                        if morsel["max-age"] == "0":
                            jar.pop(name, None)
                        else:
                            jar[name] = morsel.value
                            seen.add(name)
                return body

            ask("/")
            ask("/.privacy/choice", decision="accept_all", layer="notice", language="en")
            ask("/")
            ask("/.privacy/ga/g/collect?v=2&tid=G-DEMO2026&en=page_view", v="2")
            ask("/.privacy/choice", decision="reject_all")
            ask("/.privacy/activate", service="youtube", instance="1")
            ask("/")
            table = {row[0] for row in rows(ask("/.privacy/policy?language=en"), "cookies")}
    assert {"privacy", "privacy-saved", "privacy-once", "privacy-session", "session"} == seen
    assert seen <= table


def test_pol_05_the_periods_shown_are_those_that_are_applied(
    make_gateway: MakeGateway, now: datetime, catalogue: Catalogue, ring: KeyRing, tmp_path: Path
) -> None:
    site = site_of(EXAMPLE, catalogue)
    shown = rows(policy(asking_in_front_of(make_gateway(EXAMPLE), now)), "retention")
    assert [row[1].split()[:2] for row in shown] == [str(one.rule.period).split() for one in kept(site)]
    (period,) = [one.rule.period for one in kept(site) if one.id == REPORTS]
    counted = Blocked(host="a.example", directive="img-src", owner="unlisted", day=f"{now:%Y-%m-%d}")
    with (
        closing(Purging.of(in_folder(tmp_path), ring, site)) as purging,
        closing(ReportCounts(in_folder(tmp_path))) as counts,
    ):
        counts.add({counted: 1})
        assert purging.over(period.after(now)).days == 0
        assert purging.over(period.after(now) + timedelta(days=1)).days == 1


def test_pol_07_every_promise_has_tests_that_enforce_it() -> None:
    promises = Rendering(templates_folder(), ("en",), prefix="/.privacy").wording("en")["measures"]
    assert ENFORCED.keys() == promises.keys()
    for tests in ENFORCED.values():
        for file, _, name in (test.partition("::") for test in tests):
            code = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
            assert name in {
                node.name
                for node in ast.walk(code)
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            }, name


def test_pol_08_every_service_has_a_role(make_gateway: MakeGateway, now: datetime) -> None:
    facts = json.loads(make_gateway(EXAMPLE).policy.text)
    roles = {one["id"]: one["role"] for purpose in facts["purposes"] for one in purpose["services"]}
    assert roles.keys() == SERVICES
    assert set(roles.values()) <= {"processor", "joint", "controller"}
    assert {one["role"] for one in facts["recipients"].values()} <= {"processor", "joint", "controller"}


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("/.privacy/policy.json", {"controller", "purposes", "retention", "storage"}),
        ("/.well-known/gpc.json", {"gpc", "lastUpdate"}),
    ],
)
def test_pol_09_machines_can_read_it(
    make_gateway: MakeGateway, now: datetime, path: str, keys: set[str]
) -> None:
    asking = asking_in_front_of(make_gateway(EXAMPLE), now)
    response = asking.reply("GET", path).response
    assert response.headers.get("content-type") == "application/json; charset=utf-8"
    assert keys <= json.loads(response.body).keys()
    assert "Global Privacy Control" in sections(policy(asking))["revocation"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_only_versions_that_there_are_can_be_asked_for(
    make_gateway: MakeGateway, now: datetime, method: str
) -> None:
    for query, status in (("", 200), ("?version=1", 404), ("?version=abc", 404), ("?version=", 200)):
        assert (
            asking_in_front_of(make_gateway(EXAMPLE), now)
            .reply(method, f"/.privacy/policy{query}")
            .response.status
            == status
        )


class TestVersions:
    """Earlier ones stay readable."""

    CHANGED = EXAMPLE.replace("14 days", "15 days").replace(
        'languages = ["en", "de"]', 'languages = ["de", "en", "fr"]'
    )

    def test_an_earlier_version_is_shown_byte_for_byte_in_each_language(self, tmp_path: Path) -> None:
        first = {
            language: self._shown(tmp_path, EXAMPLE, f"?language={language}") for language in ("en", "de")
        }
        again = self._shown(tmp_path, EXAMPLE, "?language=en")
        assert again == first["en"] and "Earlier versions" not in again
        later = self._shown(tmp_path, self.CHANGED, "?language=en")
        assert "Version 2 of" in later and "version=1&amp;language=en" in later and "15 days" in later
        for language, page in first.items():
            old = self._shown(tmp_path, self.CHANGED, f"?version=1&language={language}")
            assert self._text(old) == self._text(page)
            assert re.findall('data-part="hash">([^<]+)', old) == re.findall('data-part="hash">([^<]+)', page)
            assert 'data-part="outdated"' in old and 'data-part="outdated"' not in page
        foreign = self._shown(tmp_path, self.CHANGED, "?version=1&language=fr")
        assert '<div lang="de" dir="auto">' in foreign
        assert self._text(first["de"]) in self._text(foreign)

    def test_the_one_in_force_can_be_asked_for_by_its_number(self, tmp_path: Path) -> None:
        plain = self._shown(tmp_path, EXAMPLE, "?language=en")
        assert "Version 1 of" in plain
        assert self._shown(tmp_path, EXAMPLE, "?version=1&language=en") == plain

    def test_the_facts_of_an_earlier_version_stay_and_an_earlier_page_calls_no_later_one_earlier(
        self, tmp_path: Path
    ) -> None:
        first = self._shown(tmp_path, EXAMPLE, "", path="policy.json")
        self._shown(tmp_path, self.CHANGED, "", path="policy.json")
        later = self._shown(tmp_path, EXAMPLE, "", path="policy.json")
        assert later == first != self._shown(tmp_path, EXAMPLE, "?version=2", path="policy.json")
        assert self._shown(tmp_path, self.CHANGED, "?version=1", path="policy.json") == first
        old = self._shown(tmp_path, self.CHANGED, "?version=2&language=en")
        assert re.findall(r"policy\?version=(\d)", old) == ["1"]

    def _shown(self, folder: Path, text: str, query: str, path: str = "policy") -> str:
        with (
            gateway("http://127.0.0.1:9", folder / "state", site=text) as base,
            closing(http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)) as connection,
        ):
            connection.request("GET", f"/.privacy/{path}{query}", headers={"Host": HOST})
            answer = connection.getresponse()
            assert answer.status == 200
            return answer.read().decode()

    def _text(self, page: str) -> str:
        """What is the same for every visitor: but for the control by which one objects, as who looks at
        it now has it."""
        text = page.partition("</h1>")[2].partition("<h2")[2].partition('<p data-part="small">')[0].strip()
        before, _, rest = text.partition('<h2 id="objection"')
        start = before.removesuffix('<section data-part="objection" aria-labelledby="objection">\n')
        return start.rstrip() + rest[rest.index('<h2 id="revocation"') :]
