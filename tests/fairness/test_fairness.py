"""What visitors would get of an operator's templates is judged, not what their source looks like."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from consent_gateway import datafile
from consent_gateway.rendering import templates_folder
from consent_gateway.starting import Settings, start
from tests.fairness.conftest import BOTH, Judge, built_in, changed

ALL = {
    path.relative_to(templates_folder()).as_posix(): path.read_text("utf-8")
    for path in templates_folder().rglob("*")
    if path.suffix in (".html", ".css", ".toml")
}


def test_the_gateways_own_templates_are_fair(judge: Judge) -> None:
    """BAN-01, BAN-02, BAN-04, BAN-07, BAN-08, BAN-15, A11Y-01, A11Y-09"""
    assert judge(ALL) == []


def test_a_template_of_another_look_is_fair_where_both_answers_have_it(judge: Judge) -> None:
    """BAN-02"""
    own = changed("notice.html", '<button type="submit"', '<button class="big" type="submit"')
    own |= {
        "static/notice.css": built_in("static/notice.css")
        + '[data-privacy="notice"] .big { border-radius: 99px; }\n'
    }
    assert judge(own) == []


def test_each_fault_is_named_with_its_file_once(judge: Judge) -> None:
    """BAN-01"""
    source = built_in("notice.html")
    line = next(line for line in source.splitlines() if 'value="reject_all"' in line)
    assert judge({"notice.html": source.replace(line, "")}, languages=BOTH) == [
        f"notice.html: as shown in {language}: it offers to accept all, and not to reject all "
        "(EDPB Cookie Banner Taskforce, report of 17 January 2023, no. 8)"
        for language in ("en", "de")
    ]


def test_what_is_hidden_in_one_language_only_is_found(judge: Judge) -> None:
    """BAN-01"""
    own = changed(
        "notice.html", 'value="reject_all"', "value=\"reject_all\"{% if language == 'de' %} hidden{% endif %}"
    )
    found = judge(own, languages=BOTH)
    assert any("as shown in de: reject_all is hidden by hidden on <button>" in fault for fault in found)
    assert not any("as shown in en" in fault for fault in found)


def test_what_is_hidden_only_from_those_who_have_agreed_is_found(judge: Judge) -> None:
    """BAN-01"""
    own = changed(
        "preferences.html",
        'value="reject_all"',
        'value="reject_all"{% if decided_something %} hidden{% endif %}',
    )
    assert any("reject_all is hidden" in fault for fault in judge(own))


def test_a_notice_that_nobody_would_recognise_is_none(judge: Judge) -> None:
    assert judge(changed("notice.html", 'data-privacy="notice"', "")) == [
        'notice.html: it brings no element with data-privacy="notice"'
    ]


def test_markup_that_does_not_fit_together_is_refused(judge: Judge) -> None:
    found = judge(changed("notice.html", "</form>", ""))
    assert found and "does not end what is open" in found[0]


@pytest.mark.parametrize(
    ("name", "source", "reason"),
    [
        ("notice.html", "{% if %}", "notice.html:1: in en: Expected an expression"),
        ("notice.html", "<p>{{ nothing_of_the_kind }}</p>", "in en: 'nothing_of_the_kind' is undefined"),
        ("policy.html", "{{ nothing_of_the_kind }}", "in en: 'nothing_of_the_kind' is undefined"),
    ],
)
def test_a_template_that_cannot_be_rendered_is_a_fault_and_no_page_in_pieces(
    name: str, source: str, reason: str, judge: Judge
) -> None:
    assert any(reason in fault for fault in judge({name: source}))


def test_the_gateways_style_is_held_against_the_operators_markup(judge: Judge) -> None:
    """BAN-09"""
    source = built_in("settings.html").replace("<span>", "").replace("</span>", "")
    (fault,) = judge({"settings.html": source})
    assert "static/settings.css:" in fault and "display: none hides the link to the settings" in fault


def test_a_site_that_asks_for_nothing_needs_no_notice(judge: Judge) -> None:
    assert judge({"settings.html": built_in("settings.html")}, "[services]\n") == []


def test_the_gateway_does_not_start_with_templates_that_hide_the_refusal(
    tmp_path: Path, now: datetime
) -> None:
    """BAN-01"""
    own = tmp_path / "templates"
    own.mkdir()
    (own / "notice.html").write_text(
        built_in("notice.html").replace('value="reject_all"', 'value="reject_all" hidden')
    )
    (tmp_path / "site.toml").write_text('[site]\nlanguages = ["en", "de"]\n')
    settings = Settings(
        origin="http://127.0.0.1:9",
        origin_hosts=(),
        site_file=tmp_path / "site.toml",
        state=tmp_path / "state",
        templates=own,
        environment={},
    )
    with pytest.raises(datafile.Faulty, match="reject_all is hidden by hidden on <button>"):
        start(settings, now=lambda: now)
