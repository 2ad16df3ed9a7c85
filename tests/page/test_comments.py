"""Conditional comments are markup to old browsers, where they are comments at all."""

from __future__ import annotations

import pytest

from consent_gateway.page.comments import conditional_tags
from consent_gateway.page.reading import read


def names(html: str) -> list[str]:
    data = html.encode()
    found = list(conditional_tags(data, read(data)))
    assert all(data[tag.start : tag.start + 1] == b"<" and tag.doubtful for tag in found)
    return [tag.name.decode() for tag in found]


def test_the_tags_in_them_are_found_where_they_stand() -> None:
    assert names("<p>x<!--[if lt IE 9]><script>a()</script><img src=b><![endif]-->") == ["script", "img"]
    data = b"<!--[IF IE]><script>a()</script><![endif]-->"
    (tag,) = conditional_tags(data, read(data))
    assert data[tag.end : tag.body_end] == b"a()"


@pytest.mark.parametrize(
    "html",
    [
        "<!-- <img src=a> -->",
        "<!--[if !IE]><!--><img src=a><!--<![endif]-->",
        "<script>'<!--[if IE]><img src=a><![endif]-->'</script>",
        "<img alt='<!--[if IE]><img src=a><![endif]-->'>",
        "<p title='<!--[if IE]><img src=a><![endif]-->'>",
        "<!--[if IE]><img src=a>",
    ],
)
def test_nothing_is_found_where_there_is_no_such_comment(html: str) -> None:
    assert names(html) == []
