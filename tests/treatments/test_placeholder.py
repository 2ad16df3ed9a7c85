"""Placeholders: where one stands, with which link, and which of several is loaded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.page.charset import Encoding
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.page.view import Plugin, View
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site


class Page:
    def __init__(self, catalogue: Catalogue) -> None:
        self.plugins: list[Plugin] = []
        self._rewriter = Rewriter(catalogue, Recogniser(Site(), catalogue, ()).on("www.example.com"))
        self.view = View(
            url="https://www.example.com/page?a=1",
            prefix="/.privacy",
            loads=lambda service: False,
            once=frozenset(),
            placeholder=self._note,
            forms=lambda services: b"",
            mounts=lambda service: catalogue.services[service].mounts,
            network=catalogue.network,
            click_ids=catalogue.click_ids,
        )

    def _note(self, plugin: Plugin, *, first: bool) -> bytes:
        self.plugins.append(plugin)
        return b"[%d]" % plugin.instance

    def held(self, html: str, **view: object) -> str:
        self.plugins.clear()
        shown = replace(self.view, **view)  # type: ignore[arg-type]
        return self._rewriter.page(html.encode(), encoding=Encoding("utf-8"), view=shown).body.decode()


@pytest.fixture
def page(catalogue: Catalogue) -> Page:
    return Page(catalogue)


FRAME = '<body><iframe src="https://www.youtube.com/embed/abcdefghijk"{}></iframe>'


@pytest.mark.parametrize(
    "attributes",
    [
        ' width="1" height="1"',
        ' height="0"',
        ' style="display:none"',
        ' style="visibility : hidden"',
        " hidden",
    ],
)
def test_what_is_not_seen_leaves_nothing(page: Page, attributes: str) -> None:
    html = page.held(FRAME.format(attributes))
    assert page.plugins == [] and "youtube.com" not in html


def test_the_original_is_kept_byte_for_byte(page: Page) -> None:
    frame = "<IFRAME  src='//www.youtube.com/embed/abcdefghijk'\nallow=\"x\">old browser</IFRAME >"
    page.held(f"<body>{frame}<p>")
    assert page.plugins[0].original == frame.encode()


@pytest.mark.parametrize(
    "html",
    [
        "<head><script type='IN/Share'></script></head><body>",
        "<body><noscript><iframe src=https://www.youtube.com/embed/abcdefghijk></iframe></noscript>",
        "<body><template><iframe src=https://www.youtube.com/embed/abcdefghijk></iframe></template>",
    ],
)
def test_where_no_placeholder_may_stand_the_plug_in_is_only_inert(page: Page, html: str) -> None:
    result = page.held(html)
    assert page.plugins == [] and "youtube.com" not in result


POST = '<iframe class="mastodon-embed" src="https://social.example.net/@a/1/embed"{}></iframe>'


def test_a_frame_known_by_its_looks_is_replaced_or_inert_as_any_other(page: Page) -> None:
    assert page.held("<body>" + POST.format("")) == "<body>[1]"
    assert page.plugins[0].alternative == "https://social.example.net/@a/1"
    for hidden in (POST.format(" hidden"), f"<noscript>{POST.format('')}</noscript>"):
        assert "social.example.net" not in page.held(f"<body>{hidden}") and page.plugins == []


def test_instances_are_numbered_through_the_page_whether_held_or_not(page: Page) -> None:
    html = "<body>" + FRAME.format("")[6:] + "<script type='IN/Share'></script>" + FRAME.format("")[6:]
    assert page.held(html).count("[") == 3
    assert [plugin.instance for plugin in page.plugins] == [1, 2, 3]
    assert page.held(html, loads=lambda service: service == "linkedin").count("[") == 2
    assert [plugin.instance for plugin in page.plugins] == [1, 3]


def test_one_instance_loads_with_its_loader_and_the_others_stay(page: Page) -> None:
    html = "<body><script src=//platform.linkedin.com/in.js>lang: de_DE</script><script type=IN/Share></script><script type=IN/Share data-url=x></script>"
    result = page.held(html, once=frozenset({("linkedin", 2)}))
    assert (
        "<script src=//platform.linkedin.com/in.js>lang: de_DE</script>[1]<script type=IN/Share data-url=x>"
        in result
    )


def test_a_once_for_another_service_loads_nothing(page: Page) -> None:
    assert page.held(FRAME.format(""), once=frozenset({("zoom", 1)})) == "<body>[1]"


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ("<script type=IN/FollowCompany data-id=1337></script>", "https://www.linkedin.com/company/1337"),
        ("<script type=IN/MemberProfile data-id='javascript:alert(1)'></script>", ""),
        ("<iframe src=//zoom.us/webinar/register/WN_x></iframe>", "https://zoom.us/webinar/register/WN_x"),
        ("<iframe src=https://www.linkedin.com/embed/feed/update/urn:li:share:7></iframe>", "https://www.linkedin.com/feed/update/urn:li:share:7/"),
        ("<blockquote class=twitter-tweet><a href=//t.co/1>x</a><a href='https://x.com/a/status/7'>y</a></blockquote><script src=//platform.x.com/widgets.js></script>", "https://x.com/i/status/7"),
        ("<iframe src='https://www.youtube.com/embed/videoseries?list=x'></iframe>", None),
        ("<iframe src='https://www.google.de/maps?q=Bonn&output=embed'></iframe>", "https://www.google.com/maps/search/?api=1&query=Bonn"),
    ],
)  # fmt: skip
def test_the_link_beside_it_is_plain_and_harmless(page: Page, html: str, link: str | None) -> None:
    page.held(f"<body>{html}")
    if link is None:
        assert "javascript" not in page.plugins[0].alternative
    else:
        assert page.plugins[0].alternative == link


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ('<script type="IN/Share"></script>', "share"),
        ('<script type="IN/FollowCompany" data-id="1"></script>', "follow"),
        ('<iframe src="https://www.linkedin.com/embed/feed/update/urn:li:share:1"></iframe>', "post"),
        ('<iframe src="https://us02web.zoom.us/webinar/register/WN_1"></iframe>', "webinar"),
    ],
)
def test_what_it_is_can_be_told_from_others_of_the_same_network(page: Page, html: str, kind: str) -> None:
    page.held(f"<body>{html}")
    assert [plugin.kinds[0] for plugin in page.plugins] == [kind]
