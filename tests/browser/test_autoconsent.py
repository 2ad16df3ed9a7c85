"""DuckDuckGo's autoconsent, which answers notices for those who do not want to: it finds ours and refuses."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import expect

from tests import npm
from tests.browser.conftest import OpenSite, Visit

pytestmark = pytest.mark.browser

SITE = '[third_parties]\nunlisted = "hold"\n[services.google-analytics]\n[services.linkedin]\n[services.linkedin-insight]\n[services.youtube]\n[services.zoom]\n'
# What the extension around the content script does: it hands in rules and evaluates what they ask for.
EXTENSION = """
window.autoconsentSendMessage = async (message) => {
  told(message);
  const answer = (value) => setTimeout(() => autoconsentReceiveMessage(value));
  if (message.type === "init")
    answer({ type: "initResp", config: CONFIG, rules: RULES });
  if (message.type === "eval")
    answer({ id: message.id, type: "evalResp", result: await (0, eval)(message.code) });
};
"""
CONFIG = {
    "enabled": True, "autoAction": "optOut", "disabledCmps": [], "enablePrehide": False, "detectRetries": 20,
    "enableCosmeticRules": True, "enableGeneratedRules": True, "enableHeuristicDetection": True, "heuristicMode": "reject",
}  # fmt: skip


def answered(site: Visit, path: str, *, rules: object = None, **config: object) -> list[dict[str, object]]:
    """Everything that autoconsent has said by the time it is done with a page, or has found nothing to do; with its
    own rules where none are given."""
    package = npm.needed(npm.AUTOCONSENT)
    if rules is None:
        rules = json.loads((package / "rules" / "rules.json").read_text("utf-8"))
    said: list[dict[str, object]] = []

    def told(message: dict[str, object]) -> None:
        said.append(message)

    site.page.expose_function("told", told)  # which outlives the page: after an answer it may be loaded anew
    site.page.goto(f"{site.base}{path}", wait_until="load")
    script = EXTENSION.replace("CONFIG", json.dumps({**CONFIG, **config}))
    script = script.replace("RULES", json.dumps(rules))
    site.page.evaluate(f"() => {{ {script} }}")
    site.page.evaluate((package / "dist" / "autoconsent.playwright.js").read_text("utf-8"))
    until = time.monotonic() + 15
    while time.monotonic() < until:
        site.page.wait_for_timeout(200)
        if any(one["type"] in ("autoconsentDone", "autoconsentError") for one in said):
            break
    return said


@pytest.mark.parametrize(("language", "width"), [("de", 360), ("en", 1280)])
def test_it_finds_the_notice_and_refuses_everything(visit: OpenSite, language: str, width: int) -> None:
    """BAN-15, QA-06"""
    site = visit(SITE, headers={"Accept-Language": language})
    site.page.set_viewport_size({"width": width, "height": 900})
    said = answered(site, "/plain-without-language.html")
    assert [one for one in said if one["type"] == "popupFound"], said
    (result,) = [one for one in said if one["type"] == "optOutResult"]
    assert result["result"] is True and result["cmp"] == "HEURISTIC-REJECT"
    expect(site.page.locator("[data-privacy=notice]")).to_have_count(0)
    site.open("/.privacy/preferences")
    assert site.page.locator("input:checked").count() == 0
    cookie = next(one for one in site.context.cookies() if one["name"] == "privacy")
    assert cookie["value"]
    site.open("/company.html")
    expect(site.page.locator("[data-privacy=notice]")).to_have_count(0)
    assert site.third_parties() == set()
    assert site.google.requests == []


def test_it_finds_nothing_where_nobody_is_asked(visit: OpenSite) -> None:
    site = visit("[services]\n")
    said = answered(site, "/plain-without-language.html")
    assert said and not [one for one in said if one["type"] in ("popupFound", "optOutResult")]
