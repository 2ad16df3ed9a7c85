"""Services of a site's own: read like the catalogue's, and from then on treated like them everywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consent_gateway import site
from consent_gateway.audit.assembling import assembled
from consent_gateway.catalogue import Catalogue
from consent_gateway.commands import main
from consent_gateway.database import in_folder
from consent_gateway.datafile import Faulty
from consent_gateway.replay.places import Places, Side
from consent_gateway.replay.shown_site import shown
from consent_gateway.report_counts import ReportCounts
from consent_gateway.reports import Blocked
from consent_gateway.testing import gateway as under_test
from tests.acme import NAME, PAGE, SERVICE, SITE, site_file
from tests.asking import Asking, consented
from tests.audit.sites import SITE as AUDITED
from tests.audit.sites import exchange
from tests.commands.test_audit import har
from tests.proxy.test_audit_addon import mitmdump
from tests.replay import leaky


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return site_file(tmp_path)


@pytest.fixture
def visitor(file: Path, now: datetime) -> Asking:
    return Asking(assembled(file, ("www.example.com",), now), now)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def faults(file: Path, catalogue: Catalogue) -> list[str]:
    with pytest.raises(Faulty) as raised:
        site.read(file, catalogue)
    return [str(fault) for fault in raised.value.faults]


# ---- reading -------------------------------------------------------------------------------------


def test_its_id_is_the_name_of_its_file_which_lies_beside_the_site_file(
    file: Path, catalogue: Catalogue
) -> None:
    own = site.read(file, catalogue)
    assert list(own.own_services) == ["acme-reviews"]
    assert own.catalogue(catalogue).services["acme-reviews"].name == "Acme Reviews"
    assert "acme-reviews" not in catalogue.services
    assert site.Site().catalogue(catalogue) is catalogue


def test_a_fault_in_it_is_told_with_file_line_key_and_reason(tmp_path: Path, catalogue: Catalogue) -> None:
    file = site_file(tmp_path, service=SERVICE.replace('country = "LV"', 'country = "Latvia"'))
    assert faults(file, catalogue) == [
        f"{tmp_path / NAME}:17: controller.country: must be a two-letter ISO 3166 code"
    ]
    file = site_file(tmp_path, service=SERVICE.replace('"*.acme.example"]', '"*.youtube.com"]', 1))
    assert faults(file, catalogue) == [
        f"{tmp_path / NAME}:4: urls: *.youtube.com belongs to YouTube (youtube): *.youtube.com"
    ]
    file = site_file(tmp_path, service="name =")
    [told] = faults(file, catalogue)
    assert told.startswith(f"{tmp_path / NAME}: not TOML")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gone.toml", "gone.toml: there is no such file"),
        ("youtube.toml", "youtube.toml: the catalogue has a service youtube already: YouTube"),
        ("acme.txt", "acme.txt: must be a .toml file"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_where_it_is_named(
    tmp_path: Path, catalogue: Catalogue, name: str, reason: str
) -> None:
    file = site_file(tmp_path, SITE.replace(NAME, name))
    if name != "gone.toml":
        (tmp_path / name).write_text(SERVICE)
    [told] = faults(file, catalogue)
    assert told.startswith(f"{file}:3: third_parties.services: {reason}")


def test_two_of_them_do_not_claim_the_same_address(tmp_path: Path, catalogue: Catalogue) -> None:
    file = site_file(tmp_path, SITE.replace(f'"{NAME}"', f'"{NAME}", "again.toml"'))
    (tmp_path / "again.toml").write_text(SERVICE)
    assert any(
        "*.acme.example belongs to Acme Reviews (acme-reviews)" in one for one in faults(file, catalogue)
    )


def test_a_cookie_of_somebody_elses_cannot_be_claimed(tmp_path: Path, catalogue: Catalogue) -> None:
    file = site_file(tmp_path, service=SERVICE.replace('"acme_visitor"', '"_ga"'))
    [told] = faults(file, catalogue)
    assert "cookies.0.name: _ga is a cookie of Google Analytics, which cannot be functional" in told


def test_neither_the_sites_own_hosts_nor_first_party_can_be_a_third_party(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    file = site_file(tmp_path, f'[site]\nhosts = ["www.acme.example"]\n{SITE}')
    assert any("*.acme.example is the site's own" in one for one in faults(file, catalogue))
    assert "is the site's own" in run("check", file).stdout
    file = site_file(tmp_path, SITE.replace("services =", 'first_party = ["cdn.acme.example"]\nservices ='))
    assert any("cdn.acme.example belongs to a third party: Acme Reviews" in one for one in faults(file, catalogue))  # fmt: skip


def test_a_list_that_is_none_is_a_fault_of_the_site_file(tmp_path: Path, catalogue: Catalogue) -> None:
    for value in ("1", '"acme-reviews.toml"', '[""]'):
        file = site_file(tmp_path, f"[third_parties]\nservices = {value}\n")
        assert all(one.startswith(f"{file}:2: third_parties.services") for one in faults(file, catalogue))


def test_who_names_an_unknown_one_is_told_how_to_add_it(tmp_path: Path) -> None:
    file = site_file(tmp_path, "[services.acme]\n")
    told = run("check", file).stdout
    assert "services.acme: no such service in the catalogue" in told and "services --new HOST" in told


# ---- for visitors --------------------------------------------------------------------------------


def test_before_consent_it_is_held_with_a_placeholder_in_the_visitors_language(visitor: Asking) -> None:
    html = visitor.page(PAGE).body.decode()
    held = re.sub(r"<script src=\"/.*?</script>", "", html)
    assert "widget.acme.example" not in held
    assert html.count('data-privacy="placeholder"') == 2
    assert (
        "Acme Reviews SIA" in html
        and "Latvia" in html
        and 'href="https://www.acme.example/shops/4711"' in html
    )
    german = visitor.page(PAGE.replace('lang="en"', 'lang="de"')).body.decode()
    assert "Lettland" in german and "Acme Reviews" in german


def test_who_agrees_gets_it_as_the_site_wrote_it_and_a_policy_that_lets_it_in(
    visitor: Asking, now: datetime
) -> None:
    fresh = visitor.page(PAGE).headers.get("content-security-policy")
    visitor.cookie = consented(visitor.gateway, now, decision=["accept_all"])
    page = visitor.page(PAGE)
    assert b'src="https://widget.acme.example/reviews.js"' in page.body
    assert b'data-privacy="placeholder"' not in page.body
    assert "acme.example" not in fresh
    assert "*.acme.example" in page.headers.get("content-security-policy")


def test_a_click_activates_this_one_alone(visitor: Asking) -> None:
    form = {"service": ["acme-reviews"], "instance": ["1"], "return": ["/"]}
    reply = visitor.post("/.privacy/activate", form)
    assert reply.response.status == 303


def test_notice_preferences_and_policy_name_it(visitor: Asking) -> None:
    assert b"Acme Reviews" in visitor.page("<!doctype html><html><body></body></html>").body
    for path in ("/.privacy/preferences", "/.privacy/policy"):
        assert b"Acme Reviews" in visitor.reply("GET", path).response.body, path
    policy = visitor.reply("GET", "/.privacy/policy").response.body
    assert b"Acme Reviews SIA" in policy and b"acme_visitor" in policy


def test_the_guard_script_knows_its_addresses_its_elements_and_its_cookie(visitor: Asking) -> None:
    table = json.loads(visitor.gateway.recogniser.for_guard())
    assert ["acme-reviews", "*.acme.example"] in table["rules"]
    assert table["mounts"]["acme-reviews"] == [["reviews", "div.acme-reviews"]]
    assert table["cookies"]["services"]["acme-reviews"] == ["acme_visitor"]


def test_the_policy_is_another_once_its_facts_are(tmp_path: Path, now: datetime) -> None:
    hashes = {
        assembled(site_file(tmp_path, service=text), (), now).policy.hash
        for text in (SERVICE, SERVICE.replace("Acme Reviews SIA", "Acme Holding SIA"), SERVICE)
    }
    assert len(hashes) == 2


# ---- for operators -------------------------------------------------------------------------------


def test_check_counts_it_among_the_services(file: Path) -> None:
    file.write_text(f'{SITE}\n[policy]\nown_page = "/privacy"\n')
    told = run("check", file)
    assert told.exit_code == 0 and "no faults; 1 services" in told.stdout


def test_a_strict_check_names_one_that_is_added_and_not_offered(file: Path) -> None:
    file.write_text(SITE.replace("[services.acme-reviews]", "[services.youtube]"))
    assert "adds a service that [services] does not name" in run("check", "--strict", file).stdout
    file.write_text(SITE)
    assert "adds a service" not in run("check", "--strict", file).stdout


def test_the_policy_and_the_record_of_processing_have_it(file: Path) -> None:
    record = run(
        "policy", "--site", file, "--format", "record-of-processing", "--state", file.parent / "none"
    )
    assert "Acme Reviews SIA" in record.stdout
    page = run("policy", "--site", file, "--language", "de", "--state", file.parent / "none")
    assert "Acme Reviews SIA" in page.stdout


def test_services_show_it_where_the_site_file_is_named(file: Path) -> None:
    assert "Acme" not in run("services").stdout
    assert "  acme-reviews " in run("services", "--site", file).stdout
    one = run("services", "--site", file, "https://widget.acme.example/frame/1").stdout
    assert one.splitlines()[0].split() == ["id:", "acme-reviews"] and "2026-11-29, acme-reviews.toml" in one
    as_json = json.loads(run("services", "--site", file, "acme-reviews", "--format", "json").stdout)
    assert as_json["file"] == NAME


def test_reports_name_the_table_that_offers_it(file: Path, state: Path) -> None:
    counts = ReportCounts(in_folder(state))
    counts.prepare()
    blocked = Blocked(host="cdn.acme.example", directive="img-src", owner="acme-reviews", day="2026-11-29")
    counts.add({blocked: 1})
    counts.close()
    assert "[services.acme-reviews]" not in run("reports", "--state", state).stdout
    assert "[services.acme-reviews]" in run("reports", "--state", state, "--site", file).stdout


@pytest.fixture
def capture(tmp_path: Path) -> Iterator[Path]:
    inline = PAGE.replace("</head>", "<script>load('//acme.example/x')</script></head>")
    yield har([exchange(f"{AUDITED}/", inline)], tmp_path / "shop.har")


def test_an_audit_calls_it_by_name_and_finds_it_offered(file: Path, capture: Path) -> None:
    told = json.loads(run("audit", capture, "--site", file, "--format", "json").stdout)
    assert {one["owner"] for one in told["contacts"]} == {"acme-reviews"}
    assert told["own_services"] == [
        {"id": "acme-reviews", "name": "Acme Reviews", "company": "Acme Reviews SIA"}
    ]
    assert "seen-not-declared" not in {one["rule"] for one in told["findings"]}
    page = run("audit", capture, "--site", file, "--format", "html").stdout
    assert "Acme Reviews</span> <small>of Acme Reviews SIA" in page
    without = json.loads(run("audit", capture, "--format", "json").stdout)
    [remedy] = {one["remedy"] for one in without["findings"] if one["rule"] == "seen-not-declared"}
    assert "consent-gateway services --new HOST" in remedy
    assert run("audit", capture, "--site", file, "--through").exit_code == 0


def test_under_test_it_is_held_and_named_too(file: Path) -> None:
    def shop(environ: object, start_response: object) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])  # type: ignore[operator]
        return [PAGE.replace("</head>", "<script>load('acme.example')</script></head>").encode()]

    with under_test(wsgi=shop, site=file) as tested:
        page = tested.get("/")
        assert {one.service for one in page.held} == {"acme-reviews"} and page.contacts == ()
        assert {one.service for one in tested.get("/", state="all").contacts} == {"acme-reviews"}


def test_a_replay_shows_it_too(file: Path, catalogue: Catalogue) -> None:
    places = Places(Side.THROUGH, "localhost:8080", ("www.example.com",), 9000)
    replayed = shown(site.read(file, catalogue), places)
    assert "acme-reviews" in replayed.catalogue(catalogue).services


def test_the_audit_addon_calls_it_by_name(tmp_path: Path) -> None:
    text = SERVICE.replace("*.acme.example", "tracker.example").replace("widget.acme", "tracker")
    file = site_file(tmp_path, f'[site]\nhosts = ["www.shop.example"]\n{SITE}', text)
    capture = leaky.write(tmp_path / "capture.flow")
    told = mitmdump(tmp_path, "-nr", str(capture), "--set", f"consent_site={file}").stdout
    assert "Acme Reviews (functional): hold, nothing was decided" in told
