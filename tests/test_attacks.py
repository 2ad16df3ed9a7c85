"""What attackers try, at the core: nothing of theirs becomes a header, a template, an address or somebody else's page."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote

import click
import pytest

from consent_gateway.commands import main
from consent_gateway.forwarding import TOLD_BY_PROXIES
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers, Request
from consent_gateway.seen import Seen
from tests.asking import CHROME, Asking, consented
from tests.conftest import MakeGateway

PAGE = "<!doctype html><html lang=en><title>x</title><body><p>text</p></body></html>"
BREAKS = ("a\r\nX-Injected: 1", "a\nX-Injected: 1", "a\rX-Injected: 1", "/a%0d%0aX-Injected: 1", "a\0b", "/\u560a\u560dX-Injected: 1")  # fmt: skip
FORMS = {
    "/.privacy/choice": ("decision", "purpose", "service", "asked", "layer", "return", "language", "in_page"),
    "/.privacy/activate": ("service", "instance", "remember", "undo", "loaded", "return", "language"),
    "/.privacy/rights": ("action", "token", "confirm", "layer", "purpose", "language"),
    "/.privacy/request": ("kind", "reply_to", "message", "language"),
}
RIGHT: dict[str, dict[str, list[str]]] = {
    "/.privacy/choice": {"decision": ["reject_all"]},
    "/.privacy/activate": {"service": ["zoom"], "instance": ["1"]},
    "/.privacy/rights": {"action": ["revoke"]},
    "/.privacy/request": {"kind": ["access"], "reply_to": ["ada@example.org"], "message": ["x"]},
}


@pytest.mark.parametrize("path", FORMS)
def test_no_value_of_a_visitor_becomes_a_header(fresh: Asking, path: str) -> None:
    """SEC-03"""
    for field in FORMS[path]:
        for value in BREAKS:
            response = fresh.post(path, RIGHT[path] | {field: [value]}).response
            for name, said in response.headers:
                assert not re.search(r"[\r\n\0\u560a\u560d]", name + said)
                assert name.lower() != "x-injected"


def test_a_page_in_a_frame_has_no_notice_to_click_on(fresh: Asking) -> None:
    """SEC-07"""
    for frame in ("iframe", "frame", "embed", "object"):
        assert b'data-privacy="notice"' not in fresh.page(PAGE, Sec_Fetch_Dest=frame).body
    assert b'data-privacy="notice"' in fresh.page(PAGE).body


def test_what_a_page_says_is_never_a_template(fresh: Asking) -> None:
    written = "{{ 7 * 191 }}{% for x in y %}{{ x }}{% endfor %}{# gone #}${7*191}<%= 7*191 %>"
    body = fresh.page(PAGE.replace("text", written).replace("<title>x", f"<title>{written}")).body.decode()
    assert body.count(written) == 2 and "1337" not in body
    sent = fresh.post("/.privacy/request", {"kind": ["x"], "reply_to": [written], "message": [written]})
    assert b"{{ 7 * 191 }}" in sent.response.body and b"1337" not in sent.response.body


HOSTILE = (
    "//evil.example/", "http://evil.example/", "@evil.example/", "..//evil.example", "/../../evil.example", "\\\\evil.example",
    ":80@evil.example", "?id=G-TEST123&id=//evil.example", "?host=evil.example", "?server_container_url=https://evil.example",
    "?transport_url=https://evil.example", "?first_party_collection=1&_dbg=1", "?dl=http://169.254.169.254/latest/meta-data",
    "?l=//evil.example", "?cx=%0d%0aHost:%20evil.example", "?id=G-TEST123%0d%0aX:%201", "#@evil.example", ";@evil.example",
    "?id=G-TEST123@evil.example", "?url=file:///etc/passwd", "?gtm=http://127.0.0.1:22", "?gcs=http://[::1]/", "%2f%2fevil.example",
)  # fmt: skip
STEERING = (
    {"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-Port": "22"}, {"X-Forwarded-Proto": "gopher"},
    {"Forwarded": "host=evil.example"}, {"X-Original-URL": "http://evil.example/"}, {"Origin": "http://evil.example"},
)  # fmt: skip


def test_thirty_hostile_addresses_lead_to_one_destination(make_gateway: MakeGateway, now: datetime) -> None:
    """SEC-04"""
    gateway = make_gateway(seen=Seen(properties=frozenset(("G-TEST123",))))
    cookie = consented(gateway, now, purpose=["analytics"])
    sent = 0
    cases: list[tuple[str, dict[str, str]]] = [(hostile, {}) for hostile in HOSTILE]
    cases += [("", headers) for headers in STEERING]
    assert len(cases) == 30
    for hostile, headers in cases:
        parameters = f"&{hostile[1:]}" if hostile.startswith("?") else ""
        path = "" if hostile.startswith("?") else quote(hostile, safe="/@:;%\\")
        for target in (
            f"/.privacy/ga/gtag/js{path}?id=G-TEST123{parameters}",
            f"/.privacy/ga/g/collect{path}?v=2&tid=G-TEST123&cid=1.2&en=page_view&dl=https%3A%2F%2Fwww.example.com%2F{parameters}",
            f"/.privacy/ga{path}/g/collect?v=2&tid=G-TEST123&cid=1.2&en=page_view{parameters}",
        ):
            asking = Asking(gateway, now, cookie=cookie)
            reply = asking.reply("GET", target, **({"User-Agent": CHROME} | headers))
            if reply.script:
                assert re.fullmatch(r"https://www\.googletagmanager\.com/gtag/js\?[\w=&.-]*", reply.script)
            if reply.outbound:
                assert reply.outbound.url.startswith("https://region1.google-analytics.com/g/collect?")
                told = f"{reply.outbound.url} {reply.outbound.headers} {reply.outbound.body!r}"
                assert "evil" not in told and "169.254" not in told
            sent += bool(reply.script) + bool(reply.outbound)
    assert sent > 30


def test_no_header_that_no_cache_knows_changes_an_answer(gateway: Gateway, now: datetime) -> None:
    """SEC-06"""
    plain = Asking(gateway, now)
    paths = (
        "/.privacy/preferences",
        "/.privacy/policy",
        "/.privacy/your-data",
        "/.privacy/request",
        "/.privacy/none",
    )
    pages = [plain.reply("GET", path).response for path in paths]
    page = plain.page(PAGE)
    for name in (*TOLD_BY_PROXIES, "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override", "X-Host"):
        telling = Asking(gateway, now, signals={name: "evil.example"})
        assert [telling.reply("GET", path).response for path in paths] == pages, name
        assert telling.page(PAGE) == page, name


@pytest.mark.parametrize(
    "name", ["x.css", ".css", "%2ex.js", ";x.css", "/../static/x.css", "%0ax.css", "?x.css"]
)
def test_a_page_of_ours_under_a_static_name_is_none(fresh: Asking, name: str) -> None:
    """SEC-06"""
    response = fresh.reply("GET", f"/.privacy/your-data/{name}").response
    assert response.status == 404 and "no-store" in response.headers.get("cache-control")


def test_no_command_takes_a_secret_as_an_argument() -> None:
    """Whoever may list processes reads arguments: secrets come from files and from the environment."""
    taken = []
    commands: list[click.Command] = [main]
    for command in commands:
        if isinstance(command, click.Group):
            context = click.Context(command)
            found = (command.get_command(context, name) for name in command.list_commands(context))
            commands.extend(one for one in found if one)
        for one in command.params:
            words = {word for option in one.opts for word in re.split(r"[-_]", option)}
            secret = words & {"key", "password", "secret", "token", "salt", "credentials"}
            if secret and not isinstance(one.type, click.Path) and not getattr(one, "is_flag", False):
                taken.append((command.name, one.opts))
    assert len(commands) > 20 and taken == []


def test_an_answer_to_a_foreign_name_says_nothing_of_it(make_gateway: MakeGateway, now: datetime) -> None:
    gateway = make_gateway('[site]\nhosts = ["www.example.com"]\n')
    for host in (
        "evil.example",
        "www.example.com.evil.example",
        "www.example.com@evil.example",
        "evil.example:80",
        "",
    ):
        request = Request(method="GET", scheme="https", host=host, target="/", headers=Headers())
        reply = gateway.answer(request, now)
        assert reply is not None and reply.response.status in (400, 421)
        assert b"evil.example" not in reply.response.body
