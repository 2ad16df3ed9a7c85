"""Hostile documents in a real browser: what was fetched from them is fetched no more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from playwright.sync_api import Browser, Frame, Page, Route

from consent_gateway.catalogue import Catalogue, Known
from consent_gateway.page.charset import Encoding
from consent_gateway.page.elements import Recognition
from consent_gateway.page.positions import Carrier
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.urls import Address
from tests.loopback import Server, serving
from tests.page.test_rewriting import VIEW

pytestmark = pytest.mark.browser

FILE = Path(__file__).parent.parent / "page" / "adversarial.json"
DOCUMENTS: dict[str, str] = json.loads(FILE.read_text("utf-8"))
del DOCUMENTS["script-in-string"]  # written by a script: what the guard is for
DOCUMENTS |= {
    "svg-cdata-scanned-ahead": "<!doctype html><svg><![CDATA[ > <img src=//t.co/1> ]]></svg>",
    "srcdoc": "<!doctype html><iframe srcdoc='<img src=//t.co/1>'></iframe>",
    "srcdoc-unquoted": "<!doctype html><iframe srcdoc=&lt;img&#32;src=//t.co/1&gt;></iframe>",
    "srcdoc-in-srcdoc": (
        "<!doctype html><iframe srcdoc='<iframe srcdoc=\"&lt;img src=//t.co/1&gt;\"></iframe>'></iframe>"
    ),
    "data-frame": '<!doctype html><iframe src="data:text/html,<img src=http://t.co/1>"></iframe>',
    "data-frame-in-references": (
        '<!doctype html><iframe src="d&#97;t&#9;a&colon;text/html,<img src=http://t.co/1>"></iframe>'
    ),
    "data-object": (
        '<!doctype html><object data="data:text/html;base64,PGltZyBzcmM9aHR0cDovL3QuY28vMT4="></object>'
    ),
}
AT_ONCE = 30


def of_address(address: Address, carrier: Carrier) -> Known | None:
    return Known("Tracker", "marketing") if address.host == "t.co" else None


def documents_url(request: web.Request) -> str:
    return f"http://{request.host}{request.path}"


@pytest.fixture(scope="module")
def documents(catalogue: Catalogue) -> Iterator[Server]:
    """Each document under /direct/NAME as it is and under /held/NAME rewritten."""
    recognition = Recognition(of_address=of_address, of_code=lambda code: [])
    rewriter = Rewriter(catalogue, recognition)

    async def answer(request: web.Request) -> web.StreamResponse:
        _, how, name = request.path.split("/", 2)
        if name.isdigit():
            return web.Response(text=framing(how, int(name)), content_type="text/html")
        data = DOCUMENTS.get(name, "").encode("utf-8", "surrogatepass")
        if how == "held":
            view = replace(VIEW, url=documents_url(request))
            data = rewriter.page(data, encoding=Encoding("utf-8"), view=view).body
        return web.Response(body=data, content_type="text/html", charset="utf-8")

    with serving(answer) as server:
        yield server


def framing(how: str, first: int) -> str:
    """A page with the next documents in frames: a browser loads them at once."""
    names = list(DOCUMENTS)[first : first + AT_ONCE]
    return "<!doctype html>" + "".join(
        f'<iframe name="{name}" src="/{how}/{name}"></iframe>' for name in names
    )


def document_of(frame: Frame) -> str:
    """The name of the document that a frame shows, or stands in."""
    while frame.parent_frame and frame.parent_frame.parent_frame:
        frame = frame.parent_frame
    return frame.name


def fetched(page: Page, documents: Server, how: str) -> dict[str, set[str]]:
    """What each document made the browser fetch from the tracker, by the browser's own account."""
    result: dict[str, set[str]] = {}

    def answer(route: Route) -> None:
        result.setdefault(document_of(route.request.frame), set()).add(route.request.url)
        route.fulfill(status=204)

    page.route(re.compile(r"^https?://t\.co"), answer)
    for first in range(0, len(DOCUMENTS), AT_ONCE):
        page.goto(f"{documents.address}/{how}/{first}", wait_until="load")
    page.unroute_all()
    assert {f"/{how}/{name}" for name in DOCUMENTS} <= {seen.path for seen in documents.requests}
    return result


@pytest.mark.parametrize("javascript", [True, False])
def test_a_browser_fetches_nothing_held_from_any_hostile_document(
    browser: Browser, documents: Server, javascript: bool
) -> None:
    with browser.new_context(java_script_enabled=javascript) as context:
        assert fetched(context.new_page(), documents, "held") == {}


def test_the_documents_are_hostile_where_nothing_stands_before_them(
    browser: Browser, documents: Server
) -> None:
    with browser.new_context() as context:
        direct = fetched(context.new_page(), documents, "direct")
    assert sum(map(len, direct.values())) > 100


def test_names_of_documents_fit_into_a_path() -> None:
    assert all(re.fullmatch(r"[\w.-]+", name) for name in DOCUMENTS)
