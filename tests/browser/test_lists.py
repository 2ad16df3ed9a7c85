"""In the browser the lists come to the verdicts that they come to in the gateway."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser

from consent_gateway.lists.kinds import NAMES
from consent_gateway.lists.matching import Fetch, Lists
from consent_gateway.lists.reading import read
from consent_gateway.lists.table import FEWEST, table
from consent_gateway.rendering import Rendering, script_json, templates_folder
from consent_gateway.urls import resolve
from tests.browser.conftest import OpenSite
from tests.lists.test_matching import LIST, PAGE, TABLE, WAYS

pytestmark = pytest.mark.browser

KINDS = ("script", "image", "ping", "xmlhttprequest", "subdocument", "websocket")
MANY = "".join(f"||many{number}.example.com^\n" for number in range(FEWEST + 10))
MORE = (
    LIST
    + MANY
    + "||three.example.com^$third-party\n@@||three.example.com/good/$image\n/a.b+c$script\n-ad^$domain=~www.example.org\n"
    "|https://start.example.net/|\n/x(\\d+)\\.gif$/$image\n@@||generic.example.com^$genericblock\n"
)
HOSTS = sorted(
    {
        line.strip("@|").partition("^")[0].lower()
        for line in MORE.splitlines()
        if line.lstrip("@").startswith("||")
    }
)
ADDRESSES = [
    *(way.format(host) for way, host in product(WAYS, HOSTS)),
    *(url for url, _, _ in TABLE),
    "https://cdn.test/a.b+c", "https://cdn.test/-ad", "https://cdn.test/-ad-", "https://start.example.net/",
    "https://cdn.test/x12.gif", "https://user:word@ADS.example.com./%41?#x", "wss://ads.example.com/s",
    "https://many1.example.com.test/", "https://ads.example.com:8443/", "http://static.example.org/collect?tid=",
]  # fmt: skip


def verdicts(browser: Browser, script: str, page_host: str) -> dict[str, list[bool]]:
    html = '<!doctype html><script data-privacy="lists" src="/lists.js"></script>'
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/*", lambda route: route.fulfill(body=script if route.request.url.endswith(".js") else html,
                                                       content_type="text/html"))  # fmt: skip
        page.goto(f"http://{page_host}/")
        found: dict[str, list[bool]] = page.evaluate(
            """([addresses, kinds]) => {
                const {holds} = document.querySelector("script");
                const judged = (address) => [...kinds, undefined].map((kind) => holds(new URL(address), kind));
                return Object.fromEntries(addresses.map((address) => [address, judged(address)]));
            }""",
            [ADDRESSES, list(KINDS)],
        )
    return found


@pytest.mark.parametrize("page_host", [PAGE, "generic.example.com"])
def test_page_and_browser_judge_alike(browser: Browser, page_host: str) -> None:
    lists = Lists([read(MORE, "own.txt")])
    compact = table(lists, websites=["example.org"], stand_ins=False)
    rendering = Rendering(templates_folder(), ("en",), prefix="/.privacy")
    script = rendering.add_static("lists.js", {"__LISTS__": script_json(compact)}).content.decode()
    page = lists.page(page_host)

    def ours(address: str) -> list[bool]:
        found = resolve(address, "https://www.example.org/")
        assert found
        own = (page_host, "example.org")
        foreign = not any(found.host == name or found.host.endswith(f".{name}") for name in own)
        fetch = Fetch(found.url, found.host, foreign, page)
        return [
            bool(lists.held_by(fetch, kinds))
            for kinds in (*(NAMES[kind] for kind in KINDS), compact["unknown"])
        ]

    expected = {address: ours(address) for address in ADDRESSES}
    assert verdicts(browser, script, page_host) == expected
    held = [found[0] for found in expected.values()]
    assert 2 < sum(held) < len(held) - 10


RUN_TIME: list[Any] = [
    "document.body.appendChild(Object.assign(document.createElement('script'), {src: URL}))",
    "new Image().src = URL",
    "document.body.insertAdjacentHTML('beforeend', `<img src='${URL}'>`)",
    "fetch(URL).catch(() => {})",
    "navigator.sendBeacon(URL)",
    "new Worker(self.URL.createObjectURL(new Blob([`fetch('${URL}', {mode: 'no-cors'}).catch(() => {})`])))",
    "new Worker(`data:text/javascript,fetch('${URL}', {mode: 'no-cors'}).catch(() => {})`)",
]


def test_what_code_fetches_from_a_listed_host_is_held_and_what_an_exception_is_for_loads(
    visit: OpenSite,
) -> None:
    site = visit(
        '[third_parties]\nlists = ["own.txt"]\n',
        files={"own.txt": "||listed.example^\n@@||listed.example/good$image\n"},
    )
    site.open("/plain.html")
    for code in RUN_TIME:
        site.page.evaluate(f"(URL) => {{ {code} }}", "https://listed.example/bad")
    site.settle()
    assert site.third_parties() == set()
    site.page.evaluate(
        "() => { new Image().src = 'https://listed.example/good'; new Image().src = 'https://free.example/' }"
    )
    site.settle()
    assert site.third_parties() == {"listed.example", "free.example"}
    assert site.console == []


def test_without_the_script_of_the_lists_nothing_foreign_is_fetched_by_code(visit: OpenSite) -> None:
    site = visit('[third_parties]\nlists = ["own.txt"]\n', files={"own.txt": "||listed.example^\n"})
    site.page.route("**/lists.*.js", lambda route: route.fulfill(body=""))
    site.open("/plain.html")
    site.page.evaluate("() => { new Image().src = 'https://free.example/'; new Image().src = '/own.gif' }")
    site.settle()
    assert site.third_parties() == set()
