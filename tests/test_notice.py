"""The notice, its first and second layer, and the placeholder."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from consent_gateway import notice
from consent_gateway.catalogue import Catalogue
from consent_gateway.consent import Consent
from consent_gateway.datafile import parse
from consent_gateway.offer import Offer, offer
from consent_gateway.page.view import Plugin
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.site import Site

SITE = "[services.google-analytics]\n[services.linkedin]\n[services.zoom]\n"


@pytest.fixture(scope="module")
def rendering() -> Rendering:
    made = Rendering(templates_folder(), ("en", "de"), prefix="/.privacy")
    for name in ("notice.css", "placeholder.css", "settings.css", "pages.css"):
        made.add_static(name)
    return made


@pytest.fixture
def asked(catalogue: Catalogue) -> Offer:
    return offer(parse(SITE, Site, file="f"), catalogue)


def html(
    rendering: Rendering,
    asked: Offer,
    language: str = "en",
    *,
    objects: bool = False,
    changed: bool = False,
    return_to: str = "/",
) -> str:
    values = notice.notice_values(
        asked.asked_first,
        changed=changed,
        controller="Example AG",
        objected=asked.yielding if objects else frozenset(),
        return_to=return_to,
        wording=rendering.wording(language),
    )
    return notice.notice(rendering, language, **values).decode("ascii")


def test_the_first_layer_names_what_a_visitor_must_know(rendering: Rendering, asked: Offer) -> None:
    text = re.sub(r"<[^>]+>", " ", html(rendering, asked))
    for part in ("Example AG", "Google Analytics", "LinkedIn", "Zoom", "Statistics", "Webinars", "IP address",
                 "United States", "six months", "withdraw", "Privacy settings", "Privacy policy"):  # fmt: skip
        assert part in text


def test_accepting_and_refusing_are_the_same_element_on_the_same_layer(
    rendering: Rendering, asked: Offer
) -> None:
    page = html(rendering, asked)
    buttons = re.findall(r"<button ([^>]*)value=\"(reject_all|accept_all)\">", page)
    assert [value for _, value in buttons] == ["reject_all", "accept_all"]
    assert buttons[0][0] == buttons[1][0]


def test_nothing_is_ticked_and_the_linking_consent_is_not_among_the_rest(
    rendering: Rendering, asked: Offer
) -> None:
    page = html(rendering, asked)
    assert "checked" not in page
    assert re.findall(r'name="purpose" value="([\w]+)"', page) == ["analytics", "social_media", "webinars"]


def test_the_notice_is_ascii_in_every_language(rendering: Rendering, asked: Offer) -> None:
    page = html(rendering, asked, "de")
    assert "m&#246;chte" in page and 'lang="de"' in page


def test_what_comes_from_elsewhere_is_escaped(rendering: Rendering, asked: Offer) -> None:
    page = html(rendering, asked, return_to='/"><script>alert(1)</script>')
    assert "<script>" not in page


def test_an_objection_signal_is_mentioned_only_where_advertising_is_asked_about(
    rendering: Rendering, catalogue: Catalogue, asked: Offer
) -> None:
    assert "objects to advertising" not in html(rendering, asked, objects=True)
    with_ads = offer(parse(SITE + "[services.hotjar]\n", Site, file="f"), catalogue)
    assert "objects to advertising" in html(rendering, with_ads, objects=True)


def test_one_is_asked_until_everything_of_the_notice_was_answered(asked: Offer) -> None:
    everything = dict(asked.revisions)
    assert notice.asked(Consent(), asked)
    assert not notice.asked(Consent(refused=everything), asked)
    del everything["analytics_linking"]
    assert not notice.asked(Consent(granted=everything), asked)
    changed = notice.asked(Consent(granted=everything | {"webinars": "older"}), asked)
    assert [purpose.id for purpose in changed] == ["webinars"]


def test_what_the_browser_objects_to_is_not_asked_about_alone(catalogue: Catalogue) -> None:
    """BAN-14"""
    ads = offer(parse(SITE + "[services.hotjar]\n", Site, file="f"), catalogue)
    rest = {id: revision for id, revision in ads.revisions.items() if id != "marketing"}
    assert [one.id for one in notice.asked(Consent(refused=rest), ads)] == ["marketing"]
    assert notice.asked(Consent(refused=rest), ads, ads.yielding) == []
    assert len(notice.asked(Consent(), ads, ads.yielding)) == 4


def test_a_notice_about_a_change_asks_for_that_alone(rendering: Rendering, asked: Offer) -> None:
    """CON-12"""
    page = html(rendering, asked, changed=True)
    assert "Something has changed here" in page
    assert re.findall(r'name="asked" value="(\w+)"', page) == ["analytics", "social_media", "webinars"]
    assert 'name="asked"' not in html(rendering, asked)


def test_many_services_are_counted_and_few_are_named(rendering: Rendering, catalogue: Catalogue) -> None:
    """BAN-07"""
    some = "youtube vimeo spotify soundcloud twitch".split()
    many = offer(parse("".join(f"[services.{id}]\n" for id in some), Site, file="f"), catalogue)
    page = html(rendering, many)
    assert "and 2 more" in page and "All 5 recipients in detail" in page
    one = offer(parse("[services.youtube]\n", Site, file="f"), catalogue)
    assert "1 recipient in detail" in html(rendering, one)
    assert "1 Empf&#228;nger" in html(rendering, one, "de")


REGISTRATION = Plugin(
    service="zoom",
    instance=1,
    width="600px",
    height="400px",
    alternative="",
    kinds=(),
    text="",
    original=b"<iframe>",
)


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        ("102px", "28px", "small"),
        ("160px", "28px", "small"),
        ("100%", "60px", "small"),
        ("340px", "200px", "medium"),
        ("330px", "600px", "medium"),
        ("190px", "140px", "medium"),
        ("190px", "100px", "small"),
        ("560px", "315px", "large"),
        ("100%", "400px", "large"),
        ("100%", "auto", "large"),
    ],
)
def test_a_placeholder_says_as_much_as_it_has_room_for(
    rendering: Rendering, asked: Offer, width: str, height: str, size: str
) -> None:
    plugin = replace(
        REGISTRATION,
        instance=3,
        width=width,
        height=height,
        alternative="https://zoom.us/x?a=1&b=2",
        kinds=("webinar", "registration"),
    )
    page = notice.placeholder(
        rendering, "en", plugin, asked.services["zoom"], first=True, host="zoom.us", releasable=True
    ).decode("ascii")
    assert f'data-size="{size}"' in page
    for part in ("Zoom Communications, Inc.", "United States", "IP address", "Webinars", "Load Zoom", "Always load Zoom", 'aria-label="Zoom: webinar"',
                 'name="instance" value="3"', 'href="https://zoom.us/x?a=1&amp;b=2" rel="noopener noreferrer"'):  # fmt: skip
        assert part in page
    assert page.startswith("<span") and page.endswith("</span>")
    assert "<div" not in page and "<p" not in page.replace("<popover", "")


def test_a_post_can_be_read_before_it_is_loaded(rendering: Rendering, asked: Offer) -> None:
    post = replace(REGISTRATION, text="Ten < eleven, says @someone")

    def page(plugin: Plugin) -> str:
        return notice.placeholder(
            rendering, "en", plugin, asked.services["zoom"], first=False, host="", releasable=True
        ).decode("ascii")

    assert "Ten &lt; eleven, says @someone" in page(post)
    assert "Ten" not in page(replace(post, height="28px")), "a line has no room for it"


def test_what_cannot_be_released_has_no_button(rendering: Rendering, asked: Offer) -> None:
    page = notice.placeholder(
        rendering, "en", REGISTRATION, asked.services["zoom"], first=False, host="", releasable=False
    )
    assert b'data-privacy="activate"' not in page and b"stylesheet" not in page


def test_templates_of_ones_own_replace_single_ones(tmp_path: Path, asked: Offer) -> None:
    (tmp_path / "settings.html").write_text(
        '<a data-privacy="settings" href="{{ prefix }}/preferences">Mine</a>'
    )
    own = Rendering(templates_folder(), ("en",), own=tmp_path, prefix="/.privacy")
    own.add_static("notice.css")
    assert (
        own.inserted("settings.html", "en")
        == b'<a data-privacy="settings" href="/.privacy/preferences">Mine</a>'
    )
    assert "Example AG" in html(own, asked)
