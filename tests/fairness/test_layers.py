"""A layer is refused for what would make refusing harder, unheard of or unlikely."""

from __future__ import annotations

import pytest

from tests.fairness.conftest import Judge, changed

REJECT = '<button type="submit" name="decision" value="reject_all">'
ACCEPT = '<button type="submit" name="decision" value="accept_all">'
SMUGGLED = {
    "BAN-01 another answer twice": (ACCEPT, f"{ACCEPT}Yes</button>{ACCEPT}", "2 controls that accept all and 1"),
    "BAN-02 a class of its own": (REJECT, REJECT.replace(">", ' class="quiet">'), 'rejecting has class="quiet" and accepting has no class'),
    "BAN-02 an id of its own": (ACCEPT, ACCEPT.replace(">", ' id="go">'), 'rejecting has no id and accepting has id="go"'),
    "BAN-02 not beside each other": (ACCEPT, f"</div><div>{ACCEPT}", "do not stand beside each other"),
    "BAN-02 a picture in one": (ACCEPT, f"{ACCEPT}<b>&#10003;</b>", "not of the same elements"),
    "BAN-02 a style": (REJECT, REJECT.replace(">", ' style="color: #ccc">'), "brings style of its own"),
    "BAN-02 a style element": (REJECT, f"<style>button {{ color: red }}</style>{REJECT}", "<style> brings style of its own"),
    "BAN-02 code": (REJECT, f"<script>go()</script>{REJECT}", "brings code"),
    "BAN-02 code in an attribute": (REJECT, REJECT.replace(">", ' onmouseover="away()">'), "brings code of its own"),
    "BAN-02 a style sheet from elsewhere": (REJECT, f'<link rel="stylesheet" href="/own.css" />{REJECT}', "not in static/"),
    "BAN-01 inert": (REJECT, REJECT.replace(">", " inert>"), "hidden by inert"),
    "BAN-01 disabled": (REJECT, REJECT.replace(">", " disabled>"), "hidden by disabled"),
    "BAN-01 not for screen readers": (REJECT, REJECT.replace(">", ' aria-hidden="true">'), "hidden by aria-hidden"),
    "BAN-01 not for the keyboard": (REJECT, REJECT.replace(">", ' tabindex="-1">'), "hidden by tabindex"),
    "BAN-01 both hidden": ('<div data-part="answers">', '<div data-part="answers" hidden>', "hidden by hidden on <div>"),
    "BAN-01 in a comment": (REJECT, f"<!-- {REJECT} --><button>", "not to reject all"),
    "BAN-04 ticked": ('<input type="checkbox" name="purpose"', '<input type="checkbox" checked name="purpose"', "ticked before anybody has decided"),
    "BAN-05 granted by what is not seen": ('<div data-part="answers">', '<input type="hidden" name="purpose" value="analytics" /><div data-part="answers">', "purpose analytics is granted by a <input> and not by a box"),
    "BAN-06 a purpose that is not named": ('{% include "_notice_text.html" %}', '<h2 id="privacy-notice-heading">Example AG</h2><p>{{ w.settings.link }} {{ w.purposes.media.name }}</p>', "does not say what for: Stat"),
    "BAN-07 nobody is responsible": ('{% include "_notice_text.html" %}', '<h2 id="privacy-notice-heading">Cookies</h2>', "does not say who is responsible: Example AG"),
    "BAN-12 legitimate interest": ('<div data-part="answers">', '<p>We have a legitimate interest.</p><div data-part="answers">', "'legitimate interest' is no ground for access to a device"),
    "BAN-15 feelings": ('<div data-part="answers">', '<p>We would be sad.</p><div data-part="answers">', "'sad' is not neutral"),
    "A11Y-02 a modal dialog": ('role="dialog"', 'role="dialog" aria-modal="true"', "aria-modal"),
    "A11Y-02 no heading": ('aria-labelledby="privacy-notice-heading"', "", "no visible heading"),
}  # fmt: skip


