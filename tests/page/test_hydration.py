"""Pages whose code compares what the server has rendered get nothing into what they compare."""

from __future__ import annotations

import pytest

from consent_gateway.page.hydration import expected


@pytest.mark.parametrize(
    "html",
    [
        b'<script id="__NEXT_DATA__" type="application/json">{}</script>',
        b"<script>self.__next_f.push([1])</script>",
        b'<div id="__next"></div>',
        b"<div id=___gatsby></div>",
        b"<script>window.__NUXT__={}</script>",
        b'<div id="app" data-server-rendered="true"></div>',
        b'<app-root ng-server-context="ssr"></app-root>',
        b"<script>__sveltekit_1abc = {}</script>",
        b"<script>ReactDOM.hydrateRoot(root, app)</script>",
        b'<div data-reactroot=""></div>',
    ],
)
def test_frameworks_are_known_by_what_they_leave_in_a_page(html: bytes) -> None:
    assert expected(html)


def test_a_page_of_plain_markup_shows_no_signs_of_it() -> None:
    assert not expected(b'<div id="root"></div><p>Hydrangeas, dehydrated</p><script>let next = 1</script>')
