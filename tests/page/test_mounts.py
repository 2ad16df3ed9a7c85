"""Plug-ins that are elements of the page: found where they stand, as far as they reach."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Mount, Selector
from consent_gateway.page.mounts import Mounts

PLUGIN = Mount(id="plug-in", size=(0, 0))


def mounts(*selectors: str) -> Mounts:
    return Mounts([(Selector.parse(text), "service", PLUGIN) for text in selectors])


def found(selector: str, html: str) -> list[str]:
    data = html.encode()
    return [
        data[one.tag.start : one.end].decode() if one.end is not None else "no end"
        for one in mounts(selector).find(data)
    ]


@pytest.mark.parametrize(
    ("selector", "html", "plugin"),
    [
        (".fb-like", '<p><div class="x fb-like" data-a=1></div></p>', '<div class="x fb-like" data-a=1></div>'),
        (".fb-like", "<DIV class=fb-like><div>a</div>b</DIV>c", "<DIV class=fb-like><div>a</div>b</DIV>"),
        (".t", "<blockquote class='t'><p>1<br>2</blockquote>", "<blockquote class='t'><p>1<br>2</blockquote>"),
        ('[class*="app-"]', '<div class="a app-17"></div>', '<div class="a app-17"></div>'),
        ("fb:like", "a<fb:like href=x></fb:like>b", "<fb:like href=x></fb:like>"),
        ("#thread", '<div id="thread"><script>"</div>"</script></div>', '<div id="thread"><script>"</div>"</script></div>'),
        ('[id^="tab-"]', '<div id="tab-1"></div>', '<div id="tab-1"></div>'),
        ("[data-pin-do]", '<a data-pin-do="embedPin" href="/x">y</a>', '<a data-pin-do="embedPin" href="/x">y</a>'),
        (".t", "<div class=t><!-- </div> --></div>", "<div class=t><!-- </div> --></div>"),
    ],
)  # fmt: skip
def test_a_plug_in_reaches_to_its_own_end_tag(selector: str, html: str, plugin: str) -> None:
    assert found(selector, html) == [plugin]


@pytest.mark.parametrize(
    "html",
    ["<div class=t>never closed", "<div class=t><template></div></template>", "<div class=t><table></div>"],
)
def test_one_whose_end_is_not_to_be_told_has_none(html: str) -> None:
    assert found(".t", html) == ["no end"]


@pytest.mark.parametrize(
    "html",
    [
        "<!-- <div class=t></div> -->",
        "<textarea><div class=t></div></textarea>",
        "<script>'<div class=t></div>'</script>",
        "<svg><g class=t></g></svg>",
        "<div title='class=t'></div>",
        "<div class=tt></div>",
    ],
)
def test_what_is_no_element_or_another_is_left(html: str) -> None:
    assert found(".t", html) == []


def test_elements_that_every_reading_lists_are_found_by_their_tag() -> None:
    assert list(mounts('script[type^="in/"]').find(b'<script type="in/share"></script>')) == []


def test_a_selector_that_only_a_reading_of_every_attribute_could_find_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a class, an id"):
        mounts("[title]")


def test_of_names_that_begin_alike_each_is_found_and_the_first_selector_that_fits_counts() -> None:
    likes = [Mount(id=name, size=(0, 0)) for name in ("box", "any", "like")]
    texts = ("fb:like-box", "[data-fb]", "fb:like")
    found = Mounts(
        [(Selector.parse(text), "service", mount) for text, mount in zip(texts, likes, strict=True)]
    )
    html = b"<fb:like-box></fb:like-box><fb:like data-fb></fb:like><fb:like></fb:like>"
    assert [one.mount.id for one in found.find(html)] == ["box", "any", "like"]


def test_a_selector_for_an_element_that_is_no_plug_in_is_refused() -> None:
    with pytest.raises(ValueError, match="no plug-in is looked for"):
        mounts("img.badge")


def test_many_plug_ins_that_are_never_closed_take_time_in_proportion() -> None:
    assert found(".t", "<div class=t>" * 20_000) == ["no end"] * 20_000
