"""Every visible plug-in of the catalogue has a placeholder that says what PLH asks for."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
import turbohtml

from consent_gateway import catalogue as catalogue_module
from consent_gateway.catalogue import Catalogue, Treatment
from consent_gateway.gateway import Gateway
from consent_gateway.locales import country_in
from consent_gateway.rendering import Rendering, templates_folder
from tests.asking import Asking, consented
from tests.conftest import MakeGateway
from tests.services_pages import SERVICES

EVERY = catalogue_module.load().services
VISIBLE = [id for id, one in EVERY.items() if one.treatment is Treatment.PLACEHOLDER]
_GATEWAYS: dict[str, Gateway] = {}


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Gateway:
    """One for all services: to read the catalogue's rules takes longer than to rewrite a page."""
    if not _GATEWAYS:
        _GATEWAYS["bare"] = make_gateway()
    return _GATEWAYS["bare"]


def source(id: str) -> str:
    """A page with every plug-in of a service, in English."""
    return re.sub(
        r"(<html[^>]* lang=)[\"']?\w+[\"']?", r"\1en", (SERVICES / id / "page.html").read_text("utf-8")
    )


def value(element: turbohtml.Element, name: str) -> str:
    """An attribute as it is written; empty where there is none."""
    found = element.attrs.get(name) or ""
    return found if isinstance(found, str) else " ".join(found)


def elements(tree: turbohtml.Node) -> list[turbohtml.Element]:
    return [node for node in tree.descendants if isinstance(node, turbohtml.Element)]


def marked(tree: turbohtml.Node, mark: str) -> list[turbohtml.Element]:
    return [element for element in elements(tree) if element.attrs.get("data-privacy") == mark]


@pytest.mark.parametrize("id", VISIBLE)
def test_a_placeholder_says_what_happens_and_can_be_operated(
    gateway: Gateway, catalogue: Catalogue, now: datetime, id: str
) -> None:
    """PLH-03, PLH-04, PLH-05, PLH-07, A11Y-03, A11Y-08"""
    body = Asking(gateway, now).page(source(id), "/page").body.decode()
    service = catalogue.services[id]
    wording = Rendering(templates_folder(), ("en",), prefix="/.privacy").wording("en")
    found = marked(turbohtml.parse(body), "placeholder")
    assert found
    for placeholder in found:
        assert placeholder.attrs["role"] == "group" and service.name in value(placeholder, "aria-label")
        assert placeholder.attrs["lang"] == "en"
        text = " ".join(placeholder.text.split())
        says = [service.controller.name, country_in(service.controller.country, "en")]
        says += [wording["data"][item] for item in service.data]
        says += [wording["purposes"][service.purposes[0]]["name"], wording["settings"]["link"]]
        if service.transfer:
            says += [country_in(code, "en") for code in service.transfer.countries] + ["standard contractual"]
        assert [one for one in says if one not in text] == []
        inside = elements(placeholder)
        links = [element for element in inside if element.tag == "a"]
        assert service.controller.privacy_policy in [value(link, "href") for link in links]
        assert all(value(link, "rel") == "noopener noreferrer" for link in links)
        assert all(value(link, "href").startswith(("https://", "http://")) for link in links)
        (activate,) = marked(placeholder, "activate")
        assert activate.tag == "button" and activate.attrs["form"] == f"privacy-activate-{id}"
        assert "aria-label" not in activate.attrs and service.name in activate.text
        (always,) = (one for one in inside if one.attrs.get("name") == "remember")
        assert always.attrs["type"] == "checkbox" and "checked" not in always.attrs
        handlers = [name for one in inside for name in one.attrs if name.startswith("on")]
        assert handlers == [] and not any("tabindex" in one.attrs for one in inside)


@pytest.mark.parametrize("id", VISIBLE)
def test_what_is_released_stands_as_the_site_wrote_it_and_can_be_switched_off(
    gateway: Gateway, now: datetime, id: str
) -> None:
    """PLH-05"""
    asking = Asking(gateway, now)
    asking.page(source(id), "/page")
    asking.cookie = consented(gateway, now, service=[id])
    body = asking.page(source(id), "/page").body.decode()
    tree = turbohtml.parse(body)
    assert marked(tree, "placeholder") == []
    undo = marked(tree, "undo")
    assert undo and all(one.attrs["data-service"] == id for one in undo)
    (form,) = (one for one in elements(tree) if one.attrs.get("id") == f"privacy-activate-{id}")
    assert form.attrs["method"] == "post" and form.attrs["action"] == "/.privacy/activate"


BAR = "<body><div class=a2a_kit><a class=a2a_button_{}></a></div><script src=https://static.addtoany.com/menu/page.js></script>"
SHARING = [
    pytest.param(source(id), "", id=id) for id in VISIBLE if any(one.share for one in EVERY[id].mounts)
]
SHARING += [
    pytest.param(BAR.format((*one.share.names, id)[0]), one.name, id=f"{id} in a bar")
    for id, one in EVERY.items()
    if one.share
]


