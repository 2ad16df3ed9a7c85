"""A shared cache in front of the gateway, a real nginx, hands no visitor what another has agreed to."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest

from tests import nginx
from tests.loopback import gateway
from tests.raw_http import Origin, answering, page
from tests.waiting import eventually

# As eager as a cache can be configured: whatever sets cookies is kept as well, but what the site says of
# keeping counts.
# One address, two servers: who says `X-Before` gets the site as it was when no gateway stood in front of it.
HTTP = """proxy_cache_path {{folder}}/cache keys_zone=shared:1m;
map $http_x_before $behind {{ default {gateway}; yes {origin}; }}"""
SERVER = """location / {
  proxy_pass $behind;
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header Connection "";
  proxy_cache shared;
  proxy_cache_key $request_uri;
  proxy_cache_valid any 1h;
  proxy_ignore_headers Set-Cookie;
  proxy_cache_revalidate on;
  proxy_cache_use_stale off;
  add_header X-Cache $upstream_cache_status always;
}"""
CHANGED = b"Tue, 01 Jul 2025 10:00:00 GMT"
VALIDATORS = (b'ETag: "one"', b"Last-Modified: " + CHANGED)
PUBLIC = (b"Cache-Control: public, max-age=3600", *VALIDATORS)
SOON_OLD = (b"Cache-Control: public, max-age=1", *VALIDATORS)
EMBED = b"https://www.youtube.com/embed/abcdefghijk"
FRAME = b'<iframe src="%s"></iframe>' % EMBED
RULES = b'{"prefetch":[{"urls":["%s"]}]}' % EMBED
WORKER = b"importScripts('%s')" % EMBED
ANSWERS = {
    b"/page": page(b"<!doctype html><title>x</title><body>" + FRAME, *PUBLIC),
    b"/kept.html": page(b"<!doctype html><title>x</title><body>" + FRAME, *SOON_OLD),
    b"/kept.css": page(b"a{background:url(%s)}" % EMBED, *SOON_OLD, kind=b"text/css"),
    b"/kept.js": page(WORKER, *SOON_OLD, kind=b"text/javascript"),
    b"/part": page(b"<p>" + FRAME, *PUBLIC),
    b"/style.css": page(b"a{background:url(%s)}" % EMBED, *PUBLIC, kind=b"text/css"),
    b"/worker.js": page(WORKER, *PUBLIC, kind=b"text/javascript"),
    b"/rules.json": page(RULES, *PUBLIC, kind=b"application/speculationrules+json"),
    b"/hint.png": page(b"png", *PUBLIC, b"Link: <%s>; rel=preload; as=image" % EMBED, kind=b"image/png"),
    b"/led": page(b"", *PUBLIC, b"Location: " + EMBED, status=b"302 Found"),
    b"/cookie.png": page(b"png", *PUBLIC, b"Set-Cookie: _fbp=1", kind=b"image/png"),
    b"/own.css": page(b"a{color:red}", *PUBLIC, kind=b"text/css"),
    b"/own.png": page(b"png", *PUBLIC, kind=b"image/png"),
}  # fmt: skip
AS = {
    "/page": "document", "/part": "empty", "/style.css": "style", "/worker.js": "worker", "/rules.json": "",
    "/hint.png": "image", "/led": "document", "/cookie.png": "image",
}  # fmt: skip
# What is seen of each by a visitor who has agreed to everything, and by nobody else.
GRANTED = {
    "/page": f'<iframe src="{EMBED.decode()}"', "/part": f'<iframe src="{EMBED.decode()}"', "/style.css": EMBED.decode(),
    "/worker.js": EMBED.decode(), "/rules.json": EMBED.decode(), "/hint.png": EMBED.decode(), "/cookie.png": "_fbp=1",
}  # fmt: skip
KEPT = {"/kept.html": "document", "/kept.css": "style", "/kept.js": "worker"}
# What a browser says of what it has in its own cache.
HAS = ({"If_None_Match": '"one"'}, {"If_Modified_Since": CHANGED.decode()})
SHARED = {"/own.css": "style", "/own.png": "image"}


@dataclass
class Visitor:
    """A browser that keeps cookies and nothing else."""

    base: str
    jar: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, destination: str, **fields: str) -> tuple[http.client.HTTPResponse, str]:
        """The answer, and all of it as one text."""
        connection = http.client.HTTPConnection(self.base.removeprefix("http://"), timeout=15)
        named = {name.replace("_", "-"): value for name, value in fields.items()}
        named |= {"Sec-Fetch-Dest": destination} if destination else {}
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        connection.request("GET", path, headers=named | ({"Cookie": cookies} if cookies else {}))
        response = connection.getresponse()
        text = str(response.headers) + response.read().decode()
        connection.close()
        return response, text

    def decide(self, decision: str) -> None:
        connection = http.client.HTTPConnection(self.base.removeprefix("http://"), timeout=15)
        kind = "application/x-www-form-urlencoded"
        fields = {"Content-Type": kind, "Origin": self.base, "Cookie": "; ".join(f"{k}={v}" for k, v in self.jar.items())}  # fmt: skip
        connection.request("POST", "/.privacy/choice", urlencode({"decision": decision}), fields)
        response = connection.getresponse()
        response.read()
        assert response.status == 303
        for value in response.headers.get_all("Set-Cookie", []):
            name, _, rest = value.partition("=")
            self.jar[name] = rest.partition(";")[0]
        connection.close()


@pytest.fixture(scope="module")
def origin() -> Iterator[Origin]:
    with answering(lambda path: ANSWERS[path], conditional=True) as one:
        yield one


@pytest.fixture(scope="module")
def direct(origin: Origin, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with gateway(origin.address, tmp_path_factory.mktemp("state")) as base:
        yield base


@pytest.fixture(scope="module")
def cache(origin: Origin, direct: str) -> Iterator[str]:
    with nginx.serving(SERVER, http=HTTP.format(gateway=direct, origin=origin.address)) as front:
        yield front


@pytest.mark.parametrize(("path", "marker"), GRANTED.items())
def test_whoever_comes_after_one_who_has_agreed_gets_nothing_of_it(
    cache: str, path: str, marker: str
) -> None:
    """HTTP-08"""
    agreed, fresh = Visitor(cache), Visitor(cache)
    agreed.decide("accept_all")
    for _ in range(2):
        response, text = agreed.ask(path, AS[path])
        assert response.getheader("x-cache") == "MISS" and marker in text
    response, text = fresh.ask(path, AS[path])
    assert response.getheader("x-cache") == "MISS" and marker not in text


@pytest.mark.parametrize(("path", "marker"), GRANTED.items())
def test_whoever_agrees_after_one_who_has_not_gets_what_was_agreed_to(
    cache: str, path: str, marker: str
) -> None:
    """HTTP-08"""
    fresh, agreed = Visitor(cache), Visitor(cache)
    agreed.decide("accept_all")
    response, text = fresh.ask(path, AS[path])
    assert response.getheader("x-cache") == "MISS" and marker not in text
    assert marker in agreed.ask(path, AS[path])[1]


def test_a_redirect_that_was_the_visitors_own_is_not_given_to_a_part_of_a_page(cache: str) -> None:
    """HTTP-02, HTTP-08: whoever clicks is led away, a frame is not."""
    for visitor in (Visitor(cache), Visitor(cache)):
        assert visitor.ask("/led", "document")[0].status == 302
        assert visitor.ask("/led", "iframe")[0].status == 204


@pytest.mark.parametrize("path", SHARED)
def test_what_everybody_gets_alike_comes_out_of_the_cache(cache: str, origin: Origin, path: str) -> None:
    """HTTP-13"""
    agreed, fresh = Visitor(cache), Visitor(cache)
    agreed.decide("accept_all")
    first = agreed.ask(path, SHARED[path])
    before = len(origin.heads)
    second = fresh.ask(path, SHARED[path])
    assert second[0].getheader("x-cache") == "HIT" and len(origin.heads) == before
    assert (
        first[1].split("\n\n")[-1] == second[1].split("\n\n")[-1] and second[0].getheader("etag") == '"one"'
    )


@pytest.mark.parametrize("path", ["/page", "/part", "/style.css", "/worker.js", "/rules.json"])
def test_after_a_withdrawal_the_cache_brings_nothing_of_before(cache: str, path: str) -> None:
    """HTTP-06, HTTP-07: there is no validator to ask by either."""
    visitor = Visitor(cache)
    visitor.decide("accept_all")
    response, granted = visitor.ask(path, AS[path])
    assert response.getheader("etag") is None and response.getheader("last-modified") is None
    visitor.decide("reject_all")
    response, refused = visitor.ask(path, AS[path])
    assert response.status == 200 and refused.split("\n\n")[-1] != granted.split("\n\n")[-1]
    assert f'src="{EMBED.decode()}' not in refused
    assert EMBED.decode() in granted


@pytest.mark.parametrize("has", HAS, ids=lambda has: next(iter(has)))
@pytest.mark.parametrize("path", ["/page", "/style.css", "/worker.js"])
def test_after_a_withdrawal_no_validator_of_before_brings_the_old_variant(
    direct: str, path: str, has: dict[str, str]
) -> None:
    """HTTP-07: a browser that has the site's own bytes gets new ones, although the site would say it need not."""
    visitor = Visitor(direct)
    assert visitor.ask("/own.png", "image", **has)[0].status == 304
    visitor.decide("accept_all")
    response, granted = visitor.ask(path, AS[path], **has)
    assert response.status == 200 and EMBED.decode() in granted
    visitor.decide("reject_all")
    response, refused = visitor.ask(path, AS[path], **has)
    assert response.status == 200 and refused.split("\n\n")[-1] != granted.split("\n\n")[-1]
    assert f'src="{EMBED.decode()}' not in refused


