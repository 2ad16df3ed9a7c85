"""The rules that are shipped for extensions which answer notices: each finds ours and answers as it was told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenSite, Visit
from tests.browser.test_autoconsent import SITE, answered
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

RULES = ROOT / "contrib"
PAGE = "/plain-without-language.html"
NOTICE = "[data-privacy=notice]"
# What Consent-O-Matic does with a rule (its Action.js, Consent.js and Matcher.js of 2025-10), as far as ours goes.
CONSENT_O_MATIC = """async ([methods, types]) => {
  const find = (one) => document.querySelector(one.selector);
  const matches = (one) => {
    const found = find(one.target);
    if (one.type === "css") return found !== null && (!one.target.displayFilter || found.offsetHeight > 0);
    if (one.type === "checkbox") return found.checked;
    throw new Error(one.type);
  };
  const run = (action) => {
    const every = Object.values(types);
    if (action.type === "click") find(action.target)?.click();
    else if (action.type === "ifallownone") run(every.some(Boolean) ? action.falseAction : action.trueAction);
    else if (action.type === "ifallowall") run(every.every(Boolean) ? action.trueAction : action.falseAction);
    else if (action.type === "consent") {
      for (const one of action.consents)
        if (find(one.matcher.target) && matches(one.matcher) !== types[one.type]) run(one.toggleAction);
    } else throw new Error(action.type);
  };
  for (const name of ["DO_CONSENT", "SAVE_CONSENT"]) run(methods.find((one) => one.name === name).action);
}"""
NOBODY = dict.fromkeys("ABDEFX", False)


def rule(name: str) -> Any:
    return json.loads((RULES / name / "consent-gateway.json").read_text("utf-8"))


def granted(site: Visit) -> set[str]:
    """The purposes that are agreed to, as the gateway says itself."""
    expect(site.page.locator(NOTICE)).to_have_count(0)
    site.open("/.privacy/preferences")
    boxes = site.page.locator("input[name=purpose]:checked").all()
    return {str(box.get_attribute("value")) for box in boxes}


@pytest.mark.parametrize("action", ["optOut", "optIn"])
def test_qa_06_autoconsent_finds_the_notice_by_our_rule_and_answers(visit: OpenSite, action: str) -> None:
    site = visit(SITE)
    said = answered(
        site, PAGE, rules={"autoconsent": [rule("autoconsent")], "consentomatic": {}}, autoAction=action,
        enableHeuristicDetection=False, heuristicMode="off",
    )  # fmt: skip
    [found] = [one for one in said if one["type"] == "popupFound"]
    assert found["cmp"] == "consent-gateway", said
    # After an agreement the page is loaded anew at once.
    results = [(one["cmp"], one["result"]) for one in said if one["type"] == f"{action}Result"]
    assert results == [("consent-gateway", True)] or (action == "optIn" and results == [])
    assert bool(granted(site)) is (action == "optIn")


def test_qa_06_the_rule_for_consent_o_matic_is_what_its_schema_asks_for() -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads((Path(__file__).parent / "consent-o-matic.schema.json").read_text("utf-8"))
    rules = rule("consent-o-matic")
    # It asks for an object under every name, this one too, which all of its own rules have.
    assert rules.pop("$schema") == schema["$id"]
    assert schema.pop("$schema") == "http://json-schema.org/schema"  # the address of none
    validator = Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(rules)] == []
    rules["consent-gateway"]["methods"][0]["name"] = "ANOTHER"
    assert not validator.is_valid(rules)


@pytest.mark.parametrize(
    ("types", "purposes"),
    [
        (NOBODY, set()),
        (NOBODY | {"B": True}, {"analytics"}),
        (NOBODY | {"X": True}, {"media", "social_media", "webinars"}),
        (dict.fromkeys("ABDEFX", True), {"analytics", "marketing", "media", "social_media", "webinars"}),
    ],
)  # fmt: skip
def test_qa_06_consent_o_matic_finds_the_notice_by_our_rule_and_answers_purpose_by_purpose(
    visit: OpenSite, types: dict[str, bool], purposes: set[str]
) -> None:
    [found] = [one for name, one in rule("consent-o-matic").items() if name != "$schema"]
    [detector] = found["detectors"]
    site = visit(SITE)
    site.open(PAGE)
    for matcher in (*detector["presentMatcher"], *detector["showingMatcher"]):
        expect(site.page.locator(matcher["target"]["selector"])).to_be_visible()
    site.page.evaluate(CONSENT_O_MATIC, [found["methods"], types])
    site.settle()
    assert granted(site) == purposes


def test_qa_06_both_rules_name_every_purpose_there_is() -> None:
    """What an extension does not know of it would leave as it is."""
    from consent_gateway import catalogue

    text = (RULES / "consent-o-matic" / "consent-gateway.json").read_text("utf-8")
    assert [id for id in catalogue.load().purposes if f"[value={id}]" not in text] == []
