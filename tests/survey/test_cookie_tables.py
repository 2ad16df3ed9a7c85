"""Cookies of a survey in a site file."""

from __future__ import annotations

import tomllib

from consent_gateway.catalogue import Catalogue
from consent_gateway.survey.cookie_tables import cookie_tables
from consent_gateway.survey.sightings import CookieSeen, Survey


def tables(catalogue: Catalogue, *seen: CookieSeen) -> tuple[str, dict[str, dict[str, str]]]:
    text = "\n".join(cookie_tables(Survey(cookies={one.name: one for one in seen}), catalogue))
    return text, tomllib.loads(text).get("cookies", {})


def test_names_that_stand_for_one_are_declared_once_with_the_longest_life(catalogue: Catalogue) -> None:
    _, found = tables(catalogue, CookieSeen("AWSALB", 604800), CookieSeen("AWSALBCORS", 1209600))
    assert found == {"AWSALB*": {"purpose": "necessary", "reason": "balance", "duration": "14 days"}}


def test_what_nobody_saw_being_set_is_no_table_until_somebody_says_how_long_it_lasts(
    catalogue: Catalogue,
) -> None:
    text, found = tables(catalogue, CookieSeen("PHPSESSID"))
    assert found == {} and "# [cookies.PHPSESSID]" in text and '# duration = "" ' in text


def test_the_gateways_own_and_those_of_services_are_not_declared(catalogue: Catalogue) -> None:
    text, found = tables(
        catalogue, CookieSeen("__Host-privacy", 0), CookieSeen("_ga_X", 9), CookieSeen("_gcl_au", 9)
    )
    assert found == {} and "privacy" not in text and "Google Analytics" in text


def test_an_unknown_one_stays_a_comment_with_what_was_seen(catalogue: Catalogue) -> None:
    text, found = tables(catalogue, CookieSeen("wish.list", 0, {"a script"}, {"/a", "/b", "/c", "/d"}))
    assert found == {}
    assert '# [cookies."wish.list"] # set by a script, on /a, /b, /c and others' in text
    assert '# duration = "session"' in text


def test_what_scripts_keep_in_storage_is_a_comment_that_becomes_a_table_like_a_cookies(
    catalogue: Catalogue,
) -> None:
    kept = (CookieSeen("persist:root", None, {"a script"}, {"/"}), CookieSeen("_gcl_ls", None, {"a script"}, {"/"}), CookieSeen("sid", 0, {"a script"}, {"/"}))  # fmt: skip
    survey = Survey(cookies={"sid": CookieSeen("sid", 0)}, stored={one.name: one for one in kept})
    text = "\n".join(cookie_tables(survey, catalogue))
    assert '# [cookies."persist:root"] # set by a script, on /' in text
    assert "#   _gcl_ls: Google Ads" in text and text.count("cookies.sid") == 1
    table = text[text.index('# [cookies."persist:root"]') :].replace("# [", "[").replace("\n# ", "\n")
    assert "persist:root" in tomllib.loads(table)["cookies"]