@pytest.mark.parametrize("path", KEPT)
def test_what_a_cache_kept_from_before_there_was_a_gateway_is_not_found_to_be_still_good(
    cache: str, origin: Origin, path: str
) -> None:
    """HTTP-07: it asks by the validators of the site's own bytes."""
    visitor = Visitor(cache)
    before = visitor.ask(path, KEPT[path], X_Before="yes")[1]
    assert EMBED.decode() in before
    assert visitor.ask(path, KEPT[path], X_Before="yes")[0].getheader("x-cache") == "HIT"
    anew: list[tuple[http.client.HTTPResponse, str]] = []

    def grown_old() -> bool:
        anew.append(visitor.ask(path, KEPT[path]))
        return anew[-1][0].getheader("x-cache") != "HIT"

    eventually(grown_old)
    response, text = anew[-1]
    assert response.status == 200 and response.getheader("x-cache") == "EXPIRED"
    assert text.split("\n\n")[-1] != before.split("\n\n")[-1] and f'src="{EMBED.decode()}' not in text
    assert b"if-none-match" not in origin.heads[-1].lower()


@pytest.mark.parametrize(
    "name", ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL", "X-Rewrite-URL", "Forwarded"]
)
def test_no_header_that_a_cache_does_not_look_at_changes_a_page(cache: str, name: str) -> None:
    """SEC-06"""
    plain = Visitor(cache).ask("/page", "document")[1]
    poisoned = Visitor(cache).ask("/page", "document", **{name.replace("-", "_"): "evil.example"})[1]
    assert poisoned.split("\n\n")[-1] == plain.split("\n\n")[-1] and "evil.example" not in poisoned
