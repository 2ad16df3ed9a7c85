"""What the guard script makes of Google's measurement where no script of Google's takes part."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.google import STOOD_IN
from tests.browser.google.visitor import Running, Visitor, measured, visiting
from tests.loopback import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with measured(STOOD_IN, tmp_path_factory.mktemp("state")) as found:
        yield found


@pytest.fixture
def visitor(browser: Browser, internet: Server, running: Running) -> Iterator[Visitor]:
    with visiting(browser, internet, running) as found:
        yield found


HIT = "v=2&tid=G-STANDIN1&cid=1.2&en=page_view"
EVERY_WAY = """
async ([addresses]) => {
  for (const [at, address] of addresses.entries()) {
    const image = new Image();
    const request = new XMLHttpRequest();
    request.open("POST", address + "&way=xhr"), request.send();
    image.src = address + "&way=image";
    document.body.appendChild(document.createElement("p")).innerHTML = `<img src="${address.replace(/&/g, "&amp;")}&amp;way=markup">`;
    await fetch(address + "&way=text", {method: "POST", mode: "no-cors"});
    await fetch(new URL(address + "&way=url", location), {mode: "no-cors"});
    await fetch(new Request(address + "&way=request", {method: "POST", body: "en=x", mode: "no-cors"}));
    if (!navigator.sendBeacon(address + "&way=beacon", "en=y")) throw new Error("refused");
    if (!address.startsWith("https:")) continue; // what is the site's own the gateway takes itself
    new Image().srcset = address + "&way=never 1x";
    document.body.style.backgroundImage = `url(${address}&way=never)`;
    new EventSource(new URL(address + "&way=never", location));
  }
  const frame = document.createElement("iframe");
  frame.src = "https://sgtm.other.example/_/service_worker/63b0/sw_iframe.html?origin=x";
  document.body.append(frame);
  const refused = await navigator.serviceWorker.register("/metrics/_/service_worker/63b0/sw.js").catch((error) => error.name);
  return [refused, frame.getAttribute("src")];
}
"""
ADDRESSES = {
    f"https://sgtm.other.example/g/collect?{HIT}": "/g/collect",
    f"/metrics/ag/g/c?{HIT}": "/g/collect",
    f"https://region1.google-analytics.com/g/collect?{HIT}": "/g/collect",
    f"https://www.google-analytics.com/ga/g/c?{HIT}": "/g/collect",
    f"https://analytics.google.com/g/s/collect?{HIT}&_gsid=1": "/x/analytics.google.com/g/s/collect",
    f"https://stats.g.doubleclick.net/g/collect?{HIT}": "/x/stats.g.doubleclick.net/g/collect",
    f"https://www.google.de/ads/ga-audiences?{HIT}": "/x/www.google.de/ads/ga-audiences",
    f"https://www.google.com/g/collect?{HIT}": "/x/www.google.com/g/collect",
    "/relay.php?v=1&tid=UA-1234567-1&t=pageview": "/x/127.0.0.1/relay.php",
    "https://relay.other.example/ccm?tid=AW-123456789&gtm=45je": "/x/relay.other.example/ccm",
}  # fmt: skip
WAYS = {"text", "url", "request", "beacon", "xhr", "image", "markup"}


def test_a_hit_is_held_or_led_to_the_gateway_by_what_it_says_whatever_its_host_and_way(
    visitor: Visitor,
) -> None:
    page = visitor.open("/plain")
    before = len(visitor.sent)
    assert page.evaluate(EVERY_WAY, [[*ADDRESSES]]) == ["SecurityError", None]
    assert [one.url for one in visitor.sent[before:] if not one.url.startswith("data:")] == []
    visitor.choose("save", "analytics")
    page = visitor.open("/plain")
    before = len(visitor.sent)
    assert page.evaluate(EVERY_WAY, [[*ADDRESSES]]) == ["SecurityError", None]
    page.wait_for_timeout(300)
    found: dict[str, set[str]] = {}
    for one in visitor.sent[before:]:
        parts = urlsplit(one.url)
        found.setdefault(parts.path, set()).add(parts.query.partition("way=")[2])
    assert found == {f"/.privacy/ga{path}": WAYS for path in ADDRESSES.values()}
    visitor.assert_unharmed(page)


PASSING = (
    "/orders?tid=AW-123456",
    "/shop?id=G-SHOCK",
    "/table?v=2&tid=7",
    f"/.privacy/ga/x/a.example/g/collect?{HIT}",
)


def test_what_is_no_hit_or_on_its_way_to_the_gateway_passes(visitor: Visitor) -> None:
    page = visitor.open("/plain")
    before = len(visitor.sent)
    page.evaluate("(all) => Promise.all(all.map((one) => fetch(one)))", list(PASSING))
    assert [one.url for one in visitor.sent[before:]] == [visitor.base + one for one in PASSING]


SAID: list[tuple[str, str]] = [
    ("['event', 'x', {user_id: 1, items: [1], deep: {user_data: 1, a: 1}}]", '["event","x",{"items":[1],"deep":{"a":1}}]'),
    ("['config', 'G-STANDIN1', {cookie_prefix: 'a', groups: 'g', client_id: '1'}]", '["config","G-STANDIN1",{"cookie_prefix":"a","groups":"g"}]'),
    ("['set', 'user_data', {email: 'a'}]", ""),
    ("['set', {user_properties: {a: 1}, currency: 'EUR'}]", '["set",{"currency":"EUR"}]'),
    ("['set', {allow_google_signals: true}]", '["set",{}]'),
    ("['get', 'G-STANDIN1', 'client_id']", '["get","G-STANDIN1","client_id"]'),
    ("{event: 'e', user_id: 1, eventModel: {user_data: 1, value: 2}, 'user_data.email': 3}", '{"event":"e","eventModel":{"value":2}}'),
]  # fmt: skip
PUSHED = "(said) => { dataLayer.push(asked(said)); return JSON.stringify(last(dataLayer)); }"
TOLD = """() => {
window.asked = (said) => Array.isArray(said) ? (function () { return arguments })(...said) : said;
window.plain = (entry) => entry && entry.length ? [...entry] : entry;
window.last = (queue) => plain(queue[queue.length - 1]);
}"""


def test_what_the_page_tells_the_tag_is_without_what_says_who_the_visitor_is(visitor: Visitor) -> None:
    visitor.choose("save", "analytics")
    page = visitor.open("/plain")
    page.evaluate(TOLD)
    for said, kept in SAID:
        page.evaluate("dataLayer.push({mark: 1})")
        found = page.evaluate(f"() => ({PUSHED})({said})")
        assert found == (kept or '{"mark":1}'), said
    assert page.evaluate(
        "() => { const one = {event: 'a'}; dataLayer.push(one); return last(dataLayer) === one }"
    )
    assert page.evaluate("() => { dataLayer.push(['set', 'x', 1]); return Array.isArray(dataLayer.at(-1)) }")


def test_no_command_of_the_page_grants_anything_to_google(visitor: Visitor) -> None:
    visitor.choose("save", "analytics")
    page = visitor.open("/plain")
    page.evaluate(TOLD)
    granted = "ad_storage analytics_storage ad_user_data ad_personalization personalization_storage security_storage"
    states = page.evaluate(
        """(names) => {
          dataLayer.push(asked(["consent", "update", Object.fromEntries(names.split(" ").map((name) => [name, "granted"]))]));
          return last(dataLayer)[2];
        }""",
        granted,
    )
    assert {name for name, state in states.items() if state != "denied"} == {"security_storage"}
    first_said = json.loads(page.evaluate("JSON.stringify([...dataLayer[0]])"))
    assert first_said[:2] == ["consent", "default"] and set(first_said[2].values()) == {"denied"}


def test_a_queue_stays_filtered_however_the_page_treats_it(visitor: Visitor) -> None:
    visitor.choose("save", "analytics")
    page = visitor.open("/plain")
    page.evaluate(TOLD)
    said = page.evaluate(
        """() => {
          window.dataLayer = [{user_id: 1, a: 1}];
          (0, eval)("var dataLayer = window.dataLayer || []; dataLayer.push({user_id: 2, b: 2})");
          const before = dataLayer.push; // as Google's script does
          const seen = [];
          dataLayer.unshift({user_id: 3, c: 3});
          dataLayer.push = (...entries) => { seen.push(...entries); return before.apply(dataLayer, entries); };
          dataLayer.push({user_id: 4, d: 4});
          return JSON.stringify([...dataLayer, ...seen]);
        }"""
    )
    assert "user_id" not in said and all(f'"{name}":' in said for name in "abcd")
    assert page.evaluate("Object.keys(window).includes('dataLayer') && delete window.dataLayer")


def test_before_the_answer_other_code_finds_the_queue_as_the_page_filled_it(visitor: Visitor) -> None:
    page = visitor.open("/plain")
    page.evaluate("window.dataLayer = [{user_id: 1}]; dataLayer.push({user_data: 2})")
    assert page.evaluate("dataLayer") == [{"user_id": 1}, {"user_data": 2}]


def test_no_cookie_and_no_storage_of_googles_is_written_and_all_other_is(visitor: Visitor) -> None:
    page = visitor.open("/plain")
    page.evaluate(
        """async () => {
          for (const name of ["_ga", "_ga_X1", "_gid", "_gat_y", "_gac_z", "_gcl_au", "FPID", "__utma", "_dc_gtm_U", "AMP_TOKEN", "_gallery", "cart"]) {
            document.cookie = name + "=1; path=/";
            await cookieStore.set(name + "", "2");
            await cookieStore.set({name, value: "3"});
          }
          for (const name of ["_gcl_ls", "_ga", "_gallery"]) localStorage.setItem(name, "1"), sessionStorage.setItem(name, "1");
        }"""
    )
    ours = {cookie["name"] for cookie in visitor.context.cookies()}
    assert ours & {"_gallery", "cart"} == {"_gallery", "cart"}
    assert (
        not [
            name
            for name in ours
            if name.startswith(("_ga_", "_gid", "_gat", "_gcl", "FP", "__utm", "_dc", "AMP"))
        ]
        and "_ga" not in ours
    )
    assert page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]") == [
        "_gallery",
        "_gallery",
    ]
    visitor.context.add_cookies([{"name": "_ga", "value": "GA1.1.1.2", "url": visitor.base}])
    assert "_ga=GA1.1.1.2" in page.evaluate("document.cookie")
    page.evaluate("document.cookie = '_ga=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT'")
    assert "_ga=" not in page.evaluate("document.cookie")


CONFIGURED = """() => {
  window["ga-disable-G-OPTEDOUT1"] = true; // the page's own
  dataLayer.push(asked(["config", "G-OPTEDOUT1", {}]), asked(["config", "G-STANDIN1", {user_id: 1, a: 1}]));
  document.createElement("script").src = "/js/gtag.js?id=G-ADDRESSED&l=layer2";
}"""
DISABLED = "Object.keys(window).filter((name) => name.startsWith('ga-disable-')).sort()"


def test_an_answer_in_the_open_page_switches_on_what_was_off_and_filters_what_was_said(
    visitor: Visitor,
) -> None:
    page = visitor.open("/plain")
    page.evaluate(TOLD)
    page.evaluate("window.layer2 = [{user_id: 1}]")
    page.evaluate(CONFIGURED)
    every = [f"ga-disable-{id}" for id in ("G-ADDRESSED", "G-OPTEDOUT1", "G-STANDIN1")]
    assert page.evaluate(DISABLED) == every
    assert page.evaluate("layer2") == [{"user_id": 1}]
    page.locator('[data-privacy=notice] button[value="accept_all"]').click()
    page.wait_for_function("dataLayer[0][0] === 'consent'")
    assert page.evaluate(DISABLED) == ["ga-disable-G-OPTEDOUT1"]
    first, second = page.evaluate("[dataLayer, layer2].map((queue) => queue.map(plain))")
    assert first[0][:2] == second[0][:2] == ["consent", "default"]
    assert first[-1] == ["config", "G-STANDIN1", {"a": 1}] and second[-1] == {}


def test_after_a_withdrawal_the_queue_takes_nothing_more_and_code_that_waits_goes_on(
    visitor: Visitor,
) -> None:
    visitor.choose("save", "analytics")
    page = visitor.open("/plain")
    page.evaluate(TOLD)
    visitor.choose("reject_all")
    visitor.open("/plain")
    before = page.evaluate("window.went = 0, dataLayer.length")
    page.wait_for_timeout(200)
    page.evaluate(
        """() => {
          dataLayer.push(asked(["event", "x", {event_callback: () => went++}]));
          dataLayer.push({event: "y", eventCallback: () => went++});
        }"""
    )
    page.wait_for_function("went === 2")
    assert page.evaluate("dataLayer.length") == before


MAKES_SCRIPTS = """
(addresses) => addresses.map((address) => {
  const script = document.createElement("script");
  script.src = address;
  document.head.append(script);
  return script.getAttribute("src") && new URL(script.src).pathname + new URL(script.src).search;
})
"""
RELAYS = {
    "/metrics/gtag/js?id=G-STANDIN1&l=q": "/.privacy/ga/gtag/js?id=G-STANDIN1&l=q",
    "https://sgtm.other.example/gtag/destination?id=G-STANDIN1": "/.privacy/ga/gtag/destination?id=G-STANDIN1",
    "/plugins/gtg/measurement.php?id=G-STANDIN1&s=/x": "/.privacy/ga/gtag/js?id=G-STANDIN1&s=/x",
}


def test_a_relay_that_code_loads_is_held_or_led_to_the_gateway_like_google_itself(visitor: Visitor) -> None:
    page = visitor.open("/plain")
    own = "/product/gtag.js?id=G-STANDIN1"
    assert page.evaluate(MAKES_SCRIPTS, [*RELAYS, "/gtm.js?id=GTM-STANDIN", own]) == [None] * 4 + [own]
    visitor.choose("save", "analytics")
    page = visitor.open("/plain")
    assert page.evaluate(MAKES_SCRIPTS, [*RELAYS, "/gtm.js?id=GTM-STANDIN"]) == [*RELAYS.values(), None]


def test_what_a_forwarder_to_a_worker_takes_is_there_for_the_tag_too(visitor: Visitor) -> None:
    visitor.choose("save", "analytics")
    page = visitor.open("/plain")
    told = page.evaluate(
        """() => {
          const forwarded = [];
          dataLayer.push = (...entries) => forwarded.push(...entries);
          dataLayer.push({event: "one"}, {event: "two", user_id: "crm-4711"});
          return [forwarded, dataLayer.slice(-2)];
        }"""
    )
    assert told == [[{"event": "one"}, {"event": "two"}]] * 2


SAID_IN_BODIES = """
async (address) => {
  const said = "v=1&_v=j92&t=pageview&tid=UA-1234567-1&cid=1.2";
  const answered = await fetch(address, {method: "POST", mode: "no-cors", body: said});
  const beacon = navigator.sendBeacon(address, new URLSearchParams(said));
  const loaded = await new Promise((done) => {
    const request = new XMLHttpRequest();
    request.onloadend = () => done(request.status);
    request.open("POST", address);
    request.send(said);
  });
  await fetch(address, {method: "POST", mode: "no-cors", body: "v=1&order=5"}).catch(() => {});
  return [answered.status, beacon, loaded];
}
"""


def test_a_hit_that_is_all_in_the_body_goes_to_no_other_host(visitor: Visitor) -> None:
    for purposes in ((), ("analytics",)):
        visitor.choose("save", *purposes)
        page = visitor.open("/plain")
        before = len(visitor.sent)
        assert page.evaluate(SAID_IN_BODIES, "https://relay.other.example/take") == [204, True, 200]
        elsewhere = [one for one in visitor.sent[before:] if one.url.startswith("https://relay")]
        assert [one.post_data for one in elsewhere] == ["v=1&order=5"]