@pytest.mark.parametrize("name", SMUGGLED)
def test_what_would_not_be_fair_in_the_notice_is_refused(name: str, judge: Judge) -> None:
    old, new, reason = SMUGGLED[name]
    found = judge(changed("notice.html", old, new))
    assert any(reason in fault for fault in found), found
    assert all(fault.startswith("notice.html: as shown in ") for fault in found if ".css:" not in fault)


def test_the_second_layer_is_held_to_the_same(judge: Judge) -> None:
    """BAN-01, BAN-02"""
    found = judge(changed("preferences.html", REJECT, REJECT.replace(">", ' class="link">')))
    assert found[0].startswith(
        'preferences.html: as shown in en: rejecting has class="link" and accepting has no class'
    )


def test_what_a_visitor_has_agreed_to_may_be_shown_as_ticked(judge: Judge) -> None:
    """BAN-04"""
    assert judge(changed("preferences.html", "<h1>", '<h1 class="own">')) == []


def test_a_second_way_to_agree_elsewhere_in_the_page_is_refused(judge: Judge) -> None:
    """BAN-01"""
    found = judge(changed("settings.html", "</a>", f"</a>{ACCEPT}OK</button>"))
    assert any("it has 2 controls that accept all and 1 that reject all" in fault for fault in found)


def test_a_placeholder_with_a_box_that_is_ticked_is_refused(judge: Judge) -> None:
    """BAN-04"""
    found = judge(changed("placeholder.html", 'name="remember"', 'name="remember" checked="checked"'))
    assert any("on is ticked before" in fault for fault in found)


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("settings.html", ' data-privacy="settings"', "", "there is no link to the settings"),
        ("settings.html", "<a ", "<a hidden ", "the link to the settings is hidden by hidden on <a>"),
        ("settings.html", "{{ w.settings.link }}", "&#8203;", "the link to the settings has no words"),
        ("settings.html", "/preferences?", "/policy?", "the link to the settings does not lead to /.privacy/preferences"),
        ("_page.html", ' data-privacy="settings"', "", "there is no link to the settings"),
        ("_page.html", "<footer>", '<footer aria-hidden="true">', "the link to the settings is hidden by aria-hidden on <footer>"),
    ],
)  # fmt: skip
def test_every_page_has_a_link_to_the_settings_that_can_be_used(
    name: str, old: str, new: str, reason: str, judge: Judge
) -> None:
    """BAN-09"""
    found = judge(changed(name, old, new))
    assert any(reason in fault for fault in found), found


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("_objection.html", 'right.form("object"', 'right.form("objecting"'),
        ("_objection.html", "<section ", "<section hidden "),
        ("_right.html", "/rights", "/nowhere"),
        ("your_data.html", '{% include "_objection.html" %}', ""),
    ],
)  # fmt: skip
def test_the_form_by_which_one_objects_to_advertising_cannot_be_left_out_or_hidden(
    name: str, old: str, new: str, judge: Judge
) -> None:
    """PRC-07"""
    found = judge(changed(name, old, new))
    assert any("there is no form by which one objects to advertising" in fault for fault in found), found


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (REJECT.replace(">", ' aria-label="Later">'), 'rejecting has aria-label="Later"'),
        (REJECT.replace(">", ' aria-label="Later">'), "may be called something else than is printed on it"),
        (f"{REJECT}<span hidden>", "reject_all has words that are hidden"),
    ],
)
def test_an_answer_is_called_what_is_seen_on_it(new: str, reason: str, judge: Judge) -> None:
    """BAN-15"""
    own = changed("notice.html", REJECT, new)
    if "<span" in new:
        own["notice.html"] = own["notice.html"].replace(
            "{{ w.notice.reject_all }}", "{{ w.notice.reject_all }}</span>"
        )
    found = judge(own)
    assert any(reason in fault for fault in found), found
