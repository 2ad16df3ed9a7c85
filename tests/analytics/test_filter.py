"""Nothing passes but what the table names, and only as the table says."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consent_gateway.analytics import parameters
from consent_gateway.analytics.filter import Circumstances, Filter, Filtered
from consent_gateway.analytics.hits import Hit
from consent_gateway.analytics.parameters import Action
from consent_gateway.analytics.pseudonym import Salt, pseudonyms

TABLE = parameters.load()
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
HITS = Path(__file__).parent / "hits.jsonl"
# What stands for a person in the recorded hits.
MARKERS = ("crm-4711", "4711", "max.muster", "example.org", "abc123", "Muster", "gold", "1869824210")


def circumstances(*, linking: bool = False) -> Circumstances:
    salt = Salt(datetime(2026, 11, 24, tzinfo=UTC), b"s" * 32)
    made = pseudonyms(
        handle="h", site="shop.example", property="G-MM9W5MYTQP", salt=salt, pepper=b"p" * 32, visitors=1000
    )
    return Circumstances(pseudonyms=made, own_hosts=frozenset(("shop.example",)), linking=linking, now=NOW)


def filtered(
    *pairs: tuple[str, str], events: tuple[list[tuple[str, str]], ...] = (), linking: bool = False
) -> Filtered:
    return Filter(TABLE)(Hit(list(pairs), events), circumstances(linking=linking))


def test_the_client_id_is_always_the_gateways() -> None:
    mine = circumstances().pseudonyms.client
    assert dict(filtered(("cid", "1869824210.1795354196")).shared)["cid"] == mine
    assert dict(filtered(("v", "2")).shared)["cid"] == mine


def test_consent_is_what_the_gateway_has_recorded_and_not_what_the_browser_says() -> None:
    shared = dict(filtered(("gcs", "G111"), ("npa", "0"), ("dma", "0")).shared)
    assert (shared["gcs"], shared["npa"], shared["dma"], shared["ngs"]) == ("G101", "1", "1", "1")


@pytest.mark.parametrize("name", ["uid", "ep.transaction_id", "up.tier", "upn.age"])
def test_personal_data_pass_only_with_the_separate_consent(name: str) -> None:
    assert name not in dict(filtered((name, "4711")).shared)
    assert dict(filtered((name, "4711"), linking=True).shared)[name] == "4711"


@pytest.mark.parametrize(
    "name",
    [
        "ep.user_data.email",
        "em",
        "gclid",
        "auid",
        "_gsid",
        "ecid",
        "dclid",
        "_uip",
        "ext.text",
        "sst.ude",
        "uafvl",
    ],
)
def test_some_things_never_pass_not_even_linked(name: str) -> None:
    assert name not in dict(filtered((name, "x"), linking=True).shared)


def test_events_go_through_the_same_rules_as_the_query() -> None:
    event = [("en", "purchase"), ("uid", "crm"), ("cid", "1.2"), ("ep.secret", "x"), ("epn.value", "12.345")]
    (passed,) = filtered(("v", "2"), events=(event,)).events
    assert passed == [("en", "purchase"), ("cid", circumstances().pseudonyms.client), ("epn.value", "12.35")]


def test_what_is_not_in_the_table_is_counted_and_never_passed() -> None:
    result = filtered(("brand_new", "x"), ("brand_new", "y"), ("uid", "z"))
    assert result.unknown == {"brand_new": 2}
    assert result.dropped == {"uid": 1}


def test_a_repeated_parameter_counts_once() -> None:
    assert [pair for pair in filtered(("en", "a"), ("en", "b")).shared if pair[0] == "en"] == [("en", "a")]


def test_a_kept_value_must_look_as_the_table_says() -> None:
    assert "en" not in dict(filtered(("en", "anna@example.org")).shared)
    assert "cu" not in dict(filtered(("cu", "EUROS")).shared)
    assert "seg" not in dict(filtered(("seg", "1" * 5000)).shared)


recorded = [json.loads(line) for line in HITS.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("hit", recorded, ids=lambda hit: f"{hit['run']}{hit['path']}")
def test_no_hit_that_googles_own_script_sent_carries_a_person_through(hit: dict[str, str]) -> None:
    from consent_gateway.analytics.hits import _pairs

    events = tuple(_pairs(line) for line in hit["body"].splitlines() if line)
    result = Filter(TABLE)(Hit(_pairs(hit["q"]), events), circumstances())
    passed = json.dumps([result.shared, result.events])
    for marker in MARKERS:
        assert marker not in passed
    allowed = {p.name for p in TABLE.parameter if p.action not in (Action.DROP, Action.LINKING)}
    names = {name for name, _ in result.shared} | {name for event in result.events for name, _ in event}
    assert {name for name in names if not name.startswith("pr")} <= allowed


MARKER = "anna.schmidt@example.org"
FORMS = (MARKER, quote(MARKER, safe=""), quote(quote(MARKER, safe=""), safe=""), MARKER.replace("@", "(at)"))
NAMES = [p.name.replace("*", "x1") for p in TABLE.parameter] + ["pr1", "pr200"]


@example(NAMES[0], FORMS[0], "0@", "")
@given(st.sampled_from(NAMES), st.sampled_from(FORMS), st.text(max_size=20), st.text(max_size=20))
def test_an_e_mail_address_passes_in_no_parameter_and_no_spelling(
    name: str, form: str, before: str, after: str
) -> None:
    for value in (form, f"{before} {form} {after}", f"https://shop.example/{form}?x", f"nm{form}~k0{form}"):
        passed = " ".join(text for _, text in filtered((name, value)).shared)
        assert "schmidt" not in passed and "example.org" not in passed


@given(st.text(min_size=1, max_size=30), st.text(max_size=60))
def test_an_arbitrary_parameter_passes_only_under_a_name_of_the_table(name: str, value: str) -> None:
    always = {parameter.name for parameter in TABLE.always} | {"cid"}
    passed = {key for key, _ in filtered((name, value)).shared} - always
    assert all(TABLE.find(key) is not None for key in passed)


def test_a_token_in_base64_is_no_title_or_path() -> None:
    token = base64.b64encode(b"anna.schmidt@example.org 4711").decode()
    for name in ("dt", "dl", "dp", "ep.link_url", "pr1"):
        assert token not in str(filtered((name, f"https://shop.example/{token}")).shared)
