"""All that comes along with a layer has to be in static/, wherever in the page it stands."""

from __future__ import annotations

import pytest

from consent_gateway.fairness import brought
from consent_gateway.fairness.document import Document
from tests.fairness.conftest import Judge, built_in


def faults(html: str) -> list[str]:
    return list(brought.faults(tuple(Document(html).root.iter()), "/.privacy"))


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<style>p { color: red }</style>", "<style> brings style of its own"),
        ('<p style="color: red"></p>', "<p> brings style of its own"),
        ('<p onclick="go()"></p>', "<p> brings code of its own"),
        ('<a href=" java&#10;script:go()">x</a>', "<a> brings code of its own"),
        ("<script>go()</script>", "code that is not in static/"),
        ('<iframe srcdoc="x"></iframe>', "<iframe> brings code of its own"),
        ('<meta http-equiv=" Refresh" content="0; url=/">', "leads visitors away"),
        ('<link rel="stylesheet" href="https://cdn.example/.privacy/static/a.css">', "https://cdn.example/.privacy/static/a.css, which is not in static/"),
        ('<link rel="stylesheet" href="/theme/static/a.css">', "/theme/static/a.css, which is not"),
        ('<link rel="stylesheet" href="/.privacy/static/../../a.css">', "which is not in static/"),
        ('<script src="//cdn.example/a.js"></script>', "<script> brings //cdn.example/a.js"),
        ('<img src="/logo.png">', "<img> brings /logo.png"),
        ('<img srcset="/.privacy/static/a.png 1x, /b.png 2x">', "<img> brings /b.png"),
        ('<iframe src="https://ads.example/"></iframe>', "<iframe> brings https://ads.example/"),
        ('<svg><image href="https://ads.example/a.svg"/></svg>', "<image> brings https://ads.example/a.svg"),
        ('<base href="https://ads.example/">', "<base> brings https://ads.example/"),
        ('<iframe src="data:image/svg+xml,x"></iframe>', "<iframe> brings data:"),
    ],
)  # fmt: skip
def test_what_comes_from_elsewhere_is_refused(html: str, reason: str) -> None:
    """BAN-02, PLH-01"""
    assert any(reason in fault for fault in faults(html)), faults(html)


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="stylesheet" href="/.privacy/static/notice.0123456789.css"><script src="/.privacy/static/tabs.0.js"></script>',
        '<img src="data:image/png;base64,xx"><svg><use href="#a"/></svg>',
        '<a href="https://www.example.com/">a link</a>',
    ],
)
def test_what_is_in_static_or_in_the_page_is_the_operators_affair(html: str) -> None:
    assert faults(html) == []


@pytest.mark.parametrize("name", ["_page.html", "settings.html", "undo.html", "said.html", "error.html"])
def test_every_template_is_held_to_it(name: str, judge: Judge) -> None:
    """PLH-01"""
    source = built_in(name)
    before, middle, after = source.rpartition("{% endblock %}" if name == "error.html" else "</")
    own = {name: f'{before}<img src="https://ads.example/p" alt="" />{middle}{after}'}
    found = judge(own)
    assert any("<img> brings https://ads.example/p" in fault for fault in found), found