@pytest.mark.parametrize(("html", "network"), SHARING)
def test_what_shares_is_a_plain_link_with_words_and_leaves_the_site_visibly(
    gateway: Gateway, now: datetime, html: str, network: str
) -> None:
    """PLH-07"""
    body = Asking(gateway, now).page(html, "/page").body.decode()
    links = marked(turbohtml.parse(body), "share")
    assert links
    for link in links:
        assert value(link, "target") == "_blank" and value(link, "rel") == "noopener noreferrer"
        assert link.text.startswith("Share on ") and "↗" in link.text
        assert value(link, "title").startswith("Opens ")
    if network:
        assert [link.text.strip(" \xa0↗") for link in links] == [f"Share on {network}"]


def test_no_shared_link_tells_whose_click_has_led_to_the_page(gateway: Gateway, now: datetime) -> None:
    """PLH-07"""
    asking = Asking(gateway, now, cookie=consented(gateway, now, purpose=["marketing"]))
    body = asking.page("<body><script type=IN/Share></script>", "/page?gclid=x&a=1").body.decode()
    (link,) = marked(turbohtml.parse(body), "share")
    assert value(link, "href").endswith("?url=https%3A%2F%2Fwww.example.com%2Fpage%3Fa%3D1")


LINKEDIN = {
    "share", "follow-company", "member-profile", "full-member-profile", "company-profile", "company-insider",
    "jobs", "recommend-product", "alumni", "login", "apply", "apply-widget", "recruiter", "profile-badge", "post",
}  # fmt: skip


def test_every_kind_of_linkedins_plug_ins_has_an_entry(catalogue: Catalogue) -> None:
    """PLH-06"""
    assert {mount.id for mount in catalogue.services["linkedin"].mounts} >= LINKEDIN


def test_linkedins_advertising_is_another_purpose_and_stays_out_when_its_plug_ins_are_released(
    gateway: Gateway, catalogue: Catalogue, now: datetime
) -> None:
    """PLH-06"""
    assert catalogue.services["linkedin"].purposes == ("social_media",)
    assert catalogue.services["linkedin-insight"].purposes == ("marketing",)
    html = source("linkedin") + source("linkedin-insight")
    cookie = consented(gateway, now, purpose=["social_media"])
    tree = turbohtml.parse(Asking(gateway, now, cookie=cookie).page(html, "/page").body.decode())
    sources = [value(one, "src") for one in elements(tree)]
    assert any("platform.linkedin.com" in address for address in sources)
    assert not any("snap.licdn.com" in address or "ads.linkedin.com" in address for address in sources)


@pytest.mark.parametrize(
    "address",
    [
        "https://us02web.zoom.us/webinar/register/WN_abc",
        "https://example.zoom.us/meeting/register/tJabc",
        "https://app.zoom.us/wc/123/join",
        "https://zoom.us/wc/join/123",
        "https://events.zoom.us/ev/abc",
        "https://scheduler.zoom.us/a/b?embed=true",
        "https://zoom.us/rec/play/abc",
    ],
)
def test_beside_a_placeholder_of_zoom_stands_the_plain_link_to_the_same(
    gateway: Gateway, now: datetime, address: str
) -> None:
    """PLH-07"""
    html = f'<body><iframe src="{address}" width="600" height="600"></iframe>'
    (placeholder,) = marked(turbohtml.parse(Asking(gateway, now).page(html).body.decode()), "placeholder")
    assert address in [value(one, "href") for one in elements(placeholder)]


def test_an_unknown_frame_does_not_load_where_the_unlisted_is_held(
    make_gateway: MakeGateway, now: datetime
) -> None:
    """PLH-02"""
    asking = Asking(make_gateway('[third_parties]\nunlisted = "hold"\n'), now)
    body = asking.page(
        '<body><iframe src="https://q7x.example.org/w"></iframe><img src="https://q7x.example.org/i">'
    ).body
    fetched = [
        value(one, "src") for one in elements(turbohtml.parse(body.decode())) if one.tag in ("iframe", "img")
    ]
    assert not any("q7x" in address for address in fetched)


def test_in_a_page_that_code_takes_over_nothing_stands_beside_a_loaded_plug_in(
    gateway: Gateway, now: datetime
) -> None:
    """PLH-05"""
    inner = '<main id="__next"><iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe></main>'
    cookie = consented(gateway, now, service=["youtube"])
    body = Asking(gateway, now, cookie=cookie).page(f"<body>{inner}</body>").body.decode()
    assert inner in body
    assert body.index(inner) < body.index('data-privacy="undo"') < body.index('data-privacy="settings"')


def test_of_a_row_of_buttons_only_the_first_has_what_switches_them_off(
    gateway: Gateway, now: datetime
) -> None:
    """PLH-05"""
    row = (
        '<script src="https://platform.linkedin.com/in.js"></script>'
        + '<script type="IN/Share"></script>' * 3
    )
    cookie = consented(gateway, now, service=["linkedin"])
    body = Asking(gateway, now, cookie=cookie).page(f"<body>{row}").body.decode()
    assert body.count('data-privacy="undo"') == 1


def test_a_page_without_plug_ins_gets_none_of_it(gateway: Gateway, now: datetime) -> None:
    cookie = consented(gateway, now, service=["youtube"], purpose=["social_media"])
    assert b"undo" not in Asking(gateway, now, cookie=cookie).page("<body><p>x").body
